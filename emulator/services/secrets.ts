/** Lockbox: what secrets and versions there are and which keys they hold; the payload itself is on no route. */

import type { Route } from '../http/route.ts'
import { notFound } from '../http/status.ts'
import { checkFolder } from '../lookup.ts'
import { LIST_IN_FOLDER, LIST_PAGE } from '../messages/function.ts'
import { page } from '../messages/pages.ts'
import { readQuery } from '../messages/read.ts'
import type { Cloud, Secret, SecretVersion } from '../state.ts'

/** The part of SecretService that finds secrets. */
export function secretRoutes(cloud: Cloud): Route[] {
  const find = (id = '') => {
    const found = cloud.secrets.get(id)
    if (!found) throw notFound('Secret', id)
    return found
  }
  return [
    {
      method: 'GET',
      path: '/lockbox/v1/secrets',
      permission: 'secrets.read',
      hasQuery: true,
      handle: ({ query }) => {
        const request = readQuery(LIST_IN_FOLDER, query)
        checkFolder(cloud, request.folderId)
        const items = [...cloud.secrets.values()]
        return page(request, { name: 'secrets', items, write: secretJson })
      },
    },
    {
      method: 'GET',
      path: '/lockbox/v1/secrets/{secretId}',
      permission: 'secrets.read',
      handle: ({ params }) => secretJson(find(params.secretId)),
    },
    {
      method: 'GET',
      path: '/lockbox/v1/secrets/{secretId}/versions',
      permission: 'secrets.read',
      hasQuery: true,
      handle: ({ params, query }) => {
        const secret = find(params.secretId)
        const write = (version: SecretVersion) => versionJson(secret, version)
        const items = secret.versions.toReversed()
        return page(readQuery(LIST_PAGE, query), { name: 'versions', items, write })
      },
    },
  ]
}

function secretJson(secret: Secret): object {
  const { id, folderId, createdAt, name, versions, currentVersionId } = secret
  const current = versions.find((version) => version.id === currentVersionId)
  return {
    id,
    folderId,
    createdAt,
    name,
    status: 'ACTIVE',
    ...(current && { currentVersion: versionJson(secret, current) }),
  }
}

function versionJson(secret: Secret, { id, createdAt, payload }: SecretVersion): object {
  const payloadEntryKeys = Object.keys(payload)
  return { id, secretId: secret.id, createdAt, status: 'ACTIVE', payloadEntryKeys }
}
