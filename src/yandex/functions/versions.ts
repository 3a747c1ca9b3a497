/** Versions of a function: what they are, and reading them by id, by tag, all of them. */

import type { Api } from '../http/api.ts'
import { ApiError } from '../http/api-error.ts'
import { duration, filled, flag, int64, list, message, required, text, texts } from '../fields.ts'
import type { Given } from '../fields.ts'
import type { Mount, VersionSpec } from './version-request.ts'

/** A version that exists. */
export interface Version {
  readonly id: string
  readonly functionId: string
  /** As the API writes it, such as `2026-01-01T00:00:00Z`. */
  readonly createdAt: string
  /** `CREATING`, `ACTIVE`, `OBSOLETE` or `DELETING`; empty when the answer leaves it out. */
  readonly status: string
  readonly description: string
  /** `$latest` among them. */
  readonly tags: readonly string[]
  /** Size of what was built of the package. */
  readonly imageSizeBytes: number
  /**
   * What it is made of. An empty `environment` is one that the API shows as empty; without the field there may be
   * one that the account is not shown.
   */
  readonly spec: VersionSpec
}

const SERVICE = 'serverless-functions'
const VERSIONS = '/functions/v1/versions'

/** The tag that the newest version has by itself. */
export const LATEST = '$latest'

/** Throws ApiError, NOT_FOUND among others. */
export function getVersion(id: string, { api }: { api: Api }): Promise<Version> {
  return api.call({
    what: `read the version ${id}`,
    service: SERVICE,
    method: 'GET',
    path: `${VERSIONS}/${encodeURIComponent(id)}`,
    mayHoldSecrets: true,
    read: readVersion,
  })
}

/** The version that holds a tag, {@link LATEST} included; undefined when there is none, or no such function. */
export async function getVersionByTag(
  { functionId, tag }: { functionId: string; tag: string },
  { api }: { api: Api },
): Promise<Version | undefined> {
  try {
    return await api.call({
      what: `read the version of the function ${functionId} with the tag ${tag}`,
      service: SERVICE,
      method: 'GET',
      path: `${VERSIONS}:byTag`,
      query: { functionId, tag },
      mayHoldSecrets: true,
      read: readVersion,
    })
  } catch (error) {
    if (error instanceof ApiError && error.grpcCode === 'NOT_FOUND') return undefined
    throw error
  }
}

/** All versions of a function, newest first: the order of the answer is not documented. */
export async function listVersions(
  functionId: string,
  { api }: { api: Api },
): Promise<readonly Version[]> {
  const versions = await api.list({
    what: `list the versions of the function ${functionId}`,
    service: SERVICE,
    path: VERSIONS,
    query: { functionId },
    field: 'versions',
    mayHoldSecrets: true,
    read: readVersion,
  })
  return versions.toSorted(
    (a, b) =>
      Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.createdAt < b.createdAt ? 1 : -1),
  )
}

const QUEUE = filled(message({ queueArn: text, serviceAccountId: text }), {
  queueArn: '',
  serviceAccountId: '',
})
const TARGET = message({ emptyTarget: message({}), ymqTarget: QUEUE })
const BUCKET = filled(message({ bucketId: text, prefix: text }), { bucketId: '' })
const DISK = filled(message({ size: int64, blockSize: int64 }), { size: '0' })
const MOUNT = filled(
  message({ name: text, mode: text, objectStorage: BUCKET, ephemeralDiskSpec: DISK }),
  { name: '' },
)
/** The deprecated form of a bucket's mount. */
const STORAGE_MOUNT = message({
  bucketId: text,
  prefix: text,
  mountPointName: text,
  readOnly: flag,
})
const SECRET = filled(
  message({ id: text, versionId: text, key: text, environmentVariable: text }),
  { id: '', versionId: '', key: '', environmentVariable: '' },
)

const SPEC = message({
  runtime: text,
  entrypoint: text,
  resources: filled(message({ memory: int64 }), { memory: '0' }),
  executionTimeout: duration,
  serviceAccountId: text,
  environment: texts,
  connectivity: message({ networkId: text, subnetId: list(text) }),
  namedServiceAccounts: texts,
  secrets: list(SECRET),
  logOptions: message({ disabled: flag, logGroupId: text, folderId: text, minLevel: text }),
  asyncInvocationConfig: filled(
    message({
      retriesCount: int64,
      successTarget: TARGET,
      failureTarget: TARGET,
      serviceAccountId: text,
    }),
    { successTarget: {}, failureTarget: {} },
  ),
  tmpfsSize: int64,
  concurrency: int64,
  mounts: list(MOUNT),
  metadataOptions: message({ gceHttpEndpoint: text, awsV1HttpEndpoint: text }),
})

const REST = message({
  id: text,
  functionId: text,
  createdAt: text,
  status: text,
  description: text,
  tags: list(text),
  imageSize: int64,
  storageMounts: list(STORAGE_MOUNT),
})

/** Unknown fields are passed over. Throws TypeError when the value is not a Version. */
export function readVersion(value: unknown): Version {
  const spec = required(SPEC)(value, 'the version')
  const rest = required(REST)(value, 'the version')
  if (rest.id === undefined || rest.id === '') throw new TypeError('"id" is missing')
  const mounts = [...(spec.mounts ?? []), ...olderMounts(rest.storageMounts, spec.mounts)]
  return {
    id: rest.id,
    functionId: rest.functionId ?? '',
    createdAt: rest.createdAt ?? '',
    status: rest.status ?? '',
    description: rest.description ?? '',
    tags: rest.tags ?? [],
    imageSizeBytes: Number(rest.imageSize ?? 0),
    spec: {
      ...{ runtime: '', entrypoint: '', resources: { memory: '0' }, executionTimeout: '0s' },
      ...withoutEmptyAsync(spec),
      ...(mounts.length > 0 && { mounts }),
    },
  }
}

/** Where calls are asynchronous, each target says at least that it is empty; a message that says nothing is none. */
function withoutEmptyAsync<T extends Pick<VersionSpec, 'asyncInvocationConfig'>>(spec: T): T {
  const { asyncInvocationConfig: config, ...rest } = spec
  if (!config) return spec
  const { successTarget, failureTarget, retriesCount = '0', serviceAccountId = '' } = config
  const isEmpty =
    Object.keys({ ...successTarget, ...failureTarget }).length === 0 &&
    retriesCount === '0' &&
    serviceAccountId === ''
  return isEmpty ? (rest as T) : spec
}

/** The service shows a bucket's mount in both forms; one that only the deprecated form has is not lost. */
function olderMounts(
  older: readonly Given<typeof STORAGE_MOUNT>[] = [],
  mounts: readonly Mount[] = [],
): readonly Mount[] {
  const known = new Set(mounts.map(({ name }) => name))
  return older
    .filter(({ mountPointName = '' }) => !known.has(mountPointName))
    .map(({ mountPointName: name = '', bucketId = '', prefix, readOnly = false }) => ({
      name,
      mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
      objectStorage: { bucketId, ...(prefix !== undefined && { prefix }) },
    }))
}
