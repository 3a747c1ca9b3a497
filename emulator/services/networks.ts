/** Networks: get and list. */

import type { Route } from '../http/route.ts'
import { notFound } from '../http/status.ts'
import { checkFolder } from '../lookup.ts'
import { LIST_IN_FOLDER_FILTERED } from '../messages/function.ts'
import { filtered, page } from '../messages/pages.ts'
import { readQuery } from '../messages/read.ts'
import type { Cloud } from '../state.ts'

/** The part of NetworkService that finds networks. */
export function networkRoutes(cloud: Cloud): Route[] {
  return [
    {
      method: 'GET',
      path: '/vpc/v1/networks',
      permission: 'networks.read',
      hasQuery: true,
      handle: ({ query }) => {
        const request = readQuery(LIST_IN_FOLDER_FILTERED, query)
        checkFolder(cloud, request.folderId)
        const all = [...cloud.networks.values()]
        const items = filtered(request.filter, { items: all, fields: ['name'] })
        return page(request, { name: 'networks', items, write: (network) => network })
      },
    },
    {
      method: 'GET',
      path: '/vpc/v1/networks/{networkId}',
      permission: 'networks.read',
      handle: ({ params }) => {
        const id = params.networkId ?? ''
        const found = cloud.networks.get(id)
        if (!found) throw notFound('Network', id)
        return found
      },
    },
  ]
}
