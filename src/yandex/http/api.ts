/** Calls the JSON API: finds the address of the service, adds a token and an idempotency key, reads all pages. */

import { randomUUID } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import { readJson } from './answer.ts'
import { ApiError } from './api-error.ts'
import type { TokenSource } from '../iam/token.ts'
import type { Endpoints } from './endpoints.ts'
import type { RetryPolicy, Send } from './http.ts'
import { readPages, type Page } from './pages.ts'
import type { ServiceId } from './services.ts'
import { listOf, objectOf, textOf } from '../wire.ts'

/** One intent. Every method but GET sends an `Idempotency-Key`, the same one with each retry. */
export interface ApiRequest<T> {
  /** Continues "could not", such as `create the function`. */
  readonly what: string
  readonly service: ServiceId
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Reads the JSON of a 2xx answer; a TypeError means that it has another shape. */
  readonly read: (json: unknown) => T
  /** How long to wait while too many operations run at the same time, in milliseconds. */
  readonly quotaMs?: number
  readonly retry?: Partial<RetryPolicy>
  /** Whether an answer that cannot be read is not to be quoted: that with a version has its environment. */
  readonly mayHoldSecrets?: true
  /** Values of the body that a refusal may repeat, and nobody is to see. */
  readonly hides?: readonly string[]
}

/** A call of a list method. */
export interface ListRequest<T> {
  readonly what: string
  readonly service: ServiceId
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Name of the list in the answer. */
  readonly field: string
  readonly read: (item: unknown) => T
  readonly mayHoldSecrets?: true
}

export interface ApiDeps {
  readonly send: Send
  readonly endpoints: Endpoints
  readonly tokens: TokenSource
}

/** The JSON API. Throws DeployError. */
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
        hides: request.hides,
        ...(!request.mayHoldSecrets && { isPublic: true }),
        read: (answer) => request.read(readJson(answer)),
        refuse: (answer) => new ApiError(answer, { what: request.what, service: request.service }),
      }),
    )
  }
  const list = <T>(request: ListRequest<T>): Promise<readonly T[]> =>
    readPages(request.what, (pageToken) =>
      call({
        ...request,
        method: 'GET',
        query: { ...request.query, pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) },
        read: (json) => readPage(json, request),
      }),
    )
  return { call, list }
}

/** One page of a list method. Throws TypeError when the value is not one. */
export function readPage<T>(
  value: unknown,
  shape: { field: string; read: (item: unknown) => T },
): Page<T> {
  const object = objectOf(value, 'the page')
  return {
    items: listOf(object, shape.field).map(shape.read),
    nextPageToken: textOf(object, 'nextPageToken'),
  }
}

/** Runs a call with a token, and once more with a new one when that token was refused. */
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
