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

/** A comment as far as we look at it. */
export interface IssueComment {
  readonly id: number
  readonly body: string
  /** Its address on GitHub. */
  readonly url: string
  /** Login of who wrote it; undefined when the account is gone. */
  readonly author: string | undefined
  /** Whether an app wrote it, as the job's own token does; a person cannot look like one. */
  readonly isByApp: boolean
  /** By GitHub's clock, in ISO 8601. */
  readonly createdAt: string | undefined
}

/** Every method throws Error with a message for people. */
export interface Comments {
  /** Login of the token's own account; undefined for the token of an app, which is refused to ask. */
  account(): Promise<string | undefined>
  /** All comments, or those that were written or changed since a moment in ISO 8601; oldest first. */
  list(since?: string): Promise<readonly IssueComment[]>
  create(body: string): Promise<IssueComment>
  /** Undefined when the comment is gone, or is of an account whose comments this token may not change. */
  update(comment: { id: number; body: string }): Promise<IssueComment | undefined>
}

export interface OctokitDeps extends FetchDeps {
  readonly token: Secret
}

/** Throws Error without a token, and when it must not be sent to the address of the API. */
export function openComments(
  { apiUrl, repository, number }: PullRequest,
  { token, ...deps }: OctokitDeps,
): Comments {
  const root = parseApiUrl(apiUrl)
  if (token.reveal() === '') throw new Error('`github-token` is empty')
  const octokit = getOctokit(token.reveal(), {
    baseUrl: root.href.replace(/\/$/, ''),
    request: {
      fetch: fetchFrom(root.origin, deps),
      // Otherwise a header of an answer makes Octokit print.
      log: { warn: ignore },
    },
  })
  const [owner = '', repo = ''] = repository.split('/')
  const issue = { owner, repo, issue_number: number }
  const { issues, users } = octokit.rest
  return {
    account: () =>
      call(async () => readLogin((await users.getAuthenticated()).data), { expect: isDenied }),
    list: (since) =>
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
    create: (body) =>
      call(async () => readComment((await issues.createComment({ ...issue, body })).data)),
    update: ({ id, body }) =>
      call(
        async () =>
          readComment((await issues.updateComment({ owner, repo, comment_id: id, body })).data),
        { expect: isDenied },
      ),
  }
}

function ignore(): void {
  // Octokit says nothing that a run should show.
}

async function call<T>(run: () => Promise<T>): Promise<T>
async function call<T>(
  run: () => Promise<T>,
  options: { expect: (refusal: Refusal) => boolean },
): Promise<T | undefined>
async function call<T>(
  run: () => Promise<T>,
  { expect = () => false }: { expect?: (refusal: Refusal) => boolean } = {},
): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    const { status } = fieldsOf(fieldsOf(error).response)
    if (typeof status !== 'number') throw new Error(explainSilence(error), { cause: error })
    const refusal = { status, message: quoted(causesOf(error)[0]?.message) }
    if (expect(refusal)) return undefined
    throw new Error(explainRefusal(refusal), { cause: error })
  }
}

/** An answer that is none to the question. */
interface Refusal {
  readonly status: number
  readonly message: string
}

/** Whether it is nothing for this token. Any other 403, such as one about a rate limit, tells nothing of the comment. */
function isDenied({ status, message }: Refusal): boolean {
  return status === 404 || (status === 403 && /not accessible by|must have admin/i.test(message))
}

function explainSilence(error: unknown): string {
  return `GitHub gave no usable answer: ${quoted(causesOf(error).at(-1)?.message)}`
}

const NO_RIGHT =
  'the job needs `permissions: pull-requests: write`, and a pull request from a fork or of Dependabot has a token that only reads'
const ADVICE: Readonly<Record<number, string>> = {
  401: 'check `github-token`',
  403: NO_RIGHT,
  404: NO_RIGHT,
}

function explainRefusal({ status, message }: Refusal): string {
  const advice = /rate limit/i.test(message) ? undefined : ADVICE[status]
  return `GitHub answered HTTP ${status}: ${message}${advice === undefined ? '' : `; ${advice}`}`
}

function quoted(message = 'unknown reason'): string {
  return oneLine(message).slice(0, QUOTED_CHARACTERS)
}

function readLogin(data: unknown): string {
  const { login } = fieldsOf(data)
  if (typeof login !== 'string') throw new TypeError('what it sent is no account')
  return login
}

function readComment(data: unknown): IssueComment {
  const { id, body, html_url: url, user, created_at: createdAt } = fieldsOf(data)
  if (typeof id !== 'number') throw new TypeError('what it sent is no comment')
  const { login, type } = fieldsOf(user)
  return {
    id,
    body: typeof body === 'string' ? body : '',
    url: typeof url === 'string' ? url : '',
    author: typeof login === 'string' ? login : undefined,
    isByApp: type === 'Bot',
    createdAt: typeof createdAt === 'string' ? createdAt : undefined,
  }
}
