/** The request for a version: each input in its field, and no field that was not asked for. */

import { describe, expect, test } from '@jest/globals'
import type { Reference } from '../../../src/inputs/references.ts'
import { versionRequest } from '../../../src/deploy/request.ts'
import type { UploadedCode } from '../../../src/deploy/code.ts'
import type {
  CreateVersionRequest,
  VersionCode,
} from '../../../src/yandex/functions/version-request.ts'
import { PACKED } from '../../support/facts.ts'
import { EVERY_INPUT, inputsOf } from '../../support/inputs.ts'
import { roundTrip } from '../../support/sdk.ts'

const SECRET = { id: 'e6q1', versionId: 'e6q2', key: 'password', environmentVariable: 'PASSWORD' }
const idOf = (reference: Reference): string =>
  reference.kind === 'id' ? reference.id : `id of ${reference.name}`

function requestOf(
  given: Readonly<Record<string, string>>,
  code: UploadedCode = { kind: 'inline', packed: PACKED },
): CreateVersionRequest {
  const { settings } = inputsOf(given)
  const secrets = settings.environment.secrets.length > 0 ? [SECRET] : []
  return versionRequest({ functionId: 'd4e1', settings, names: { idOf, secrets }, code })
}

const BARE = {
  functionId: 'd4e1',
  runtime: 'nodejs22',
  entrypoint: 'index.handler',
  description: 'octo-org/hello@0123456, run 42',
  resources: { memory: '134217728' },
  executionTimeout: '5s',
  content: 'UEs=',
}

describe('a step', () => {
  test('with the required inputs alone sends these fields and no other', () => {
    expect(requestOf({})).toStrictEqual(BARE)
    expect(Object.keys(requestOf({})).sort()).toEqual(Object.keys(BARE).sort())
  })

  test('with every input sends every field', () => {
    const request = requestOf(EVERY_INPUT)
    expect(request).toStrictEqual({
      functionId: 'd4e1',
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      description: 'mine',
      resources: { memory: '2147483648' },
      executionTimeout: '90s',
      content: 'UEs=',
      environment: { LEVEL: 'info', GREETING: 'Hello,\n  world' },
      secrets: [SECRET],
      serviceAccountId: 'aje1',
      namedServiceAccounts: { reports: 'aje2' },
      connectivity: { networkId: 'id of default' },
      tag: ['stable', 'v1'],
      concurrency: '4',
      tmpfsSize: '536870912',
      mounts: [
        { name: 'data', mode: 'READ_ONLY', objectStorage: { bucketId: 'bbb', prefix: 'p/q' } },
        { name: 'out', mode: 'READ_WRITE', objectStorage: { bucketId: 'ccc' } },
        {
          name: 'tmp',
          mode: 'READ_WRITE',
          ephemeralDiskSpec: { size: '10737418240', blockSize: '4096' },
        },
      ],
      logOptions: { disabled: true, logGroupId: 'e23', minLevel: 'WARN' },
      asyncInvocationConfig: {
        retriesCount: '7',
        serviceAccountId: 'aje3',
        successTarget: { ymqTarget: { queueArn: 'yrn:s', serviceAccountId: 'aje4' } },
        failureTarget: { ymqTarget: { queueArn: 'yrn:f', serviceAccountId: 'id of writer' } },
      },
      metadataOptions: { gceHttpEndpoint: 'ENABLED', awsV1HttpEndpoint: 'DISABLED' },
    })
    expect(roundTrip(request)).toEqual(request)
  })
})

describe('the code', () => {
  test.each<[string, UploadedCode, VersionCode]>([
    ['a package in the request', { kind: 'inline', packed: PACKED }, { content: 'UEs=' }],
    [
      'an object in a bucket',
      { kind: 'bucket', bucket: 'b', key: 'k', sha256: 'ab', outcome: 'present' },
      { package: { bucketName: 'b', objectName: 'k', sha256: 'ab' } },
    ],
    [
      'that of a version',
      { kind: 'version', versionId: 'd4e0', sha256: undefined },
      { versionId: 'd4e0' },
    ],
  ])('is sent in one field only: %s', (_, code, sent) => {
    const { content, ...rest } = BARE
    expect(content).toBe('UEs=')
    expect(requestOf({}, code)).toStrictEqual({ ...rest, ...sent })
  })
})

describe('a field', () => {
  test.each<[string, Record<string, string>, Partial<CreateVersionRequest>]>([
    ['of a log folder', { 'logs-folder-id': 'b1g2' }, { logOptions: { folderId: 'b1g2' } }],
    ['of logs that stay on', { 'logs-disabled': 'false' }, {}],
    [
      'of metadata for one protocol',
      { 'metadata-gce': 'false' },
      { metadataOptions: { gceHttpEndpoint: 'DISABLED' } },
    ],
    ['of a concurrency of none', { concurrency: '0' }, { concurrency: '0' }],
    ['of a tmpfs of none', { 'tmpfs-size': '0' }, { tmpfsSize: '0' }],
    ['of an account by name', { 'service-account-name': 'r' }, { serviceAccountId: 'id of r' }],
    ['of a network by id', { 'network-id': 'enp1' }, { connectivity: { networkId: 'enp1' } }],
    [
      'of a disk alone',
      { 'ephemeral-disk': 'd:1GB' },
      { mounts: [{ name: 'd', mode: 'READ_WRITE', ephemeralDiskSpec: { size: '1073741824' } }] },
    ],
    [
      'of calls without targets and account',
      { async: 'true' },
      {
        asyncInvocationConfig: {
          retriesCount: '3',
          successTarget: { emptyTarget: {} },
          failureTarget: { emptyTarget: {} },
        },
      },
    ],
    [
      'of calls made by the account of the function',
      { async: 'true', 'service-account': 'aje1' },
      {
        serviceAccountId: 'aje1',
        asyncInvocationConfig: {
          retriesCount: '3',
          successTarget: { emptyTarget: {} },
          failureTarget: { emptyTarget: {} },
          serviceAccountId: 'aje1',
        },
      },
    ],
    ['of calls that are off', { 'async-sa-id': 'aje1', 'async-retries-count': '9' }, {}],
    ['of an environment that is empty', { environment: '# none' }, {}],
    ['of an empty value', { environment: 'A=' }, { environment: { A: '' } }],
  ])('%s is sent only as far as it was given', (_, given, fields) => {
    expect(requestOf(given)).toStrictEqual({ ...BARE, ...fields })
  })
})
