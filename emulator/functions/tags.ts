/** Tags of versions: set and removed. */

import type { Call, Route } from '../http/route.ts'
import { precondition } from '../http/status.ts'
import { findSettledVersion, versionByTag } from '../lookup.ts'
import { SET_TAG } from '../messages/function.ts'
import { readMessage } from '../messages/read.ts'
import { checkTagQuota } from '../quotas.ts'
import { idempotent, packed, startOperation } from '../services/operations.ts'
import type { Cloud, StoredVersion } from '../state.ts'
import { beginRecord, endRecord } from './tag-history.ts'
import { versionJson } from './version-json.ts'

/** Gives a tag to a version; a tag is unique within a function, so another version loses it. */
export function moveTag(
  cloud: Cloud,
  { version, tag }: { readonly version: StoredVersion; readonly tag: string },
): void {
  const holder = versionByTag(cloud, { functionId: version.functionId, tag })
  if (holder === version) return
  if (holder) dropTag(cloud, { version: holder, tag })
  version.tags = [...version.tags, tag]
  beginRecord(cloud, { version, tag })
}

/** Takes a tag from the version that holds it. */
export function dropTag(
  cloud: Cloud,
  { version, tag }: { readonly version: StoredVersion; readonly tag: string },
): void {
  version.tags = version.tags.filter((held) => held !== tag)
  endRecord(cloud, { version, tag })
}

/** The methods of FunctionService that tag a version. */
export function tagRoutes(cloud: Cloud): Route[] {
  const path = '/functions/v1/versions/{functionVersionId}'
  return [
    {
      method: 'POST',
      path: `${path}:setTag`,
      permission: 'functions.write',
      handle: idempotent(cloud, setTag),
    },
    {
      method: 'POST',
      path: `${path}:removeTag`,
      permission: 'functions.write',
      handle: idempotent(cloud, removeTag),
    },
  ]
}

function setTag(cloud: Cloud, call: Call): Promise<object> {
  const version = findSettledVersion(cloud, call.params.functionVersionId)
  const { tag } = readMessage(SET_TAG, call.json)
  checkTagQuota(cloud, { functionId: version.functionId, tags: [tag] })
  const work = {
    description: 'Set function tag',
    functionId: version.functionId,
    metadata: packed('SetFunctionTagMetadata', { functionVersionId: version.id }),
    apply: () => {
      moveTag(cloud, { version, tag })
      // A tag keeps a version from being deleted, https://yandex.cloud/en/docs/functions/concepts/function#version.
      if (version.status === 'OBSOLETE') version.status = 'ACTIVE'
      return packed('Version', versionJson(version))
    },
  }
  return startOperation(cloud, { call, work })
}

function removeTag(cloud: Cloud, call: Call): Promise<object> {
  const version = findSettledVersion(cloud, call.params.functionVersionId)
  const { tag } = readMessage(SET_TAG, call.json)
  if (!version.tags.includes(tag)) {
    throw precondition(`Version ${version.id} does not have the tag ${tag}`)
  }
  const work = {
    description: 'Remove function tag',
    functionId: version.functionId,
    metadata: packed('RemoveFunctionTagMetadata', { functionVersionId: version.id }),
    apply: () => {
      dropTag(cloud, { version, tag })
      return packed('Version', versionJson(version))
    },
  }
  return startOperation(cloud, { call, work })
}
