/** GitHub's API for comments in memory, as strict as the part of it that the action uses. */

import type { HttpRequest, HttpResponse, Transport } from '../../src/ports.ts'
import { bodyText, json } from './fakes.ts'

export const GITHUB_TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz'

const NO_RIGHT = { status: 403, message: 'Resource not accessible by integration' }
const MAX_CHARACTERS = 65_536

/** A comment on the one pull request that there is. */
export interface StoredComment {
  readonly id: number
  readonly author: string
  body: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  updatedAt: number
}

/** Answers instead of the API when it returns something; may reject. */
export type Fault = (
  request: HttpRequest,
) => HttpResponse | undefined | Promise<HttpResponse | undefined>

/** The pull request 7 of `octo-org/hello`. */
export class FakeGitHub {
  readonly comments: StoredComment[] = []
  readonly requests: HttpRequest[] = []
  /** Who the token belongs to; a login that ends in `[bot]` is that of an app. */
  account = 'github-actions[bot]'
  fault: Fault = () => undefined
  /** Milliseconds since the epoch; nothing but a test moves it. */
  nowMs = Date.UTC(2026, 0, 1)
  readonly #root: string
  #nextId = 1001

  constructor(root = 'https://api.github.com') {
    this.#root = root
  }

  /** Puts a comment there without asking the API. */
  seed(author: string, body: string): StoredComment {
    const times = { createdAt: this.nowMs, updatedAt: this.nowMs }
    const comment = { id: this.#nextId++, author, body, ...times }
    this.comments.push(comment)
    return comment
  }

  /** `POST /path` of each request that writes. */
  get writes(): string[] {
    return this.requests
      .filter(({ method }) => method !== 'GET')
      .map(({ method, url }) => `${method} ${url.pathname}`)
  }

  readonly send: Transport = async (request) => {
    request.signal.throwIfAborted()
    this.requests.push(request)
    return (await this.fault(request)) ?? this.#answer(request)
  }

  #answer(request: HttpRequest): HttpResponse {
    const { method, url, headers } = request
    if (headers.authorization !== `token ${GITHUB_TOKEN}`) {
      return refusal({ status: 401, message: 'Bad credentials' })
    }
    const route = `${method} ${(url.origin + url.pathname).slice(this.#root.length)}`
    const [, id] = /^PATCH \/repos\/octo-org\/hello\/issues\/comments\/(\d+)$/.exec(route) ?? []
    if (id !== undefined) return this.#update(Number(id), request)
    switch (route) {
      case 'GET /user':
        // An installation has no user.
        return isApp(this.account) ? refusal(NO_RIGHT) : json({ login: this.account })
      case 'GET /repos/octo-org/hello/issues/7/comments':
        return this.#list(url)
      case 'POST /repos/octo-org/hello/issues/7/comments':
        return (
          refuseBody(request) ??
          json(this.#shown(this.seed(this.account, bodyOf(request))), { status: 201 })
        )
      default:
        return refusal({ status: 404, message: 'Not Found' })
    }
  }

  #list(url: URL): HttpResponse {
    const perPage = Number(url.searchParams.get('per_page') ?? 30)
    const page = Number(url.searchParams.get('page') ?? 1)
    const next = new URL(url)
    next.searchParams.set('page', String(page + 1))
    const since = Date.parse(url.searchParams.get('since') ?? '1970-01-01')
    const all = this.comments.filter(({ updatedAt }) => updatedAt >= since)
    const items = all.slice((page - 1) * perPage, page * perPage)
    const isLast = page * perPage >= all.length
    return json(
      items.map((comment) => this.#shown(comment)),
      { headers: isLast ? {} : { link: `<${next.href}>; rel="next", <${url.href}>; rel="first"` } },
    )
  }

  #update(id: number, request: HttpRequest): HttpResponse {
    const comment = this.comments.find((each) => each.id === id)
    if (!comment) return refusal({ status: 404, message: 'Not Found' })
    if (comment.author !== this.account) return refusal(NO_RIGHT)
    const refused = refuseBody(request)
    if (refused) return refused
    comment.body = bodyOf(request)
    comment.updatedAt = this.nowMs
    return json(this.#shown(comment))
  }

  #shown({ id, author, body, createdAt, updatedAt }: StoredComment): object {
    return {
      id,
      body,
      html_url: `https://github.com/octo-org/hello/pull/7#issuecomment-${id}`,
      created_at: new Date(createdAt).toISOString(),
      updated_at: new Date(updatedAt).toISOString(),
      user: author === '' ? null : { login: author, type: isApp(author) ? 'Bot' : 'User' },
    }
  }
}

function isApp(login: string): boolean {
  return login.endsWith('[bot]')
}

/** A refusal in the form of GitHub. */
export function refusal({ status, message }: { status: number; message: string }): HttpResponse {
  return json(
    { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
    { status },
  )
}

function bodyOf(request: HttpRequest): string {
  return (JSON.parse(bodyText(request)) as { body: string }).body
}

function refuseBody(request: HttpRequest): HttpResponse | undefined {
  const { length } = bodyOf(request)
  if (length > 0 && length <= MAX_CHARACTERS) return undefined
  return refusal({ status: 422, message: 'Validation Failed: body is too long' })
}
