/** createVersion: checks, builds and shows a new version. */

import { timestamp } from '../clock.ts'
import type { Call } from '../http/route.ts'
import { ApiError } from '../http/status.ts'
import { newId } from '../id.ts'
import { findActiveFunction } from '../lookup.ts'
import { readMessage } from '../messages/read.ts'
import { CREATE_VERSION } from '../messages/version.ts'
import { checkTagQuota } from '../quotas.ts'
import { packed, startOperation } from '../services/operations.ts'
import type { Cloud, StoredVersion } from '../state.ts'
import { build, packageBytes } from './build.ts'
import { moveTag } from './tags.ts'
import { withServerDefaults } from './version-defaults.ts'
import { versionJson } from './version-json.ts'
import { checkVersion } from './version-rules.ts'

/** `POST /functions/v1/versions`. */
export function createVersion(cloud: Cloud, call: Call): Promise<object> {
  const settings = readMessage(CREATE_VERSION, call.json)
  const { id: functionId } = findActiveFunction(cloud, settings.functionId)
  checkVersion(cloud, { request: settings, subject: call.subject })
  const zip = packageBytes(cloud, settings)
  const tags = [...new Set(settings.tag)]
  checkTagQuota(cloud, { functionId, tags })
  const version: StoredVersion = {
    id: newId('d4e'),
    functionId,
    createdAt: timestamp(cloud),
    runtime: settings.runtime,
    entrypoint: settings.entrypoint,
    // The package is kept once, as bytes.
    settings: {
      ...(cloud.settings.showsDefaults ? withServerDefaults(settings, cloud) : settings),
      content: '',
    },
    zip,
    imageBytes: zip.length,
    status: 'CREATING',
    tags: [],
    pendingTags: tags,
  }
  const work = {
    description: 'Create function version',
    functionId,
    metadata: packed('CreateFunctionVersionMetadata', { functionVersionId: version.id }),
    durationMs: cloud.settings.buildMs,
    begin: () => {
      cloud.versions.set(version.id, version)
    },
    prepare: async () => {
      const planned = cloud.plannedFailures.shift()
      if (planned) throw new ApiError(planned)
      if (cloud.settings.checkPackages) version.imageBytes = await build(version)
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
