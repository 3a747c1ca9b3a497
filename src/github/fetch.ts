/** A `fetch` for Octokit over our own connections, to GitHub's host alone. */

import { DeployError, isError } from '../errors.ts'
import type { Clock, HttpRequest, HttpResponse, Transport } from '../ports.ts'
import { parseRetryAfter } from '../yandex/http/attempt.ts'
import { isLoopback } from '../yandex/http/endpoints.ts'
import { backoff } from '../yandex/http/http.ts'
import { permanentFault } from '../yandex/http/network-error.ts'

/** A page of comments of 65,536 characters each, of up to four bytes. */
const MAX_RESPONSE_BYTES = 32 * 1024 ** 2

const MAX_ATTEMPTS = 3
const DELAYS = { firstDelayMs: 500, maxDelayMs: 1_000 }

/** A comment is read and changed as often as it takes; created twice, it would be two. */
const REPEATABLE: readonly HttpRequest['method'][] = ['GET', 'PATCH']
const TRANSIENT_STATUSES = [500, 502, 503, 504]

export interface FetchDeps {
  readonly transport: Transport
  readonly clock: Clock
  readonly signal: AbortSignal
  /** The time of the clock after which nothing is waited for. */
  readonly endsAt: number
}

/** What Octokit gives to a `fetch`. */
type FetchOptions = Pick<HttpRequest, 'method' | 'headers'> & { readonly body?: string }

/** Root of the API as a URL. Throws Error when a token would travel in the open. */
export function parseApiUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url?.protocol === 'http:' && isLoopback(url.hostname)
  if (url?.protocol === 'https:' || isLocal) return url
  throw new Error('GITHUB_API_URL is not an https:// URL, so the token is not sent there')
}

/** Rejects for another host, since Octokit follows the link to a next page with the token, and for a redirect. */
export function fetchFrom(
  origin: string,
  deps: FetchDeps,
): (address: string, options: FetchOptions) => Promise<Response> {
  return async (address, { method, headers, body }) => {
    const url = new URL(address)
    if (url.origin !== origin) throw new Error('it refers to another host')
    const answer = await send(
      {
        method,
        url,
        headers,
        signal: deps.signal,
        maxResponseBytes: MAX_RESPONSE_BYTES,
        ...(body !== undefined && { body: [Buffer.from(body)] }),
      },
      deps,
    )
    const { status } = answer
    if (status >= 300 && status < 400) throw new Error(`it redirects (HTTP ${status})`)
    // Octokit would take it for a list without comments.
    if (status < 400 && answer.body.byteLength === 0) {
      throw new Error(`it sent nothing (HTTP ${status})`)
    }
    return new Response(Buffer.from(answer.body), { status, headers: answer.headers })
  }
}

/** Once more after trouble that may pass, where that does no harm. */
async function send(
  request: HttpRequest,
  { transport, clock, endsAt }: FetchDeps,
): Promise<HttpResponse> {
  const most = REPEATABLE.includes(request.method) ? MAX_ATTEMPTS : 1
  for (let attempts = 1; ; attempts++) {
    const backoffMs = backoff(attempts, { ...DELAYS, random: clock.random() })
    let delayMs
    try {
      const answer = await transport(request)
      delayMs = delayAfter(answer, { backoffMs, nowMs: clock.wallTime() })
      if (delayMs === undefined || attempts >= most || clock.now() + delayMs > endsAt) return answer
    } catch (error) {
      if (!mayPass(error) || attempts >= most || clock.now() + backoffMs > endsAt) throw error
      delayMs = backoffMs
    }
    await clock.sleep(delayMs, request.signal)
  }
}

/** Undefined for a final answer. Without `Retry-After`, a 429 does not tell how long it lasts. */
function delayAfter(
  { status, headers }: HttpResponse,
  { backoffMs, nowMs }: { backoffMs: number; nowMs: number },
): number | undefined {
  const askedMs = parseRetryAfter(headers['retry-after'], nowMs)
  if (status === 429) return askedMs
  return TRANSIENT_STATUSES.includes(status) ? (askedMs ?? backoffMs) : undefined
}

/** Whether a connection may work the next time; the transport rejects an oversized answer with a RangeError. */
function mayPass(error: unknown): boolean {
  const isFinal = error instanceof DeployError || (isError(error) && error.name === 'RangeError')
  return !isFinal && permanentFault(error) === undefined
}
