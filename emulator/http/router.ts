/** Routes of the API listener: path templates, authentication, and how refusals become answers. */

import { checkPermission } from '../identity/roles.ts'
import { checkToken } from '../identity/tokens.ts'
import { functionOf } from '../lookup.ts'
import { readQuery } from '../messages/read.ts'
import type { Cloud } from '../state.ts'
import type { Reply, Request } from './request.ts'
import { PlainRefusal, type Call, type Route } from './route.ts'
import { ApiError, CODE, httpStatus, rejected, statusBody } from './status.ts'

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
        const params = readParams(match.groups)
        if (route.permission) {
          const functionId = functionOf(cloud, { params, query: request.query, json: request.json })
          checkPermission(cloud, { subject, permission: route.permission, functionId })
        }
        if (!route.hasQuery) readQuery({ fields: {} }, request.query)
        checkBody(request)
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

function readParams(groups: Readonly<Record<string, string>> = {}): Call['params'] {
  return Object.fromEntries(Object.entries(groups).map(([k, v]) => [k, decodeURIComponent(v)]))
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
