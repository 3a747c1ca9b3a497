/** Calls a function over HTTP, once: whether to call again is for the caller to decide. */

import type { Cloud } from '../cloud.ts'
import { sendOnce, type Sent } from '../http/attempt.ts'
import { isLoopback } from '../http/endpoints.ts'

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

/** An answer has at most 3.5 MB: https://yandex.cloud/en/docs/functions/concepts/limits. In bytes. */
const MAX_ANSWER_BYTES = 4 * 1024 ** 2

/**
 * The address of a function as the API gives it, if a token may be sent there: over HTTPS, or within this machine where
 * the API itself is. Undefined otherwise.
 */
export async function callableUrl(
  httpInvokeUrl: string,
  { endpoints }: Cloud,
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
export async function callFunction(call: FunctionCall, cloud: Cloud): Promise<Sent> {
  const { body, timeoutMs } = call
  const token = call.needsToken ? await cloud.tokens.get() : undefined
  return sendOnce(
    {
      method: body === undefined ? 'GET' : 'POST',
      url: addressOf(call),
      headers: {
        ...(body !== undefined && { 'content-type': contentType(body) }),
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
      },
      ...(body !== undefined && { body: [Buffer.from(body)] }),
      maxResponseBytes: MAX_ANSWER_BYTES,
    },
    { ...cloud, timeoutMs },
  )
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
