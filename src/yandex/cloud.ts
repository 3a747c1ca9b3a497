/** A connection to the cloud: one set of addresses and tokens for all calls. */

import type { Clock, Transport } from '../ports.ts'
import { createApi, type Api } from './http/api.ts'
import type { TokenSource } from './iam/token.ts'
import { createTokenSource, type Credentials } from './iam/token-source.ts'
import { createEndpoints, type Endpoints } from './http/endpoints.ts'
import { createHttp, type RetryPolicy, type Send } from './http/http.ts'

export interface CloudDeps {
  readonly transport: Transport
  readonly clock: Clock
  /** Ends every call when it aborts. */
  readonly signal: AbortSignal
  readonly log: (message: string) => void
  /** Called with every secret that is derived, before its first use. */
  readonly mask: (value: string) => void
  readonly retry?: Partial<RetryPolicy> | undefined
}

export interface Cloud {
  readonly api: Api
  readonly send: Send
  /** One exchange without retries, for calls whose attempts are counted elsewhere. */
  readonly transport: Transport
  readonly endpoints: Endpoints
  readonly tokens: TokenSource
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (message: string) => void
  readonly mask: (value: string) => void
  /** The same connection under another signal. */
  withSignal(signal: AbortSignal): Cloud
}

/** Nothing is sent before the first call. */
export function openCloud(
  { credentials, endpoint }: { credentials: Credentials; endpoint: URL },
  deps: CloudDeps,
): Cloud {
  const send = createHttp({ ...deps, policy: deps.retry })
  const endpoints = createEndpoints(endpoint, { send })
  const tokens = createTokenSource(credentials, {
    send,
    endpoints,
    clock: deps.clock,
    mask: deps.mask,
  })
  return buildCloud({ send, endpoints, tokens }, deps)
}

function buildCloud(
  { send, endpoints, tokens }: { send: Send; endpoints: Endpoints; tokens: TokenSource },
  deps: CloudDeps,
): Cloud {
  return {
    api: createApi({ send, endpoints, tokens }),
    send,
    transport: deps.transport,
    endpoints,
    tokens,
    clock: deps.clock,
    signal: deps.signal,
    log: deps.log,
    mask: deps.mask,
    withSignal: (signal) => {
      const changed = { ...deps, signal }
      return buildCloud(
        { send: createHttp({ ...changed, policy: deps.retry }), endpoints, tokens },
        changed,
      )
    },
  }
}
