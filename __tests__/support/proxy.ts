/** An HTTP proxy, and a cloud behind it that speaks TLS under names that nothing else can resolve. */

import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Emulator } from '../../emulator/index.ts'
import { makeCertificates } from './tls.ts'

/** A running server. */
export interface Running {
  readonly port: number
  close(): Promise<void>
}

/** A proxy that was asked for tunnels. */
export interface Proxy extends Running {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  /** `host:port` of each CONNECT, in order. */
  readonly tunnels: string[]
}

export interface ProxyOptions {
  /** Where every tunnel ends, whatever it was asked for. */
  readonly port: number
  /** `user:password` that it wants. */
  readonly credentials?: string
  /** Answers each CONNECT with this status. */
  readonly refusal?: number
}

/** Starts a proxy on the loopback address; it takes CONNECT and nothing else. */
export async function startProxy({ port, credentials, refusal }: ProxyOptions): Promise<Proxy> {
  const tunnels: string[] = []
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    tunnels.push(request.url ?? '')
    client.on('error', () => client.destroy())
    const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
    const isStranger = expected !== undefined && request.headers['proxy-authorization'] !== expected
    const status = isStranger ? 407 : refusal
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  const running = await listening(server)
  return { ...running, url: `http://127.0.0.1:${running.port}`, tunnels }
}

/** A cloud at `api.cloud.test:443`, a name that only a proxy can make something of. */
export interface TlsCloud extends Running {
  /** Of the authority that its certificate is from. */
  readonly ca: string
  /** `Host` of each request, in order. */
  readonly hosts: string[]
}

/** Ends TLS in front of an emulator, whose services get names of their own in the domain. */
export async function startTlsCloud(emulator: Emulator): Promise<TlsCloud> {
  const { ca, server: certificate } = makeCertificates(['*.cloud.test'])
  const hosts: string[] = []
  const server = createTlsServer(certificate, (request, response) => {
    const host = request.headers.host ?? ''
    hosts.push(host)
    if (request.url === '/endpoints') discover(response)
    else {
      pass(request, {
        response,
        to: host.startsWith('storage.') ? emulator.storageEndpoint : emulator.endpoint,
      })
    }
  })
  return { ...(await listening(server)), ca, hosts }
}

const SERVICES = ['iam', 'serverless-functions', 'operation', 'storage', 'lockbox', 'vpc']

function discover(response: ServerResponse): void {
  const endpoints = SERVICES.map((id) => ({ id, address: `${id}.cloud.test:443` }))
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ endpoints }))
}

function pass(
  request: IncomingMessage,
  { response, to }: { response: ServerResponse; to: string },
): void {
  const { method, headers } = request
  const upstream = forward(new URL(request.url ?? '/', to), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  upstream.on('error', () => response.destroy())
  request.pipe(upstream)
}

/** Starts listening, and closes with every connection, tunnels included. */
async function listening(server: Server): Promise<Running> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}
