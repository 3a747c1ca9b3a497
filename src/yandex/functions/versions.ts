/** Versions of a function: what they are, creating one, and reading them by id, by tag, all of them. */

import type { Cloud } from '../cloud.ts'
import { ApiError } from '../http/api-error.ts'
import { attemptMsFor } from '../http/http.ts'
import { flag, id, int64, list, message, resource, text } from '../fields.ts'
import { resourceIdOf, type Operation } from './operation.ts'
import { startOperation } from './operations.ts'
import {
  readSpec,
  type CreateVersionRequest,
  type Mount,
  type VersionSpec,
} from './version-request.ts'

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

const VERSIONS = '/functions/v1/versions'

/** The tag that the newest version has by itself. */
export const LATEST = '$latest'

/** Starts the build of a version; the metadata of the operation has its id from the start. */
export function createVersion(
  { request, deadlineMs }: { request: CreateVersionRequest; deadlineMs: number },
  cloud: Cloud,
): Promise<Operation> {
  return startOperation(
    {
      what: `create a version of the function ${request.functionId}`,
      path: VERSIONS,
      body: request,
      hides: Object.values(request.environment ?? {}),
      deadlineMs,
      retry: { attemptMs: attemptMsFor('content' in request ? request.content.length : 0) },
    },
    cloud,
  )
}

/** Id of the version that an operation of {@link createVersion} makes. Throws DeployError API_UNEXPECTED when it has none. */
export function versionIdOf(operation: Operation): string {
  return resourceIdOf(operation, 'functionVersionId')
}

/** Throws ApiError, NOT_FOUND among others. */
export function getVersion(versionId: string, { api }: Cloud): Promise<Version> {
  return api.call({
    what: `read the version ${versionId}`,
    path: `${VERSIONS}/${encodeURIComponent(versionId)}`,
    mayHoldSecrets: true,
    read: readVersion,
  })
}

/** The version that holds a tag, {@link LATEST} included; undefined when there is none, or no such function. */
export async function getVersionByTag(
  { functionId, tag }: { functionId: string; tag: string },
  { api }: Cloud,
): Promise<Version | undefined> {
  try {
    return await api.call({
      what: `read the version of the function ${functionId} with the tag ${tag}`,
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
  { api }: Cloud,
): Promise<readonly Version[]> {
  const versions = await api.list({
    what: `list the versions of the function ${functionId}`,
    path: VERSIONS,
    query: { functionId },
    field: 'versions',
    mayHoldSecrets: true,
    read: readVersion,
  })
  return versions.toSorted((a, b) => (isNewer(a, b) ? -1 : 1))
}

/** Whether a version was created after another one; times may have a fraction of a second or none. */
export function isNewer(version: Version, { createdAt }: Version): boolean {
  const laterMs = Date.parse(version.createdAt) - Date.parse(createdAt)
  return laterMs > 0 || (!(laterMs < 0) && version.createdAt > createdAt)
}

/** The deprecated form of a bucket's mount. */
const storageMount = message(
  { bucketId: text, mountPointName: text, readOnly: flag },
  { prefix: text },
)

const readRest = resource('the version', {
  id,
  functionId: text,
  createdAt: text,
  status: text,
  description: text,
  tags: list(text),
  imageSize: int64,
  storageMounts: list(storageMount),
})

/** Unknown fields are passed over. Throws TypeError when the value is not a Version. */
export function readVersion(value: unknown): Version {
  const { imageSize, storageMounts, ...rest } = readRest(value)
  const spec = readSpec(value, 'the version')
  const mounts = [...(spec.mounts ?? []), ...olderMounts(storageMounts, spec.mounts)]
  return {
    ...rest,
    imageSizeBytes: Number(imageSize),
    spec: { ...withoutEmptyAsync(spec), ...(mounts.length > 0 && { mounts }) },
  }
}

/** Where calls are asynchronous, each target says at least that it is empty; a message that says nothing is none. */
function withoutEmptyAsync(spec: VersionSpec): VersionSpec {
  const { asyncInvocationConfig: config, ...rest } = spec
  if (!config) return spec
  const { successTarget, failureTarget, retriesCount = '0', serviceAccountId = '' } = config
  const isEmpty =
    Object.keys({ ...successTarget, ...failureTarget }).length === 0 &&
    retriesCount === '0' &&
    serviceAccountId === ''
  return isEmpty ? rest : spec
}

/** The service shows a bucket's mount in both forms; one that only the deprecated form has is not lost. */
function olderMounts(
  older: readonly ReturnType<typeof storageMount>[],
  mounts: readonly Mount[] = [],
): readonly Mount[] {
  const known = new Set(mounts.map(({ name }) => name))
  return older
    .filter(({ mountPointName }) => !known.has(mountPointName))
    .map(({ mountPointName: name, bucketId, prefix, readOnly }) => ({
      name,
      mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
      objectStorage: { bucketId, ...(prefix !== undefined && { prefix }) },
    }))
}
