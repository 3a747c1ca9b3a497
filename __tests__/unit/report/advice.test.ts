/** What to do about the refusals that users meet. */

import { describe, expect, test } from '@jest/globals'
import { DeployError, ERRORS } from '../../../src/errors.ts'
import { advise } from '../../../src/report/advice.ts'
import { adviseOnRefusal, hintForLog } from '../../../src/report/refusals.ts'
import { ApiError, type RefusalFacts } from '../../../src/yandex/http/api-error.ts'
import type { GrpcCode } from '../../../src/yandex/http/grpc.ts'
import { quotaKindOf } from '../../../src/yandex/http/quota.ts'
import type { ServiceId } from '../../../src/yandex/http/services.ts'
import { BUILD, OperationError, readOperation } from '../../../src/yandex/functions/operation.ts'
import { answer, refusal } from '../../support/fakes.ts'

const hintFor = (facts: RefusalFacts): string | undefined => adviseOnRefusal(facts)?.hint

const refused = (
  httpStatus: number,
  grpcCode: GrpcCode | undefined,
  text: string,
): RefusalFacts => ({ httpStatus, grpcCode, text, quota: quotaKindOf({ grpcCode, text }) })
const denied = (service: ServiceId): RefusalFacts => ({
  ...refused(403, 'PERMISSION_DENIED', 'Permission denied'),
  service,
})
const stored = (httpStatus: number, storageCode: string): RefusalFacts => ({
  ...refused(httpStatus, undefined, ''),
  storageCode,
})
const failed = (text: string, grpcCode: GrpcCode = 'INTERNAL'): RefusalFacts => ({
  ...refused(0, grpcCode, text),
  httpStatus: undefined,
})

test.each<[string, RefusalFacts, string]>([
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
  [
    'a bucket elsewhere',
    { ...refused(307, undefined, ''), service: 'storage' },
    'at another address',
  ],
  [
    'a function that is hidden',
    refused(409, 'ALREADY_EXISTS', 'Function with name f already exists'),
    'cannot see',
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
  ['tags', refused(429, 'RESOURCE_EXHAUSTED', 'Too many tags of a function'), 'at most 10 tags'],
  [
    'tags, in Russian',
    refused(429, 'RESOURCE_EXHAUSTED', 'Превышено число тегов'),
    'at most 10 tags',
  ],
  [
    'functions',
    refused(429, 'RESOURCE_EXHAUSTED', 'The limit serverless.functions.count is exceeded'),
    'serverless.functions.count',
  ],
  [
    'provisioned instances',
    refused(429, 'RESOURCE_EXHAUSTED', 'Too many provisioned instances of the function'),
    'lower `provisioned-instances`',
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

test('a text is searched near its beginning only', () => {
  expect(hintFor(failed(`${' '.repeat(9_900)}npm ci`))).toBeDefined()
  expect(hintFor(failed(`${' '.repeat(10_000)}npm ci`))).toBeUndefined()
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

describe('the advice on an error', () => {
  const denied = new ApiError(refusal(7, 'no'), { what: 'x', service: 'lockbox' })
  const build = new OperationError(
    readOperation({ id: 'op1', error: { code: 13, message: 'npm ci failed' } }) as never,
    { what: 'the build' },
  )
  const failedOperation = (what: string): OperationError =>
    new OperationError(readOperation({ id: 'op1', error: { code: 13, message: 'odd' } }) as never, {
      what,
    })
  const refusedKey = new ApiError(answer(400), {
    what: 'x',
    code: 'AUTH_FAILED',
    topic: 'key-refused',
  })

  test('is its own hint, beside the topic of the case that it is', () => {
    expect(advise(denied.with({ hint: 'own' }))).toEqual({
      hint: 'own',
      topic: 'permission-denied',
    })
  })

  test('is none where the message says what to do', () => {
    expect(advise(denied.with({ hint: '' })).hint).toBe('')
  })

  test.each<[string, DeployError, string]>([
    ['a refusal', denied, 'permission-denied'],
    ['an operation', build, 'npm-ci'],
    ['a case that the client knows', refusedKey, 'key-refused'],
  ])('that wraps %s is that of the wrapped one', (_, error, topic) => {
    const advice = advise(error)
    expect(advice.topic).toBe(topic)
    expect(advise(error.with({ message: 'again' }).with({ message: 'and again' }))).toEqual(advice)
    expect(advise(new DeployError('API_REJECTED', 'x', { cause: error }))).toEqual(advice)
  })

  test('for a failed build is to read its log, also when it is told with that', () => {
    const error = failedOperation(BUILD)
    expect(advise(error).hint).toContain('the full build log is in the list of operations')
    const told = error.with({ evidence: { kind: 'build log', text: 'odd' } })
    expect(advise(told)).toEqual(advise(error))
  })

  test.each([
    'the deletion of the function d4e1',
    'the change of the tag stable',
    'the change of the access bindings',
  ])('for %s that failed speaks of no log, since there is none', (what) => {
    const { hint } = advise(failedOperation(what))
    expect(hint).toContain('the operation is in the list of operations')
    expect(hint).not.toMatch(/log|build/)
  })

  test('that makes an input wrong is not that of the cloud', () => {
    const { hint, topic } = advise(new DeployError('INPUT_INVALID', 'x', { cause: denied }))
    expect([hint, topic]).toEqual([ERRORS.INPUT_INVALID.hint, undefined])
  })

  test.each(['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN'])(
    'names the variable for %s',
    (code) => {
      const cause = Object.assign(new Error('no'), { code })
      const error = new DeployError('API_UNREACHABLE', 'x', { cause })
      expect(advise(error).hint).toContain('NODE_EXTRA_CA_CERTS')
    },
  )

  test('names the variable of a proxy that refuses', () => {
    const cause = new Error('Proxy response (407) !== 200 when HTTP Tunneling')
    expect(advise(new DeployError('API_UNREACHABLE', 'x', { cause })).hint).toContain('https_proxy')
  })

  test.each(['API_REJECTED', 'API_UNREACHABLE', 'OPERATION_TIMEOUT', 'AUTH_FAILED'] as const)(
    'of the code %s without a known case is that of its code',
    (code) => {
      expect(advise(new DeployError(code, 'x'))).toEqual({
        hint: ERRORS[code].hint,
        topic: undefined,
      })
    },
  )
})
