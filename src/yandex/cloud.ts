/** A connection to the cloud: one set of addresses and tokens for all calls. */

import { createApi, type Api, type ApiDeps } from './http/api.ts'
import { createTokenSource, type Credentials } from './iam/token-source.ts'
import { createEndpoints } from './http/endpoints.ts'
import { createHttp, type HttpDeps } from './http/http.ts'

export interface CloudDeps extends HttpDeps {
  /** Called with every secret that is derived, before its first use. */
  readonly mask: (value: string) => void
}

export interface Cloud extends CloudDeps, ApiDeps {
  readonly api: Api
  /** The same connection under another signal. */
  withSignal(signal: AbortSignal): Cloud
}

/** Nothing is sent before the first call. */
export function openCloud(
  { credentials, endpoint }: { credentials: Credentials; endpoint: URL },
  deps: CloudDeps,
): Cloud {
  const send = createHttp(deps)
  const endpoints = createEndpoints(endpoint, { send })
  const tokens = createTokenSource(credentials, { ...deps, send, endpoints })
  return buildCloud({ send, endpoints, tokens }, deps)
}

function buildCloud(calls: ApiDeps, deps: CloudDeps): Cloud {
  return {
    ...deps,
    ...calls,
    api: createApi(calls),
    withSignal: (signal) => {
      const changed = { ...deps, signal }
      return buildCloud({ ...calls, send: createHttp(changed) }, changed)
    },
  }
}
