/** What to do about the refusals that users meet. */

import { describe, expect, test } from '@jest/globals'
import type { ServiceId } from '../../../src/yandex/http/endpoints.ts'
import type { GrpcCode } from '../../../src/yandex/http/grpc.ts'
import { hintFor, hintForLog, type Refusal } from '../../../src/report/advice.ts'

const refused = (httpStatus: number, grpcCode: GrpcCode | undefined, text: string): Refusal => ({
  httpStatus,
  grpcCode,
  text,
})
const denied = (service: ServiceId): Refusal => ({
  ...refused(403, 'PERMISSION_DENIED', 'Permission denied'),
  service,
})
const stored = (httpStatus: number, storageCode: string): Refusal => ({
  httpStatus,
  grpcCode: undefined,
  storageCode,
  text: '',
})
const failed = (text: string, grpcCode: GrpcCode = 'INTERNAL'): Refusal => ({
  httpStatus: undefined,
  grpcCode,
  text,
})

test.each<[string, Refusal, string]>([
  [
    'a service account that the deployer may not use',
    refused(400, 'INVALID_ARGUMENT', 'Service account aje1 is not available'),
    'iam.serviceAccounts.user',
  ],
  [
    'a folder by name',
    refused(404, 'NOT_FOUND', 'Folder with id prod not found'),
    'looks like b1g…',
  ],
  ['a bucket that is not there', stored(404, 'NoSuchBucket'), 'no bucket of that name'],
  ['a bucket without access', stored(403, 'AccessDenied'), 'storage.uploader'],
  ['an old token at Object Storage', stored(400, 'ExpiredToken'), '`yc-iam-token`'],
  ['a bad token at Object Storage', stored(400, 'InvalidToken'), '`yc-iam-token`'],
  ['a full bucket', stored(400, 'BucketMaxSizeExceeded'), 'no room for the package'],
  ['a full cloud', stored(400, 'CloudTotalAliveSizeQuotaExceed'), 'no room for the package'],
  ['a large object', stored(400, 'EntityTooLarge'), 'no room for the package'],
  ['HTTP 413', refused(413, undefined, 'no text in the body'), 'set `bucket`'],
  [
    'a large message',
    refused(429, 'RESOURCE_EXHAUSTED', 'received message larger than max (5 vs. 4)'),
    'set `bucket`',
  ],
  [
    'a large archive',
    refused(400, 'INVALID_ARGUMENT', 'zip archive content exceeds the maximum size 3.5 MB'),
    'set `bucket`',
  ],
  [
    'a damaged zip',
    refused(400, 'INVALID_ARGUMENT', 'Source archive is not a valid ZIP'),
    'damaged or empty',
  ],
  [
    'a damaged zip, in Russian',
    failed('Исходный архив не является валидным ZIP архивом'),
    'damaged or empty',
  ],
  ['a bad token', refused(401, 'UNAUTHENTICATED', 'The token is invalid'), 'starts with `t1.`'],
  ['HTTP 401 without a code', refused(401, undefined, ''), 'starts with `t1.`'],
  [
    'a package that may not be read',
    {
      ...refused(403, 'PERMISSION_DENIED', 'no access to bucket b'),
      service: 'serverless-functions',
    },
    '`storage.viewer`',
  ],
  [
    'a package that is not found',
    refused(400, 'INVALID_ARGUMENT', 'Object a.zip in bucket b not found'),
    '`storage.viewer`',
  ],
  ['a package, in Russian', failed('Нет доступа к бакету'), '`storage.viewer`'],
  [
    'a log group',
    refused(400, 'INVALID_ARGUMENT', 'log_options.log_group_id: not found'),
    'in the folder of the function',
  ],
  ['no right', refused(403, 'PERMISSION_DENIED', 'Permission denied'), '`functions.editor`'],
  ['no right at Lockbox', denied('lockbox'), '`lockbox.viewer` on the secret'],
  ['no right at IAM', denied('iam'), '`iam.serviceAccounts.user` on the folder'],
  ['no right at VPC', denied('vpc'), '`vpc.user` on the folder'],
  ['no right at another service', denied('serverless-functions'), '`functions.editor`'],
  ['HTTP 403 without a code', refused(403, undefined, ''), '`functions.editor`'],
  [
    'operations at once',
    refused(429, 'RESOURCE_EXHAUSTED', 'Quota limit serverless.concurrentFolderOperations'),
    'max-parallel',
  ],
  [
    'operations at once, in Russian',
    refused(429, 'RESOURCE_EXHAUSTED', 'Слишком много операций'),
    'max-parallel',
  ],
  ['tags', refused(429, 'RESOURCE_EXHAUSTED', 'Too many tags of a function'), 'room for 10 tags'],
  [
    'tags, in Russian',
    refused(429, 'RESOURCE_EXHAUSTED', 'Превышено число тегов'),
    'room for 10 tags',
  ],
  [
    'functions',
    refused(429, 'RESOURCE_EXHAUSTED', 'The limit serverless.functions.count is exceeded'),
    'serverless.functions.count',
  ],
  [
    'functions, in Russian',
    refused(429, 'RESOURCE_EXHAUSTED', 'Превышено число функций'),
    'serverless.functions.count',
  ],
  ['the memory of the builder', failed('JavaScript heap out of memory'), '5 minutes'],
  ['a process that was killed', failed('npm ERR! signal SIGKILL'), '1 GB of memory'],
  ['the time of the builder', failed('build timed out', 'DEADLINE_EXCEEDED'), '5 minutes'],
  ['a secret', refused(400, 'INVALID_ARGUMENT', 'Secret e6q has no key'), 'lockbox.payloadViewer'],
  ['a secret, in Russian', failed('Нет доступа к секрету'), 'lockbox.payloadViewer'],
  [
    'memory',
    refused(400, 'INVALID_ARGUMENT', 'resources.memory: must be a multiple'),
    'multiple of 128 MiB',
  ],
  [
    'memory, in Russian',
    refused(400, 'INVALID_ARGUMENT', 'Неверный объём памяти'),
    'multiple of 128 MiB',
  ],
  [
    'npm',
    failed('npm ci can only install with an existing package-lock.json'),
    'package-lock.json beside it must match',
  ],
  ['a Go module', failed('go.mod: module is named main'), 'go.mod'],
  ['a Go handler', failed('undefined: main.Handle'), 'go.mod'],
  ['an entrypoint', failed('Entry point index.handler not found'), '`source-root`'],
  ['an entrypoint, in Russian', failed('Не найдена точка входа'), '`source-root`'],
  ['the environment', refused(400, 'INVALID_ARGUMENT', 'environment is too big'), '4 KB'],
  [
    'the environment, in Russian',
    refused(400, 'INVALID_ARGUMENT', 'переменные слишком велики'),
    '4 KB',
  ],
])('%s has its advice', (_, refusal, advice) => {
  expect(hintFor(refusal)).toContain(advice)
})

test.each([
  ['anything else', refused(400, 'INVALID_ARGUMENT', 'odd')],
  ['an object of a language', failed("'NoneType' object is not callable")],
  ['another 404', refused(404, 'NOT_FOUND', 'Function not found')],
  ['a 404 of a service', { ...refused(404, 'NOT_FOUND', 'Not found'), service: 'vpc' as const }],
])('%s is left to the advice of its code', (_, refusal) => {
  expect(hintFor(refusal)).toBeUndefined()
})

describe('a text of 300 kB', () => {
  test.each([
    'service account ',
    'folder ',
    'larger than ',
    'valid ',
    'module ',
    'module main',
    'undefined: ',
    'go.mo',
    'точк',
    'точкииии ',
    'entry',
    'timed ',
    'log_',
    'package-',
    'a',
    ' ',
    '\n',
  ])('made of %j is read in a moment', (piece) => {
    const text = piece.repeat(Math.ceil(300_000 / piece.length))
    const startedAt = performance.now()
    hintFor(refused(400, 'INVALID_ARGUMENT', text))
    hintFor(refused(429, 'RESOURCE_EXHAUSTED', text))
    hintFor(failed(text))
    hintForLog(text)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

describe('codes come before words', () => {
  test('when no right is lacking on a secret', () => {
    expect(hintFor(refused(403, 'PERMISSION_DENIED', 'no access to the secret'))).toContain(
      '`functions.editor`',
    )
  })

  test('when an answer out of time is no build', () => {
    expect(hintFor(refused(400, 'INVALID_ARGUMENT', 'deadline'))).toBeUndefined()
  })
})
