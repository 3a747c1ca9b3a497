/** Calls a function over HTTP, once: whether to call again is for the caller to decide. */

import { DeployError, isError } from '../../errors.ts'
import type { HttpResponse, Transport } from '../../ports.ts'
import { isLoopback, type Endpoints } from '../http/endpoints.ts'
import { describeConnectionError } from '../http/network-error.ts'
import type { TokenSource } from '../iam/token.ts'

/** A call of the version that holds a tag. */
export interface FunctionCall {
  /** As {@link callableUrl} gives it. */
  readonly url: URL
  readonly tag: string
  /** Further parameters, without a `?`. */
  readonly query: string | undefined
  /** Makes it a POST. */
  readonly body: string | undefined
  /** Whether the body is the whole input of the function, and its result the whole answer. */
  readonly isRaw: boolean
  /** Whether the function must know who calls. */
  readonly needsToken: boolean
  readonly timeoutMs: number
}

/** An answer of any status, a redirect among them; or why there is none. */
export type CallResult =
  | { readonly kind: 'answered'; readonly answer: HttpResponse }
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** The answer is larger than one of a function may be. */
  | { readonly kind: 'oversized'; readonly reason: string }

export interface CallDeps {
  readonly transport: Transport
  readonly tokens: TokenSource
  readonly signal: AbortSignal
}

/** An answer has at most 3.5 MB: https://yandex.cloud/en/docs/functions/concepts/limits. In bytes. */
const MAX_ANSWER_BYTES = 4 * 1024 ** 2

/**
 * The address of a function as the API gives it, if a token may be sent there: over HTTPS, or within this machine where
 * the API itself is. Undefined otherwise.
 */
export async function callableUrl(
  httpInvokeUrl: string,
  { endpoints }: { endpoints: Endpoints },
): Promise<URL | undefined> {
  if (!URL.canParse(httpInvokeUrl)) return undefined
  const url = new URL(httpInvokeUrl)
  if (url.username !== '' || url.password !== '') return undefined
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:' || !isLoopback(url.hostname)) return undefined
  const api = await endpoints('serverless-functions')
  return api.protocol === 'http:' ? url : undefined
}

/** Throws the signal's reason, and DeployError AUTH_FAILED without a token. */
export async function callFunction(call: FunctionCall, deps: CallDeps): Promise<CallResult> {
  const { transport, tokens, signal } = deps
  const token = call.needsToken ? await tokens.get() : undefined
  const timeout = AbortSignal.timeout(call.timeoutMs)
  try {
    const answer = await transport({
      method: call.body === undefined ? 'GET' : 'POST',
      url: addressOf(call),
      headers: {
        ...(call.body !== undefined && { 'content-type': contentType(call.body) }),
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
      },
      ...(call.body !== undefined && { body: [Buffer.from(call.body)] }),
      signal: AbortSignal.any([signal, timeout]),
      maxResponseBytes: MAX_ANSWER_BYTES,
    })
    return { kind: 'answered', answer }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof DeployError) throw cause
    if (isError(cause) && cause.name === 'RangeError') {
      return { kind: 'oversized', reason: cause.message }
    }
    const reason = timeout.aborted
      ? `no answer within ${Math.round(call.timeoutMs / 1000)} s`
      : describeConnectionError(cause)
    return { kind: 'unanswered', reason }
  }
}

function addressOf({ url, tag, query, isRaw }: FunctionCall): URL {
  const address = new URL(url)
  const own = new URLSearchParams({ tag, ...(isRaw && { integration: 'raw' }) })
  address.search = [own.toString(), query ?? ''].filter((part) => part !== '').join('&')
  address.hash = ''
  return address
}

/** Of other bodies than JSON the function gets the bytes. */
function contentType(body: string): string {
  try {
    JSON.parse(body)
    return 'application/json'
  } catch {
    return 'text/plain; charset=utf-8'
  }
}
