/** HTTP over the network: kept-alive connections, the proxies of the environment, no redirects. */

import { Readable } from 'node:stream'
import { checkBypass } from '@actions/http-client/lib/proxy'
// The parts that every run needs: all of `undici` brings `fetch`, WebSocket, caches and mocks into each start.
import type { Dispatcher } from 'undici'
import request from 'undici/lib/api/api-request.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import { DeployError } from './errors.ts'
import type { HttpRequest, HttpResponse, Transport } from './ports.ts'

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000

/**
 * Connections are kept per host; `https_proxy`, `http_proxy` and `no_proxy` are honoured as the runner does it. A call
 * through a proxy that cannot be used rejects with DeployError INPUT_INVALID.
 */
export function createTransport(): Transport {
  const dispatchers = new Map<string, Promise<Dispatcher>>()
  return async (call) => {
    const proxy = call.direct === true ? undefined : proxyFor(call.url)
    const timeoutMs = call.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS
    const key = `${timeoutMs} ${proxy ?? ''}`
    const dispatcher = dispatchers.get(key) ?? createDispatcher(proxy, timeoutMs)
    dispatchers.set(key, dispatcher)
    return exchange(call, await dispatcher)
  }
}

/** The proxy that the environment gives for an address, in lower case or upper case. */
function proxyFor(url: URL): string | undefined {
  if (checkBypass(url)) return undefined
  const name = `${url.protocol.slice(0, -1)}_proxy`
  const given = [name, name.toUpperCase()].find((spelling) => process.env[spelling])
  if (given === undefined) return undefined
  const value = process.env[given] ?? ''
  const address = value.includes('://') ? value : `http://${value}`
  try {
    const { protocol, username, password, href } = new URL(address)
    // A user or password is sent decoded.
    decodeURIComponent(username + password)
    if (protocol === 'http:' || protocol === 'https:') return href
  } catch {
    // Neither the value nor what a parser says of it is shown: it may hold a password.
  }
  throw new DeployError(
    'INPUT_INVALID',
    `The environment variable ${given} does not hold the address of an HTTP proxy.`,
    {
      hint: `Set ${given} to http://host:port or http://user:password@host:port, with % and other special characters of the password as %25 and so on; SOCKS proxies are not supported. Leave it out to connect without a proxy.`,
    },
  )
}

async function createDispatcher(proxy: string | undefined, timeoutMs: number): Promise<Dispatcher> {
  const connect = { timeout: timeoutMs }
  if (proxy === undefined) return new Agent({ connect })
  // A file of its own in the bundle, which runs without a proxy do not load.
  const { ProxyAgent } = await import('undici')
  return new ProxyAgent({ uri: proxy, proxyTls: connect, requestTls: connect })
}

async function exchange(call: HttpRequest, dispatcher: Dispatcher): Promise<HttpResponse> {
  const { origin, pathname, search } = call.url
  const length = call.body?.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  const response = await request.call(dispatcher, {
    origin,
    path: pathname + search,
    method: call.method,
    headers: {
      'user-agent': 'deploy-yandex-cloud-function',
      ...call.headers,
      ...(length !== undefined && { 'content-length': String(length) }),
    },
    signal: call.signal,
    // The signal limits every call; the client's own limit of 300 s is less than a function may take.
    headersTimeout: 0,
    bodyTimeout: 0,
    body: call.body ? Readable.from(call.body) : null,
  })
  return {
    status: response.statusCode,
    headers: flatten(response.headers),
    body: await readAll(response.body, call.maxResponseBytes),
  }
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
