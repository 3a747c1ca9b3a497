/** The metadata service of a VM with a service account. */

import { PlainRefusal, type Route } from '../http/route.ts'
import type { Cloud } from '../state.ts'
import { issueToken } from './tokens.ts'

/** `GET /computeMetadata/v1/instance/service-accounts/default/token`. */
export function metadataRoutes(cloud: Cloud, serviceAccountId: string): Route[] {
  return [
    {
      method: 'GET',
      path: '/computeMetadata/v1/instance/service-accounts/default/token',
      isOpen: true,
      handle: ({ headers }) => {
        if (headers['metadata-flavor'] !== 'Google') {
          throw new PlainRefusal(403, 'Missing Metadata-Flavor:Google header.')
        }
        const { token, expiresAtMs } = issueToken(cloud, serviceAccountId)
        const expiresIn = Math.floor((expiresAtMs - cloud.settings.clock()) / 1000)
        return { access_token: token, expires_in: expiresIn, token_type: 'Bearer' }
      },
    },
  ]
}
