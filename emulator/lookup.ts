/** Finds resources by what a request names. */

import { ApiError, CODE, notFound, precondition } from './http/status.ts'
import type { Cloud, StoredFunction, StoredVersion } from './state.ts'

/** Throws NOT_FOUND. */
export function findFunction(cloud: Cloud, id = ''): StoredFunction {
  const found = cloud.functions.get(id)
  if (!found) throw notFound('Function', id)
  return found
}

/** A function that may be changed. Throws NOT_FOUND, FAILED_PRECONDITION until it is created. */
export function findActiveFunction(cloud: Cloud, id = ''): StoredFunction {
  const found = findFunction(cloud, id)
  if (found.status !== 'ACTIVE') {
    throw precondition(`Function ${id} is not active: its status is ${found.status}`)
  }
  return found
}

/** Throws NOT_FOUND for any folder but ours. */
export function checkFolder(cloud: Cloud, folderId: string): void {
  if (folderId !== cloud.folderId) throw notFound('Folder', folderId)
}

/** Throws NOT_FOUND. */
export function findVersion(cloud: Cloud, id = ''): StoredVersion {
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

/** The version of a function that holds a tag. Throws NOT_FOUND. */
export function findByTag(
  cloud: Cloud,
  { functionId, tag }: { readonly functionId: string; readonly tag: string },
): StoredVersion {
  const found = versionByTag(cloud, { functionId, tag })
  if (found) return found
  const message = `Version with tag ${tag} of function ${functionId} not found`
  throw new ApiError({ code: CODE.NOT_FOUND, message })
}

/** A version that may be tagged or deleted. Throws NOT_FOUND; FAILED_PRECONDITION while it is created or deleted. */
export function findSettledVersion(cloud: Cloud, id = ''): StoredVersion {
  const version = findVersion(cloud, id)
  if (version.status === 'CREATING' || version.status === 'DELETING') {
    throw precondition(`Version ${version.id} is not active: its status is ${version.status}`)
  }
  return version
}

/** The function that a call is about, as far as the call names one. */
export function functionOf(
  cloud: Cloud,
  call: {
    readonly params: Readonly<Record<string, string>>
    readonly query: URLSearchParams
    readonly json: unknown
  },
): string | undefined {
  const { functionId, functionVersionId = '' } = call.params
  const { json } = call
  const inBody = typeof json === 'object' && json !== null && 'functionId' in json
  return (
    functionId ??
    cloud.versions.get(functionVersionId)?.functionId ??
    call.query.get('functionId') ??
    (inBody ? String(json.functionId) : undefined)
  )
}
