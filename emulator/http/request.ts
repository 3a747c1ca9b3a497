/** Requests and answers as the emulator's handlers see them, and the record that is kept of each. */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** A request as the handlers see it. */
export interface Request {
  readonly method: string
  /** As it was sent, without the query, not decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown
  readonly requestId: string
  /** Asks for the answer of a version that the tag no longer names. */
  readonly stale?: { readonly versionId?: string }
}

/** An answer; an object is sent as JSON. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Buffer | string | object
}

/** What was asked of the emulator, in order of arrival. */
export interface RecordedRequest {
  /** Endpoint id, such as `iam` or `storage`. */
  readonly service: string
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON, else the number of bytes. */
  readonly body: unknown
  /** Status sent; 0 until then, and for a connection that was reset. */
  readonly status: number
  readonly atMs: number
  /** From arrival to answer, in milliseconds. */
  readonly durationMs: number
}

const BRACE = 0x7b

/** The whole body of a request. */
export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The body as JSON; undefined when it is none. */
export function parseJson(body: Buffer, contentType = ''): unknown {
  if (body.length === 0 || (!contentType.includes('json') && body[0] !== BRACE)) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
