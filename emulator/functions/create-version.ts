/** createVersion: checks, builds and shows a new version. */

import type { Call } from '../http/router.ts'
import { ApiError } from '../http/status.ts'
import { findActiveFunction } from '../lookup.ts'
import { readMessage } from '../messages/read.ts'
import { CREATE_VERSION } from '../messages/version.ts'
import { checkOperationQuotas, checkTagQuota } from '../quotas.ts'
import { packed, startOperation } from '../services/operations.ts'
import { newId, timestamp, type Cloud, type StoredVersion } from '../state.ts'
import { build, packageBytes } from './build.ts'
import { moveTag } from './tags.ts'
import { versionJson } from './version-json.ts'
import { checkVersion } from './version-rules.ts'

/** `POST /functions/v1/versions`. */
export function createVersion(cloud: Cloud, call: Call): Promise<object> {
  const settings = readMessage(CREATE_VERSION, call.json)
  const { id: functionId } = findActiveFunction(cloud, settings.functionId)
  checkVersion(cloud, settings)
  const zip = packageBytes(cloud, settings)
  const tags = [...new Set(settings.tag)]
  checkTagQuota(cloud, { functionId, tags })
  checkOperationQuotas(cloud, functionId)
  const version: StoredVersion = {
    id: newId('d4e'),
    functionId,
    createdAt: timestamp(cloud),
    runtime: settings.runtime,
    entrypoint: settings.entrypoint,
    // The package is kept once, as bytes.
    settings: { ...settings, content: '' },
    zip,
    status: 'CREATING',
    tags: [],
    pendingTags: tags,
  }
  cloud.versions.set(version.id, version)
  const planned = cloud.plannedFailures.shift()
  const work = {
    description: 'Create function version',
    functionId,
    metadata: packed('CreateFunctionVersionMetadata', { functionVersionId: version.id }),
    durationMs: cloud.settings.buildMs,
    prepare: async () => {
      if (planned) throw new ApiError(planned)
      if (cloud.settings.checkPackages) await build(version)
    },
    apply: () => {
      version.status = 'ACTIVE'
      version.pendingTags = []
      for (const tag of ['$latest', ...tags]) moveTag(cloud, { version, tag })
      return packed('Version', versionJson(version))
    },
    undo: () => {
      cloud.versions.delete(version.id)
    },
  }
  return startOperation(cloud, { call, work })
}
