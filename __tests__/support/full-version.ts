/** A version with a value in every field there is, and its fields one by one. */

/** The fields that hold a message, or a list of them. */
export const NESTED = [
  ...['resources', 'connectivity', 'secrets', 'logOptions', 'storageMounts'],
  ...['asyncInvocationConfig', 'successTarget', 'failureTarget', 'emptyTarget', 'ymqTarget'],
  ...['mounts', 'objectStorage', 'ephemeralDiskSpec', 'metadataOptions'],
]

/** A version with a value in every field there is, also in those that exclude each other. */
export const FULL_VERSION = {
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

/** Every field in a value, at every depth that is a message; the keys of maps are no fields. */
export function pathsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pathsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => [
    name,
    ...(NESTED.includes(name) ? pathsIn(item).map((path) => `${name}.${path}`) : []),
  ])
}

/** The value with one field taken out. */
export function withoutPath(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutPath(item, path))
  const [name = '', ...rest] = path
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, item]: [string, unknown]) => {
      if (key !== name) return [[key, item]]
      return rest.length === 0 ? [] : [[key, withoutPath(item, rest)]]
    }),
  )
}
