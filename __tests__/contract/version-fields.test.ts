/** No field of a version is lost in reading: each of the official SDK's generated type makes a difference. */

import { describe, expect, test } from '@jest/globals'
import { readVersion } from '../../src/yandex/functions/versions.ts'
import { sdkType, type SdkType } from '../support/sdk.ts'

/** The type of each field that holds a message, or a list of them. */
const NESTED: Readonly<Record<string, SdkType>> = {
  resources: sdkType('Resources'),
  connectivity: sdkType('Connectivity'),
  secrets: sdkType('Secret'),
  logOptions: sdkType('LogOptions'),
  storageMounts: sdkType('StorageMount'),
  asyncInvocationConfig: sdkType('AsyncInvocationConfig'),
  successTarget: sdkType('AsyncInvocationConfig_ResponseTarget'),
  failureTarget: sdkType('AsyncInvocationConfig_ResponseTarget'),
  emptyTarget: sdkType('EmptyTarget'),
  ymqTarget: sdkType('YMQTarget'),
  mounts: sdkType('Mount'),
  objectStorage: sdkType('Mount_ObjectStorage'),
  ephemeralDiskSpec: sdkType('Mount_DiskSpec'),
  metadataOptions: sdkType('MetadataOptions'),
}

/** A version with a value in every field there is, also in those that exclude each other. */
const FULL = {
  id: 'd4e1',
  functionId: 'd4f1',
  description: 'octo-org/hello@1234567, run 1',
  createdAt: '2026-01-01T00:00:00Z',
  runtime: 'nodejs22',
  entrypoint: 'index.handler',
  resources: { memory: '2147483648' },
  executionTimeout: '90s',
  serviceAccountId: 'aje1',
  imageSize: '4096',
  status: 'ACTIVE',
  tags: ['$latest', 'stable'],
  environment: { KEY: 'value', EMPTY: '' },
  connectivity: { networkId: 'enp1', subnetId: ['e9b1'] },
  namedServiceAccounts: { reader: 'aje2' },
  secrets: [{ id: 'e6q1', versionId: 'e6q2', key: 'password', environmentVariable: 'PASSWORD' }],
  logOptions: { disabled: true, logGroupId: 'e23', folderId: 'b1g', minLevel: 'INFO' },
  storageMounts: [{ bucketId: 'b', prefix: 'p', mountPointName: 'older', readOnly: true }],
  asyncInvocationConfig: {
    retriesCount: '3',
    successTarget: { emptyTarget: {}, ymqTarget: { queueArn: 's', serviceAccountId: 'aje3' } },
    failureTarget: { emptyTarget: {}, ymqTarget: { queueArn: 'f', serviceAccountId: 'aje4' } },
    serviceAccountId: 'aje1',
  },
  tmpfsSize: '536870912',
  concurrency: '2',
  mounts: [
    {
      name: 'data',
      mode: 'READ_ONLY',
      objectStorage: { bucketId: 'b', prefix: 'p/' },
      ephemeralDiskSpec: { size: '1073741824', blockSize: '4096' },
    },
  ],
  metadataOptions: { gceHttpEndpoint: 'ENABLED', awsV1HttpEndpoint: 'DISABLED' },
}

function sdkPaths(type: SdkType): string[] {
  return Object.keys(type.fromJSON({})).flatMap((name) => {
    const nested = NESTED[name]
    return [name, ...(nested ? sdkPaths(nested).map((path) => `${name}.${path}`) : [])]
  })
}

/** Every field in a value, at every depth that is a message; the keys of maps are no fields. */
function pathsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pathsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => [
    name,
    ...(name in NESTED ? pathsIn(item).map((path) => `${name}.${path}`) : []),
  ])
}

/** The value with one field taken out. */
function without(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => without(item, path))
  const [name = '', ...rest] = path
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, item]: [string, unknown]) => {
      if (key !== name) return [[key, item]]
      return rest.length === 0 ? [] : [[key, without(item, rest)]]
    }),
  )
}

const known = sdkPaths(sdkType('Version'))

describe('a field of Version', () => {
  test('is in the full version of this test, at every depth', () => {
    expect(known.length).toBeGreaterThan(50)
    expect([...new Set(pathsIn(FULL))].sort()).toEqual([...known].sort())
  })

  test.each(known.filter((path) => path !== 'id'))('is read: %s', (path) => {
    expect(readVersion(without(FULL, path.split('.')))).not.toEqual(readVersion(FULL))
  })

  test('is read in the form in which it is asked for', () => {
    const { id, functionId, createdAt, status, description, tags, imageSize, ...spec } = FULL
    const asked: Partial<typeof spec> = { ...spec }
    delete asked.storageMounts
    expect(readVersion({ ...FULL, storageMounts: [] })).toEqual({
      ...{ id, functionId, createdAt, status, description, tags },
      imageSizeBytes: Number(imageSize),
      spec: asked,
    })
  })
})
