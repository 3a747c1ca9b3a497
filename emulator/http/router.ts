/** Routes of the API listener: path templates, authentication, and how refusals become answers. */

import { checkToken } from '../identity/tokens.ts'
import { readQuery } from '../messages/read.ts'
import type { Cloud } from '../state.ts'
import type { Reply, Request } from './request.ts'
import { ApiError, CODE, httpStatus, rejected, statusBody } from './status.ts'

/** A request that found its route. */
export interface Call extends Request {
  /** Values of the `{name}` parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** Service account that the IAM token is for; empty on an open route. */
  readonly subject: string
}

/** One method of a service. */
export interface Route {
  readonly method: string
  /** Such as `/functions/v1/functions/{functionId}:setTag`. */
  readonly path: string
  /** Reads the query itself; on other routes a parameter is refused. */
  readonly hasQuery?: true
  /** Answers without an IAM token. */
  readonly isOpen?: true
  /** The body of a 200 answer. */
  readonly handle: (call: Call) => object | Promise<object>
}

/** An answer that is neither 200 nor a `google.rpc.Status`, as OAuth and the metadata service give. */
export class PlainRefusal extends Error {
  readonly status: number
  readonly body: string | object

  constructor(status: number, body: string | object) {
    super(`HTTP ${status}`)
    this.name = 'PlainRefusal'
    this.status = status
    this.body = body
  }
}

/** Answers requests by the first route that matches. */
export function router(
  cloud: Cloud,
  routes: readonly Route[],
): (request: Request) => Promise<Reply> {
  const compiled = routes.map((route) => ({ route, pattern: compile(route.path) }))
  return async (request) => {
    try {
      for (const { route, pattern } of compiled) {
        const match = route.method === request.method && pattern.exec(request.path)
        if (!match) continue
        const subject = route.isOpen ? '' : checkToken(cloud, request.headers.authorization)
        if (!route.hasQuery) readQuery({ fields: {} }, request.query)
        checkBody(request)
        const params = Object.fromEntries(
          Object.entries(match.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)]),
        )
        return { status: 200, body: await route.handle({ ...request, params, subject }) }
      }
      throw new ApiError({
        code: CODE.NOT_FOUND,
        message: `No method for ${request.method} ${request.path}`,
      })
    } catch (error) {
      return refuse(error, request.requestId)
    }
  }
}

function compile(path: string): RegExp {
  const literal = path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/:]+)')
  return new RegExp(`^${literal}$`)
}

function checkBody(request: Request): void {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  if (request.body.length === 0 || isForm) return
  if (request.json === undefined) throw rejected('Request body is not valid JSON')
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw rejected('Content-Type must be application/json')
  }
}

function refuse(error: unknown, requestId: string): Reply {
  if (error instanceof PlainRefusal) return { status: error.status, body: error.body }
  const status =
    error instanceof ApiError
      ? error.toStatus()
      : { code: CODE.INTERNAL, message: `Internal error: ${String(error)}` }
  return { status: httpStatus(status.code), body: statusBody(status, requestId) }
}
