/** The comments of one pull request over GitHub's REST API. The only importer of `@actions/github`. */

import { getOctokit } from '@actions/github'
import { causesOf } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { oneLine } from '../text.ts'
import { fetchFrom, parseApiUrl, type FetchDeps } from './fetch.ts'
import { fieldsOf } from '../json.ts'
import type { PullRequest } from './pull-request.ts'

/** GitHub's maximum, https://docs.github.com/en/rest/issues/comments#list-issue-comments */
const PAGE_SIZE = 100

/** GitHub takes at most 2,500 comments on a pull request; a longer list does not end. */
const MAX_PAGES = 30

/** The longest piece of a foreign message that is quoted, in characters. */
const QUOTED_CHARACTERS = 200

/** The comments of a pull request. */
export type Comments = ReturnType<typeof openComments>

/**
 * Throws Error without a token, and when it must not be sent to the address of the API. Every method throws Error with
 * a message for people.
 */
export function openComments(
  { apiUrl, repository, number }: PullRequest,
  { token, ...deps }: FetchDeps & { token: Secret },
) {
  const root = parseApiUrl(apiUrl)
  if (token.reveal() === '') throw new Error('`github-token` is empty')
  const octokit = getOctokit(token.reveal(), {
    baseUrl: root.href.replace(/\/$/, ''),
    request: {
      fetch: fetchFrom(root.origin, deps),
      // Otherwise a header of an answer makes Octokit print.
      log: { warn: () => undefined },
    },
  })
  const [owner = '', repo = ''] = repository.split('/')
  const issue = { owner, repo, issue_number: number }
  const { issues, users } = octokit.rest
  return {
    /** Login of the token's own account; undefined for the token of an app, which is refused to ask. */
    account: () => callIfAllowed(async () => readLogin((await users.getAuthenticated()).data)),
    /** All comments, or those that were written or changed since a moment in ISO 8601; oldest first. */
    list: (since?: string) =>
      call(async () => {
        const pages = octokit.paginate.iterator(issues.listComments, {
          ...issue,
          per_page: PAGE_SIZE,
          ...(since !== undefined && { since }),
        })
        const comments: IssueComment[] = []
        let count = 0
        for await (const { data } of pages) {
          if (++count > MAX_PAGES) throw new RangeError(`it lists over ${MAX_PAGES} pages`)
          comments.push(...data.map(readComment))
        }
        return comments
      }),
    create: (body: string) =>
      call(async () => readComment((await issues.createComment({ ...issue, body })).data)),
    /** Undefined when the comment is gone, or is of an account whose comments this token may not change. */
    update: ({ id, body }: { id: number; body: string }) =>
      callIfAllowed(async () =>
        readComment((await issues.updateComment({ owner, repo, comment_id: id, body })).data),
      ),
  }
}

async function call<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    const { status } = fieldsOf(fieldsOf(cause).response)
    if (typeof status === 'number') throw new Refusal(status, cause)
    const last = causesOf(cause).at(-1)
    // The message of a TypeError is about code, not about the answer.
    const reason = last?.name === 'TypeError' ? 'it has another form' : quoted(last?.message)
    throw new Error(`GitHub gave no usable answer: ${reason}`, { cause })
  }
}

/** Undefined where this token may not do it, or there is nothing to do it to. */
async function callIfAllowed<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call(run)
  } catch (error) {
    if (error instanceof Refusal && error.isDenied) return undefined
    throw error
  }
}

const NO_RIGHT =
  'the job needs `permissions: pull-requests: write`, and a pull request from a fork or of Dependabot has a token that only reads'
const ADVICE: Readonly<Record<number, string>> = {
  401: 'check `github-token`',
  403: NO_RIGHT,
  404: NO_RIGHT,
}

/** An answer that is none to the question. */
class Refusal extends Error {
  /** Any other 403, such as one about a rate limit, tells nothing of the token. */
  readonly isDenied: boolean

  constructor(status: number, cause: unknown) {
    const said = quoted(causesOf(cause)[0]?.message)
    const advice = /rate limit/i.test(said) ? undefined : ADVICE[status]
    super(`GitHub answered HTTP ${status}: ${said}${advice === undefined ? '' : `; ${advice}`}`, {
      cause,
    })
    this.isDenied =
      status === 404 || (status === 403 && /not accessible by|must have admin/i.test(said))
  }
}

function quoted(message = 'unknown reason'): string {
  return oneLine(message).slice(0, QUOTED_CHARACTERS)
}

function readLogin(data: unknown): string {
  const { login } = fieldsOf(data)
  if (typeof login !== 'string') throw new TypeError('what it sent is no account')
  return login
}

function readComment(data: unknown) {
  const { id, body, html_url: url, user, created_at: createdAt } = fieldsOf(data)
  if (typeof id !== 'number') throw new TypeError('what it sent is no comment')
  const { login, type } = fieldsOf(user)
  return {
    id,
    body: typeof body === 'string' ? body : '',
    /** Its address on GitHub. */
    url: typeof url === 'string' ? url : '',
    /** Login of who wrote it; undefined when the account is gone. */
    author: typeof login === 'string' ? login : undefined,
    /** Whether an app wrote it, as the job's own token does; a person cannot look like one. */
    isByApp: type === 'Bot',
    /** By GitHub's clock, in ISO 8601. */
    createdAt: typeof createdAt === 'string' ? createdAt : undefined,
  }
}

/** A comment as far as we look at it. */
export type IssueComment = Readonly<ReturnType<typeof readComment>>
