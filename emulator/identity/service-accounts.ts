/** Service accounts: get and list. */

import type { Route } from '../http/route.ts'
import { notFound } from '../http/status.ts'
import { checkFolder } from '../lookup.ts'
import { LIST_IN_FOLDER_FILTERED } from '../messages/function.ts'
import { filtered, page } from '../messages/pages.ts'
import { readQuery } from '../messages/read.ts'
import type { Cloud } from '../state.ts'

/** The part of ServiceAccountService that finds accounts. */
export function serviceAccountRoutes(cloud: Cloud): Route[] {
  return [
    {
      method: 'GET',
      path: '/iam/v1/serviceAccounts',
      permission: 'accounts.read',
      hasQuery: true,
      handle: ({ query }) => {
        const request = readQuery(LIST_IN_FOLDER_FILTERED, query)
        checkFolder(cloud, request.folderId)
        const all = [...cloud.serviceAccounts.values()]
        const items = filtered(request.filter, { items: all, fields: ['name'] })
        return page(request, { name: 'serviceAccounts', items, write: (account) => account })
      },
    },
    {
      method: 'GET',
      path: '/iam/v1/serviceAccounts/{serviceAccountId}',
      permission: 'accounts.read',
      handle: ({ params }) => {
        const id = params.serviceAccountId ?? ''
        const found = cloud.serviceAccounts.get(id)
        if (!found) throw notFound('Service account', id)
        return found
      },
    },
  ]
}
