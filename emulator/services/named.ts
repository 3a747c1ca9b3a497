/** Service accounts and networks, of which nothing is asked but what there is: get, and list by name. */

import type { Route } from '../http/route.ts'
import { notFound } from '../http/status.ts'
import type { Permission } from '../identity/roles.ts'
import { checkFolder } from '../lookup.ts'
import { LIST_IN_FOLDER_FILTERED } from '../messages/function.ts'
import { filtered, page } from '../messages/pages.ts'
import { readQuery } from '../messages/read.ts'
import type { Cloud } from '../state.ts'

interface Kind {
  readonly noun: string
  readonly path: string
  /** Of the list in an answer. */
  readonly name: string
  readonly permission: Permission
  readonly all: ReadonlyMap<string, { readonly id: string; readonly name: string }>
}

/** The parts of ServiceAccountService and of NetworkService that find something. */
export function namedRoutes(cloud: Cloud): Route[] {
  const accounts: Kind = {
    noun: 'Service account',
    path: '/iam/v1/serviceAccounts',
    name: 'serviceAccounts',
    permission: 'accounts.read',
    all: cloud.serviceAccounts,
  }
  const networks: Kind = {
    noun: 'Network',
    path: '/vpc/v1/networks',
    name: 'networks',
    permission: 'networks.read',
    all: cloud.networks,
  }
  return [...routesOf(accounts, cloud), ...routesOf(networks, cloud)]
}

function routesOf({ noun, path, name, permission, all }: Kind, cloud: Cloud): Route[] {
  return [
    {
      method: 'GET',
      path,
      permission,
      hasQuery: true,
      handle: ({ query }) => {
        const request = readQuery(LIST_IN_FOLDER_FILTERED, query)
        checkFolder(cloud, request.folderId)
        const items = filtered(request.filter, { items: [...all.values()], fields: ['name'] })
        return page(request, { name, items, write: (item) => item })
      },
    },
    {
      method: 'GET',
      path: `${path}/{id}`,
      permission,
      handle: ({ params: { id = '' } }) => {
        const found = all.get(id)
        if (!found) throw notFound(noun, id)
        return found
      },
    },
  ]
}
