/** Versions: the routes, and how they are listed and found. */

import type { Route } from '../http/route.ts'
import { checkFolder, findByTag, findFunction, findVersion } from '../lookup.ts'
import { LIST_VERSIONS, VERSION_BY_TAG } from '../messages/function.ts'
import { filtered, page } from '../messages/pages.ts'
import { readQuery } from '../messages/read.ts'
import { idempotent } from '../services/operations.ts'
import type { Cloud, StoredVersion } from '../state.ts'
import { createVersion } from './create-version.ts'
import { deleteVersion } from './delete-version.ts'
import { shownVersion } from './version-json.ts'

const RUNTIMES =
  'nodejs22 php82 python312 python314 golang123 java21 kotlin20 dotnet8 r43 bash-2204'

/** The methods of FunctionService that are about versions. */
export function versionRoutes(cloud: Cloud): Route[] {
  const write = (subject: string) => (version: StoredVersion) =>
    shownVersion(cloud, { version, subject })
  return [
    {
      method: 'GET',
      path: '/functions/v1/runtimes',
      handle: () => ({ runtimes: RUNTIMES.split(' ') }),
    },
    {
      method: 'POST',
      path: '/functions/v1/versions',
      permission: 'functions.write',
      handle: idempotent(cloud, createVersion),
    },
    {
      method: 'GET',
      path: '/functions/v1/versions',
      permission: 'functions.read',
      hasQuery: true,
      handle: ({ query, subject }) => {
        const request = readQuery(LIST_VERSIONS, query)
        if (request.folderId !== '') checkFolder(cloud, request.folderId)
        else findFunction(cloud, request.functionId)
        // Newest first; the real order is not documented.
        const all = [...cloud.versions.values()]
          .filter((v) => request.folderId !== '' || v.functionId === request.functionId)
          .reverse()
        const items = filtered(request.filter, { items: all, fields: ['status', 'runtime'] })
        return page(request, { name: 'versions', items, write: write(subject) })
      },
    },
    {
      method: 'GET',
      path: '/functions/v1/versions:byTag',
      permission: 'functions.read',
      hasQuery: true,
      handle: ({ query, subject }) => {
        const { functionId, tag } = readQuery(VERSION_BY_TAG, query)
        findFunction(cloud, functionId)
        return write(subject)(findByTag(cloud, { functionId, tag }))
      },
    },
    {
      method: 'GET',
      path: '/functions/v1/versions/{functionVersionId}',
      permission: 'functions.read',
      handle: ({ params, subject }) => write(subject)(findVersion(cloud, params.functionVersionId)),
    },
    {
      method: 'DELETE',
      path: '/functions/v1/versions/{functionVersionId}',
      permission: 'functions.write',
      hasQuery: true,
      handle: idempotent(cloud, deleteVersion),
    },
  ]
}
