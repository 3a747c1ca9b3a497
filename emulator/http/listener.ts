/** A listener: reads a request, records it, disturbs it if a fault is due, and sends the answer. */

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Faults, type FaultEffect } from './faults.ts'
import { parseJson, readBody, type RecordedRequest, type Reply, type Request } from './request.ts'

/** What all listeners share. */
export interface Hub {
  readonly requests: RecordedRequest[]
  readonly faults: Faults
  readonly closing: AbortSignal
}

/** One listener's part: who answers, and what its refusals look like. */
export interface Site {
  readonly port: number
  readonly hub: Hub
  /** Added to every answer. */
  readonly latencyMs: number
  /** Endpoint id for a path. */
  service(path: string): string
  answer(request: Request): Promise<Reply>
  /** The body of a refusal that a fault asked for by its status alone. */
  refusal(status: number, requestId: string): string | object
}

/** An open listener. */
export interface Listener {
  /** `127.0.0.1:PORT`. */
  readonly address: string
  close(): Promise<void>
}

/** Starts a listener on the loopback address. */
export async function listen(site: Site): Promise<Listener> {
  const server = createServer((req, res) => {
    serve(site, { req, res }).catch(() => req.socket.destroy())
  })
  // Longer than any test keeps a connection idle, so that a reused connection is never closed under the client.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(site.port, '127.0.0.1', resolve)
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new TypeError('the listener has no port')
  return {
    address: `127.0.0.1:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

async function serve(site: Site, { req, res }: Exchange): Promise<void> {
  const { hub } = site
  const started = performance.now()
  const [path = '/', search = ''] = (req.url ?? '/').split(/\?(.*)/s)
  const query = new URLSearchParams(search)
  const method = req.method ?? 'GET'
  const record = {
    service: site.service(path),
    method,
    path,
    query,
    headers: req.headers,
    body: undefined as unknown,
    status: 0,
    atMs: performance.timeOrigin + started,
    durationMs: 0,
  }
  hub.requests.push(record)
  const body = await readBody(req)
  const json = parseJson(body, req.headers['content-type'])
  record.body = json ?? body.length
  const effect = hub.faults.take(record)
  const wait = site.latencyMs + (effect?.kind === 'delay' ? effect.ms : 0)
  if (wait > 0) await sleep(wait, undefined, { signal: hub.closing })
  const requestId = randomUUID()
  const request = { method, path, query, headers: req.headers, body, json, requestId }
  const reply = await disturbed(site, { request, effect })
  record.durationMs = performance.now() - started
  if (reply === undefined) {
    req.socket.resetAndDestroy()
    return
  }
  record.status = reply.status
  send(res, { reply, request, isTruncated: effect?.kind === 'truncate' })
}

async function disturbed(
  site: Site,
  { request, effect }: { request: Request; effect: FaultEffect | undefined },
): Promise<Reply | undefined> {
  switch (effect?.kind) {
    case 'drop':
      return undefined
    case 'lose-answer':
      await site.answer(request)
      return undefined
    case 'raw': {
      await site.answer(request)
      const { body, contentType = 'text/html', status = 200 } = effect
      return { status, headers: { 'content-type': contentType }, body }
    }
    case 'status': {
      const { status, headers, body = site.refusal(status, request.requestId) } = effect
      return { status, body, ...(headers && { headers }) }
    }
    case 'stale':
      return site.answer({ ...request, stale: effect })
    case 'without-headers': {
      const reply = await site.answer(request)
      const names = effect.names.map((name) => name.toLowerCase())
      const headers = Object.entries(reply.headers ?? {})
      return { ...reply, headers: Object.fromEntries(headers.filter(([n]) => !names.includes(n))) }
    }
    case 'delay':
    case 'truncate':
    case undefined:
      return site.answer(request)
  }
}

function send(
  res: ServerResponse,
  sent: { readonly reply: Reply; readonly request: Request; readonly isTruncated: boolean },
): void {
  const { reply, request, isTruncated } = sent
  const isJson = typeof reply.body === 'object' && !Buffer.isBuffer(reply.body)
  const bytes = Buffer.isBuffer(reply.body)
    ? reply.body
    : Buffer.from(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  res.writeHead(reply.status, {
    ...(isJson && { 'content-type': 'application/json' }),
    'content-length': bytes.length,
    'x-request-id': request.requestId,
    'x-server-trace-id': request.requestId.replaceAll('-', ''),
    ...reply.headers,
  })
  if (request.method === 'HEAD') {
    res.end()
  } else if (isTruncated) {
    res.write(bytes.subarray(0, bytes.length >> 1), () => res.socket?.destroy())
  } else {
    res.end(bytes)
  }
}
