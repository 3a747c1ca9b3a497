/** Calls of the JSON API: a service's address, a token, an idempotency key, pages. */

import { randomUUID } from 'node:crypto'
import { DeployError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { ApiError } from './api-error.ts'
import type { TokenSource } from '../iam/token-source.ts'
import type { Endpoints, ServiceId } from './endpoints.ts'
import type { RetryPolicy, Send } from './http.ts'
import { readJson } from './json.ts'
import { readPage } from '../wire.ts'

/** One intent. Everything but a GET carries an `Idempotency-Key` that stays the same over its retries. */
export interface ApiRequest<T> {
  /** Continues "could not", such as `create the function`. */
  readonly what: string
  readonly service: ServiceId
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Reads the JSON of a 2xx answer; a TypeError means that it has another shape. */
  readonly read: (json: unknown) => T
  /** Patience while too many operations run at once, in milliseconds. */
  readonly quotaMs?: number
  readonly retry?: Partial<RetryPolicy>
  /** Whether an answer that cannot be read is not to be quoted: that with a version has its environment. */
  readonly mayHoldSecrets?: true
}

/** A list method: `field` is the name of the list in its answer. */
export interface ListRequest<T> {
  readonly what: string
  readonly service: ServiceId
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly field: string
  readonly read: (item: unknown) => T
  readonly mayHoldSecrets?: true
}

export interface ApiDeps {
  readonly send: Send
  readonly endpoints: Endpoints
  readonly tokens: TokenSource
}

/** Far more than any folder has; a server that always has another page would never let go. */
const MAX_PAGES = 200

/** The JSON API; throws DeployError. */
export interface Api {
  call<T>(request: ApiRequest<T>): Promise<T>
  /** All items over all pages. */
  list<T>(request: ListRequest<T>): Promise<readonly T[]>
}

/** Largest page of the list methods: https://github.com/yandex-cloud/cloudapi (`page_size`, 0-1000). */
const PAGE_SIZE = '1000'

export function createApi(deps: ApiDeps): Api {
  const call = async <T>(request: ApiRequest<T>): Promise<T> => {
    const url = new URL(request.path, await deps.endpoints(request.service))
    url.search = new URLSearchParams(request.query).toString()
    const body =
      request.body === undefined ? undefined : [Buffer.from(JSON.stringify(request.body))]
    const headers = {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(request.method !== 'GET' && { 'idempotency-key': randomUUID() }),
    }
    return authorized(deps.tokens, (token) =>
      deps.send({
        what: request.what,
        method: request.method,
        url,
        headers: { ...headers, authorization: `Bearer ${token.reveal()}` },
        ...(body && { body }),
        quotaMs: request.quotaMs,
        retry: request.retry,
        ...(!request.mayHoldSecrets && { isPublic: true }),
        read: (answer) => request.read(readJson(answer)),
        refuse: (answer) => new ApiError(answer, { what: request.what, service: request.service }),
      }),
    )
  }
  const list = async <T>(request: ListRequest<T>): Promise<readonly T[]> => {
    const items: T[] = []
    const seen = new Set<string>()
    for (let pageToken = ''; ;) {
      const page = await call({
        ...request,
        method: 'GET',
        query: { ...request.query, pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) },
        read: (json) => readPage(json, request),
      })
      items.push(...page.items)
      pageToken = page.nextPageToken
      if (pageToken === '') return items
      const isCircle = seen.has(pageToken)
      if (isCircle || seen.add(pageToken).size === MAX_PAGES) {
        const reason = isCircle ? 'the pages go in a circle' : `${MAX_PAGES} pages are not the end`
        throw new DeployError('API_UNEXPECTED', `Could not ${request.what}: ${reason}.`)
      }
    }
  }
  return { call, list }
}

/** Runs a call with a token, and once more with a renewed one when that token was refused. */
export async function authorized<T>(
  tokens: TokenSource,
  call: (token: Secret) => Promise<T>,
): Promise<T> {
  const token = await tokens.get()
  try {
    return await call(token)
  } catch (error) {
    if (!(error instanceof ApiError) || !error.refusesToken) throw error
    const renewed = await tokens.renew(token)
    if (!renewed) throw error
    return call(renewed)
  }
}
