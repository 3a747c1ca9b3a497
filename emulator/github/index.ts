/**
 * A stand-in for GitHub's API on a port of its own: comments of pull requests, and who a token belongs to. As strict
 * as https://docs.github.com/en/rest, in memory.
 */

import { randomBytes } from 'node:crypto'
import { Faults, type FaultSpec } from '../http/faults.ts'
import { listen } from '../http/listener.ts'
import type { RecordedRequest, Reply, Request } from '../http/request.ts'
import { GithubError, githubRefusal, notAccessible, refusalReply } from './answers.ts'
import { commentsReply } from './comments.ts'
import { addComment, type GithubComment, type GithubState, type Holder } from './state.ts'

export type { CommentRight, GithubComment } from './state.ts'

/** How to start it. */
export interface GithubOptions {
  /** `owner/name`; default `octo-org/hello`. */
  readonly repository?: string
  /** Numbers of the issues and pull requests that exist; default 1. */
  readonly issues?: readonly number[]
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly clock?: () => number
}

/** A running stand-in. */
export interface Github {
  /** For GITHUB_API_URL. */
  readonly apiUrl: string
  readonly repository: string
  /** The token of a job that may write comments, as `github-actions[bot]`. */
  readonly token: string
  /** The token of a job on a fork's pull request. */
  readonly readOnlyToken: string
  /** A token of anybody; a login that ends in `[bot]` is that of an app. */
  readonly tokenOf: (holder: Holder) => string
  readonly requests: readonly RecordedRequest[]
  readonly fault: (spec: FaultSpec) => void
  readonly clearFaults: () => void
  /** Adds a comment, of `github-actions[bot]` unless a login is given. */
  readonly addComment: (comment: {
    readonly issue: number
    readonly body: string
    readonly login?: string
  }) => GithubComment
  readonly deleteComment: (id: number) => void
  readonly lockIssue: (issue: number) => void
  /** Oldest first. */
  readonly comments: (issue: number) => readonly GithubComment[]
  readonly close: () => Promise<void>
}

const ACTIONS_BOT = 'github-actions[bot]'

/** Starts it on a port of the loopback address. */
export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const state: GithubState = {
    repository: options.repository ?? 'octo-org/hello',
    repositoryId: 1_296_269,
    tokens: new Map(),
    issues: new Set(options.issues ?? [1]),
    locked: new Set(),
    comments: new Map(),
    clock: options.clock ?? Date.now,
    nextCommentId: 1_000_000,
  }
  const tokenOf = (holder: Holder) => {
    const token = `ghs_${randomBytes(18).toString('hex')}`
    state.tokens.set(token, holder)
    return token
  }
  const closing = new AbortController()
  const hub = { requests: [], faults: new Faults(), closing: closing.signal }
  const listener = await listen({
    hub,
    port: 0,
    latencyMs: 0,
    service: () => 'github',
    answer: (request) => Promise.resolve(reply(state, request)),
    refusal: githubRefusal,
  })
  return {
    apiUrl: `http://${listener.address}`,
    repository: state.repository,
    token: tokenOf({ login: ACTIONS_BOT, right: 'write' }),
    readOnlyToken: tokenOf({ login: ACTIONS_BOT, right: 'read' }),
    tokenOf,
    requests: hub.requests,
    fault: (spec) => {
      hub.faults.add(spec)
    },
    clearFaults: () => {
      hub.faults.clear()
    },
    addComment: (comment) => ({ ...addComment(state, { login: ACTIONS_BOT, ...comment }) }),
    deleteComment: (id) => {
      state.comments.delete(id)
    },
    lockIssue: (issue) => {
      state.locked.add(issue)
    },
    comments: (issue) =>
      [...state.comments.values()]
        .filter((comment) => comment.issue === issue)
        .map((comment) => ({ ...comment })),
    close: async () => {
      closing.abort()
      await listener.close()
    },
  }
}

function reply(state: GithubState, request: Request): Reply {
  try {
    return answer(state, request)
  } catch (error) {
    if (error instanceof GithubError) return refusalReply(error)
    return refusalReply(new GithubError(500, String(error)))
  }
}

function answer(state: GithubState, request: Request): Reply {
  const { method, path } = request
  // https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
  if (!request.headers['user-agent']) {
    throw new GithubError(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    )
  }
  const holder = holderOf(state, request)
  if (method === 'GET' && path === '/user') return { status: 200, body: user(holder) }
  if (method === 'POST' && path === '/graphql') {
    return { status: 200, body: viewer(request, holder) }
  }
  const roots = [`/repos/${state.repository}/`, `/repositories/${state.repositoryId}/`]
  const root = roots.find((candidate) => path.startsWith(candidate))
  if (root === undefined) throw new GithubError(404, 'Not Found')
  return commentsReply(state, { request, holder, rest: path.slice(root.length) })
}

function holderOf(state: GithubState, { headers }: Request): Holder {
  const { authorization } = headers
  if (authorization === undefined) throw new GithubError(401, 'Requires authentication')
  const token = /^(?:token|bearer) (\S+)$/i.exec(authorization)?.[1] ?? ''
  const holder = state.tokens.get(token)
  if (!holder) throw new GithubError(401, 'Bad credentials')
  return holder
}

/** Apps act for no user, so that the token of a job has none. */
function user({ login }: Holder): object {
  if (login.endsWith('[bot]')) throw notAccessible()
  return { login, id: 1, type: 'User' }
}

/** The one question that a token of a job can ask about itself: `{ viewer { login } }`. */
function viewer({ json }: Request, { login }: Holder): object {
  const query = typeof json === 'object' && json !== null && 'query' in json ? json.query : ''
  if (/^\s*(query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(String(query))) {
    return { data: { viewer: { login } } }
  }
  return { errors: [{ message: 'The emulator answers only { viewer { login } }' }] }
}
