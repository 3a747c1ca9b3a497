/** HTTP over the network: kept-alive connections, the proxies of the environment, no redirects. */

import { Readable } from 'node:stream'
import { getProxyUrl } from '@actions/http-client/lib/proxy'
import { Agent, ProxyAgent, request, type Dispatcher } from 'undici'
import type { HttpRequest, HttpResponse, Transport } from './ports.ts'

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000

/** Connections are kept per host; `https_proxy`, `http_proxy` and `no_proxy` are honoured as the runner does it. */
export function createTransport(): Transport {
  const dispatchers = new Map<string, Dispatcher>()
  const dispatcherFor = (request: HttpRequest): Dispatcher => {
    const proxy = request.direct === true ? undefined : getProxyUrl(request.url)?.href
    const timeoutMs = request.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS
    const key = `${timeoutMs} ${proxy ?? ''}`
    const known = dispatchers.get(key)
    if (known) return known
    const dispatcher = createDispatcher(proxy, timeoutMs)
    dispatchers.set(key, dispatcher)
    return dispatcher
  }
  return (request) => exchange(request, dispatcherFor(request))
}

function createDispatcher(proxy: string | undefined, timeoutMs: number): Dispatcher {
  const connect = { timeout: timeoutMs }
  return proxy === undefined
    ? new Agent({ connect })
    : new ProxyAgent({ uri: proxy, proxyTls: connect, requestTls: connect })
}

async function exchange(call: HttpRequest, dispatcher: Dispatcher): Promise<HttpResponse> {
  const response = await request(call.url, {
    dispatcher,
    method: call.method,
    headers: {
      'user-agent': 'deploy-yandex-cloud-function',
      ...call.headers,
      ...lengthOf(call.body),
    },
    signal: call.signal,
    body: call.body ? Readable.from(call.body) : null,
  })
  return {
    status: response.statusCode,
    headers: flatten(response.headers),
    body: await readAll(response.body, call.maxResponseBytes),
  }
}

function lengthOf(body: readonly Uint8Array[] | undefined): Record<string, string> {
  if (!body) return {}
  return { 'content-length': String(body.reduce((sum, chunk) => sum + chunk.byteLength, 0)) }
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new RangeError(`the answer is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function flatten(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
