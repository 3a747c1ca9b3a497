/** A `fetch` for Octokit over our own connections, to GitHub's host alone. */

import type { HttpRequest, Transport } from '../ports.ts'
import { isLoopback } from '../yandex/http/endpoints.ts'

/** A page of comments of 65,536 characters each, of up to four bytes. */
const MAX_RESPONSE_BYTES = 32 * 1024 ** 2

/** What Octokit gives to a `fetch`. */
interface FetchOptions {
  readonly method: HttpRequest['method']
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

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
  { transport, signal }: { transport: Transport; signal: AbortSignal },
): (address: string, options: FetchOptions) => Promise<Response> {
  return async (address, { method, headers, body }) => {
    const url = new URL(address)
    if (url.origin !== origin) throw new Error('it refers to another host')
    const answer = await transport({
      method,
      url,
      headers,
      signal,
      maxResponseBytes: MAX_RESPONSE_BYTES,
      ...(body !== undefined && { body: [Buffer.from(body)] }),
    })
    const { status } = answer
    if (status >= 300 && status < 400) throw new Error(`it redirects (HTTP ${status})`)
    // Octokit would take it for a list without comments.
    if (status < 400 && answer.body.byteLength === 0) {
      throw new Error(`it sent nothing (HTTP ${status})`)
    }
    return new Response(Buffer.from(answer.body), { status, headers: answer.headers })
  }
}
