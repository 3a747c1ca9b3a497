/** Calls a service: finds its address, adds a token and an idempotency key, reads JSON and all pages. */

import { randomUUID } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import type { Read } from '../fields.ts'
import { readJson } from './answer.ts'
import { ApiError } from './api-error.ts'
import type { TokenSource } from '../iam/token.ts'
import type { Endpoints } from './endpoints.ts'
import type { Call, Send } from './http.ts'
import { readPage, readPages } from './pages.ts'
import type { ServiceId } from './services.ts'

export interface ApiDeps {
  readonly send: Send
  readonly endpoints: Endpoints
  readonly tokens: TokenSource
}

/** A call of a service with a token. */
export interface ServiceCall<T> extends Omit<Call<T>, 'url' | 'refuse'> {
  readonly service: ServiceId
  /** With the query. */
  readonly path: string
}

/** One intent. Every method but GET sends an `Idempotency-Key`, the same one with each retry. */
export interface ApiRequest<T> extends Pick<
  Call<T>,
  'what' | 'quotaMs' | 'retry' | 'hides' | 'onUnanswered'
> {
  /** That of functions when left out. */
  readonly service?: ServiceId
  /** GET when left out. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Reads the JSON of a 2xx answer; a TypeError means that it has another shape. */
  readonly read: (json: unknown) => T
  /** Whether an answer that cannot be read is not to be quoted: that with a version has its environment. */
  readonly mayHoldSecrets?: true
}

/** A call of a list method. */
export interface ListRequest<T> extends Omit<ApiRequest<T>, 'method' | 'body' | 'read'> {
  /** Name of the list in the answer. */
  readonly field: string
  /** Reads one item. */
  readonly read: Read<T>
}

/** The API of the cloud. Throws DeployError. */
export interface Api {
  /** Sends a call, and once more with a new token when the first one was refused. */
  send<T>(call: ServiceCall<T>): Promise<T>
  call<T>(request: ApiRequest<T>): Promise<T>
  /** All items over all pages. */
  list<T>(request: ListRequest<T>): Promise<readonly T[]>
}

/** Largest page of the list methods: https://github.com/yandex-cloud/cloudapi (`page_size`, 0-1000). */
const PAGE_SIZE = '1000'

export function createApi({ endpoints, tokens, ...deps }: ApiDeps): Api {
  const api: Api = {
    send: async ({ service, path, ...call }) => {
      const url = new URL(path, await endpoints(service))
      const sendWith = (token: Secret, { isChange }: Pick<Call<unknown>, 'isChange'>) =>
        deps.send({
          ...call,
          isChange,
          url,
          headers: { ...call.headers, authorization: `Bearer ${token.reveal()}` },
          refuse: (answer) => new ApiError(answer, { what: call.what, service }),
        })
      const token = await tokens.get()
      try {
        return await sendWith(token, call)
      } catch (error) {
        if (!(error instanceof ApiError) || !error.refusesToken) throw error
        const renewed = await tokens.renew(token)
        if (!renewed) throw error
        // One of the tries with the first token may have had no answer.
        return sendWith(renewed, {})
      }
    },
    call: (request) => {
      const { service = 'serverless-functions', method = 'GET', query, body, ...rest } = request
      const { path, read, mayHoldSecrets, ...intent } = rest
      const search = new URLSearchParams(query).toString()
      return api.send({
        ...intent,
        service,
        method,
        path: search === '' ? path : `${path}?${search}`,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
        },
        ...(method !== 'GET' && { isChange: true }),
        ...(body !== undefined && { body: [Buffer.from(JSON.stringify(body))] }),
        ...(!mayHoldSecrets && { isPublic: true }),
        read: (answer) => read(readJson(answer)),
      })
    },
    list: ({ field, read, ...request }) =>
      readPages(request.what, (pageToken) =>
        api.call({
          ...request,
          query: { ...request.query, pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) },
          read: (json) => readPage(json, { field, read }),
        }),
      ),
  }
  return api
}
