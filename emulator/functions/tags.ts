/** Tags of versions: set, removed, and what deleting a version does to them. */
import type { Cloud } from '../state.ts'
import { mutate, quickMs } from './functions.ts'
import { DELETE_VERSION, SET_TAG } from '../messages/function.ts'
import { EMPTY, packed, startOperation } from '../services/operations.ts'
import { checkOperationQuotas, checkTagQuota } from '../quotas.ts'
import type { Call, Route } from '../http/router.ts'
import { readMessage, readQuery } from '../messages/schema.ts'
import { ApiError, CODE } from '../http/status.ts'
import { findVersion, versionByTag, versionJson, type StoredVersion } from './versions.ts'

/** Gives a tag to a version; a tag is unique within a function, so another version loses it. */
export function moveTag(
  cloud: Cloud,
  { version, tag }: { readonly version: StoredVersion; readonly tag: string },
): void {
  const holder = versionByTag(cloud, { functionId: version.functionId, tag })
  if (holder) holder.tags = holder.tags.filter((held) => held !== tag)
  version.tags = [...version.tags, tag]
}

/** The methods of FunctionService that tag and delete a version. */
export function tagRoutes(cloud: Cloud): Route[] {
  const path = '/functions/v1/versions/{functionVersionId}'
  return [
    {
      method: 'POST',
      path: `${path}:setTag`,
      handle: (call) => mutate(cloud, { call, effect: setTag }),
    },
    {
      method: 'POST',
      path: `${path}:removeTag`,
      handle: (call) => mutate(cloud, { call, effect: removeTag }),
    },
    {
      method: 'DELETE',
      path,
      hasQuery: true,
      handle: (call) => mutate(cloud, { call, effect: remove }),
    },
  ]
}

function setTag(cloud: Cloud, call: Call): Promise<object> {
  const version = findActiveVersion(cloud, call)
  const { tag } = readMessage(SET_TAG, call.json)
  checkTagQuota(cloud, { functionId: version.functionId, tags: [tag] })
  checkOperationQuotas(cloud, version.functionId)
  const work = {
    description: 'Set function tag',
    functionId: version.functionId,
    metadata: packed('SetFunctionTagMetadata', { functionVersionId: version.id }),
    durationMs: quickMs(cloud),
    apply: () => {
      moveTag(cloud, { version, tag })
      return packed('Version', versionJson(version))
    },
  }
  return startOperation(cloud, { call, work })
}

function removeTag(cloud: Cloud, call: Call): Promise<object> {
  const version = findActiveVersion(cloud, call)
  const { tag } = readMessage(SET_TAG, call.json)
  if (!version.tags.includes(tag))
    throw precondition(`Version ${version.id} does not have the tag ${tag}`)
  checkOperationQuotas(cloud, version.functionId)
  const work = {
    description: 'Remove function tag',
    functionId: version.functionId,
    metadata: packed('RemoveFunctionTagMetadata', { functionVersionId: version.id }),
    durationMs: quickMs(cloud),
    apply: () => {
      version.tags = version.tags.filter((held) => held !== tag)
      return packed('Version', versionJson(version))
    },
  }
  return startOperation(cloud, { call, work })
}

function remove(cloud: Cloud, call: Call): Promise<object> {
  const version = findActiveVersion(cloud, call)
  const { force } = readQuery(DELETE_VERSION, call.query)
  if (version.tags.includes('$latest'))
    throw precondition(`Version ${version.id} is $latest and cannot be deleted`)
  if (version.tags.length > 0 && !force)
    throw precondition(`Version ${version.id} has tags: ${version.tags.join(', ')}`)
  checkOperationQuotas(cloud, version.functionId)
  version.status = 'DELETING'
  const work = {
    description: 'Delete function version',
    functionId: version.functionId,
    metadata: packed('DeleteFunctionVersionMetadata', { functionVersionId: version.id }),
    durationMs: quickMs(cloud),
    apply: () => {
      cloud.versions.delete(version.id)
      return EMPTY
    },
  }
  return startOperation(cloud, { call, work })
}

function findActiveVersion(cloud: Cloud, { params }: Call): StoredVersion {
  const version = findVersion(cloud, params.functionVersionId ?? '')
  if (version.status !== 'ACTIVE')
    throw precondition(`Version ${version.id} is not active: its status is ${version.status}`)
  return version
}

function precondition(message: string): ApiError {
  return new ApiError({ code: CODE.FAILED_PRECONDITION, message })
}
