/** Versions: create, get, list. */
import { build, packageBytes } from './build.ts'
import { newId, timestamp, type Cloud } from '../state.ts'
import { checkFolder, findActiveFunction, findFunction, mutate } from './functions.ts'
import { LIST_VERSIONS, VERSION_BY_TAG } from '../messages/function.ts'
import { CREATE_VERSION, VERSION } from '../messages/version.ts'
import { packed, startOperation } from '../services/operations.ts'
import { filtered, page } from '../messages/pages.ts'
import { checkOperationQuotas, checkTagQuota } from '../quotas.ts'
import type { Call, Route } from '../http/router.ts'
import { readMessage, readQuery, type Read } from '../messages/schema.ts'
import { writeMessage } from '../messages/write.ts'
import { ApiError, CODE, notFound } from '../http/status.ts'
import { moveTag } from './tags.ts'
import { checkVersion } from './version-rules.ts'

/** The body of createVersion, every field with its proto default. */
export type VersionRequest = Read<typeof CREATE_VERSION>

/** A version with its package. */
export interface StoredVersion {
  readonly id: string
  readonly functionId: string
  readonly createdAt: string
  readonly runtime: string
  readonly entrypoint: string
  readonly settings: VersionRequest
  readonly zip: Buffer
  status: 'CREATING' | 'ACTIVE' | 'DELETING'
  /** `$latest` among them. */
  tags: readonly string[]
  /** Tags that it takes when it becomes active. */
  pendingTags: readonly string[]
}

const RUNTIMES =
  'nodejs22 php82 python312 python314 golang123 java21 kotlin20 dotnet8 r43 bash-2204'

/** The methods of FunctionService that are about versions. */
export function versionRoutes(cloud: Cloud): Route[] {
  return [
    {
      method: 'GET',
      path: '/functions/v1/runtimes',
      handle: () => ({ runtimes: RUNTIMES.split(' ') }),
    },
    {
      method: 'POST',
      path: '/functions/v1/versions',
      handle: (call) => mutate(cloud, { call, effect: create }),
    },
    {
      method: 'GET',
      path: '/functions/v1/versions',
      hasQuery: true,
      handle: ({ query }) => {
        const request = readQuery(LIST_VERSIONS, query)
        if (request.folderId !== '') checkFolder(cloud, request.folderId)
        else findFunction(cloud, request.functionId)
        // Newest first; the real order is not documented.
        const all = [...cloud.versions.values()]
          .filter((v) => request.folderId !== '' || v.functionId === request.functionId)
          .reverse()
        const items = filtered(request.filter, { items: all, fields: ['status', 'runtime'] })
        return page(request, { name: 'versions', items, write: versionJson })
      },
    },
    {
      method: 'GET',
      path: '/functions/v1/versions:byTag',
      hasQuery: true,
      handle: ({ query }) => {
        const { functionId, tag } = readQuery(VERSION_BY_TAG, query)
        findFunction(cloud, functionId)
        const found = versionByTag(cloud, { functionId, tag })
        if (found) return versionJson(found)
        throw new ApiError({
          code: CODE.NOT_FOUND,
          message: `Version with tag ${tag} of function ${functionId} not found`,
        })
      },
    },
    {
      method: 'GET',
      path: '/functions/v1/versions/{functionVersionId}',
      handle: ({ params }) => versionJson(findVersion(cloud, params.functionVersionId ?? '')),
    },
  ]
}

/** @throws ApiError NOT_FOUND. */
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

/** A version on the wire. */
export function versionJson(version: StoredVersion): Record<string, unknown> {
  const { id, functionId, createdAt, status, tags, settings, zip } = version
  const own = { id, functionId, createdAt, status, tags, imageSize: String(zip.length) }
  return writeMessage(VERSION, { ...settings, ...own })
}

function create(cloud: Cloud, call: Call): Promise<object> {
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
