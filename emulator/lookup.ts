/** Finds resources by what a request names. */

import type { Call } from './http/router.ts'
import { ApiError, CODE, notFound, precondition } from './http/status.ts'
import type { Cloud, StoredFunction, StoredVersion } from './state.ts'

/** Throws NOT_FOUND. */
export function findFunction(cloud: Cloud, id: string): StoredFunction {
  const found = cloud.functions.get(id)
  if (!found) throw notFound('Function', id)
  return found
}

/** A function that may be changed. Throws NOT_FOUND, FAILED_PRECONDITION until it is created. */
export function findActiveFunction(cloud: Cloud, id: string): StoredFunction {
  const found = findFunction(cloud, id)
  if (found.status !== 'ACTIVE') {
    throw new ApiError({
      code: CODE.FAILED_PRECONDITION,
      message: `Function ${id} is not active: its status is ${found.status}`,
    })
  }
  return found
}

/** Throws NOT_FOUND for any folder but ours. */
export function checkFolder(cloud: Cloud, folderId: string): void {
  if (folderId !== cloud.folderId) throw notFound('Folder', folderId)
}

/** Throws NOT_FOUND. */
export function findVersion(cloud: Cloud, id: string): StoredVersion {
  const found = cloud.versions.get(id)
  if (!found) throw notFound('Version', id)
  return found
}

/** The version of a function that holds a tag. */
export function versionByTag(
  cloud: Cloud,
  { functionId, tag }: { readonly functionId: string; readonly tag: string },
): StoredVersion | undefined {
  return [...cloud.versions.values()].find(
    (version) => version.functionId === functionId && version.tags.includes(tag),
  )
}

/** The version that a path names. Throws NOT_FOUND; FAILED_PRECONDITION unless it is active. */
export function findActiveVersion(cloud: Cloud, { params }: Pick<Call, 'params'>): StoredVersion {
  const version = findVersion(cloud, params.functionVersionId ?? '')
  if (version.status !== 'ACTIVE') {
    throw precondition(`Version ${version.id} is not active: its status is ${version.status}`)
  }
  return version
}
