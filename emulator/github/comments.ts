/**
 * Comments of issues and pull requests over REST, https://docs.github.com/en/rest/issues/comments: list, get, create,
 * update.
 */

import type { Reply, Request } from '../http/request.ts'
import { GithubError, notAccessible } from './answers.ts'
import { addComment, moment, type GithubComment, type GithubState, type Holder } from './state.ts'

/** Longest body, in characters; more is a 422. */
const MAX_BODY_CHARACTERS = 65_536
const DEFAULT_PER_PAGE = 30
const MAX_PER_PAGE = 100

/** A request about the repository, and whose token came with it. */
export interface RepositoryCall {
  readonly request: Request
  readonly holder: Holder
  /** The path below the repository, such as `issues/7/comments`. */
  readonly rest: string
}

/** Answers a request about comments. Throws GithubError. */
export function commentsReply(state: GithubState, call: RepositoryCall): Reply {
  const { method } = call.request
  const [, issue] = /^issues\/(\d+)\/comments$/.exec(call.rest) ?? []
  if (issue !== undefined && method === 'GET') return list(state, { ...call, issue: Number(issue) })
  if (issue !== undefined && method === 'POST') {
    return create(state, { ...call, issue: Number(issue) })
  }
  const [, id] = /^issues\/comments\/(\d+)$/.exec(call.rest) ?? []
  if (id !== undefined && (method === 'GET' || method === 'PATCH')) {
    const comment = state.comments.get(Number(id))
    if (!comment || call.holder.right === 'none') throw new GithubError(404, 'Not Found')
    if (method === 'PATCH') update(state, { ...call, comment })
    return { status: 200, body: json(state, { comment, request: call.request }) }
  }
  throw new GithubError(404, 'Not Found')
}

interface IssueCall extends RepositoryCall {
  readonly issue: number
}

function list(state: GithubState, { request, holder, issue }: IssueCall): Reply {
  checkIssue(state, { holder, issue })
  const { query } = request
  const since = Date.parse(query.get('since') ?? '') || 0
  const all = [...state.comments.values()].filter(
    (comment) => comment.issue === issue && Date.parse(comment.updatedAt) >= since,
  )
  const perPage = Math.min(positive(query.get('per_page'), DEFAULT_PER_PAGE), MAX_PER_PAGE)
  const page = positive(query.get('page'), 1)
  const shown = all.slice((page - 1) * perPage, page * perPage)
  const last = Math.max(1, Math.ceil(all.length / perPage))
  const to = (number: number, rel: string) => {
    const target = new URLSearchParams(query)
    target.set('page', String(number))
    // As GitHub does: the repository stands in a link by its id, not by its name.
    const path = `/repositories/${state.repositoryId}/issues/${issue}/comments`
    return `<${base(request)}${path}?${target.toString()}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [to(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ]
  return {
    status: 200,
    headers: links.length > 0 ? { link: links.join(', ') } : {},
    body: shown.map((comment) => json(state, { comment, request })),
  }
}

function create(state: GithubState, { request, holder, issue }: IssueCall): Reply {
  checkIssue(state, { holder, issue })
  if (holder.right !== 'write') throw notAccessible()
  if (state.locked.has(issue)) {
    throw new GithubError(403, 'Unable to create comment because issue is locked.')
  }
  const comment = addComment(state, { issue, login: holder.login, body: readBody(request) })
  const body = json(state, { comment, request })
  return { status: 201, headers: { location: body.url }, body }
}

function update(
  state: GithubState,
  { request, holder, comment }: RepositoryCall & { readonly comment: GithubComment },
): void {
  // The stricter reading: who may write comments may not change those of others.
  if (holder.right !== 'write' || comment.login !== holder.login) throw notAccessible()
  comment.body = readBody(request)
  comment.updatedAt = moment(state)
}

/** An issue that the token cannot see does not exist for it. */
function checkIssue(state: GithubState, { holder, issue }: Pick<IssueCall, 'holder' | 'issue'>) {
  if (holder.right === 'none' || !state.issues.has(issue)) throw new GithubError(404, 'Not Found')
}

function readBody({ json: sent }: Request): string {
  const body = typeof sent === 'object' && sent !== null && 'body' in sent ? sent.body : undefined
  if (sent === undefined) throw new GithubError(400, 'Problems parsing JSON')
  const problem = { resource: 'IssueComment', field: 'body' }
  if (typeof body !== 'string' || body.trim() === '') {
    throw new GithubError(422, 'Validation Failed', [{ ...problem, code: 'missing_field' }])
  }
  if (Array.from(body).length > MAX_BODY_CHARACTERS) {
    const message = `body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`
    throw new GithubError(422, 'Validation Failed', [{ ...problem, code: 'custom', message }])
  }
  return body
}

function json(
  state: GithubState,
  { comment, request }: { readonly comment: GithubComment; readonly request: Request },
) {
  const { id, issue, login, body, createdAt, updatedAt } = comment
  const url = `${base(request)}/repos/${state.repository}/issues/comments/${id}`
  const isBot = login.endsWith('[bot]')
  return {
    id,
    node_id: `IC_${id}`,
    url,
    html_url: `https://github.com/${state.repository}/pull/${issue}#issuecomment-${id}`,
    issue_url: `${base(request)}/repos/${state.repository}/issues/${issue}`,
    user: { login, id: isBot ? 41_898_282 : 1, type: isBot ? 'Bot' : 'User' },
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: isBot ? 'NONE' : 'MEMBER',
    body,
    performed_via_github_app: isBot ? { slug: login.replace('[bot]', '') } : null,
  }
}

function base({ headers }: Request): string {
  return `http://${headers.host ?? ''}`
}

function positive(text: string | null, fallback: number): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : fallback
}
