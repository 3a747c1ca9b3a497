/** Discovery: which service is where. */

import type { Route } from '../http/route.ts'
import { notFound } from '../http/status.ts'
import { LIST_PAGE } from '../messages/function.ts'
import { readQuery } from '../messages/read.ts'
import type { Cloud } from '../state.ts'

const API_IDS = [
  ...['endpoint', 'iam', 'operation', 'resource-manager', 'resourcemanager'],
  ...['serverless-functions', 'serverless-triggers', 'serverless-apigateway'],
  ...['serverless-containers', 'lockbox', 'lockbox-payload', 'logging', 'log-reading'],
  ...['log-ingestion', 'vpc', 'kms', 'storage-api'],
]

/** `GET /endpoints` and `GET /endpoints/{id}`, which need no token. */
export function endpointRoutes(cloud: Cloud): Route[] {
  const all = () => [
    ...API_IDS.map((id) => ({ id, address: cloud.addresses.api })),
    { id: 'storage', address: cloud.addresses.storage },
  ]
  return [
    {
      method: 'GET',
      path: '/endpoints',
      isOpen: true,
      hasQuery: true,
      handle: ({ query }) => {
        // Paging is deprecated: its parameters are taken, and the answer is one page.
        readQuery(LIST_PAGE, query)
        return { endpoints: all() }
      },
    },
    {
      method: 'GET',
      path: '/endpoints/{endpointId}',
      isOpen: true,
      handle: ({ params }) => {
        const found = all().find(({ id }) => id === params.endpointId)
        if (!found) throw notFound('Endpoint', params.endpointId ?? '')
        return found
      },
    },
  ]
}
