/** One comment on a pull request: found again by a marker, updated, never repeated. */

import { createHash } from 'node:crypto'
import { isError } from '../errors.ts'
import type { Clock, CommentOutcome, Transport } from '../ports.ts'
import type { Secret } from '../secret.ts'
import { oneLine } from '../text.ts'
import { openComments, type Comments, type IssueComment } from './octokit.ts'
import type { PullRequest } from './pull-request.ts'

/** A deployment does not wait longer than this for its comment; in milliseconds. */
const DEADLINE_MS = 15_000

/** How far before ours a comment may be that was not in the list yet: more than {@link DEADLINE_MS}. */
const LOOK_BACK_MS = 60_000

/** What to write where. */
export interface CommentContent {
  readonly pullRequest: PullRequest
  /** The function as the step names it; with workflow and job it tells the comments of a matrix apart. */
  readonly key: string
  readonly markdown: string
}

export interface CommentDeps {
  readonly transport: Transport
  readonly clock: Clock
  readonly token: Secret
  readonly signal: AbortSignal
  /** Writes `***` for every known secret: nobody masks a comment. */
  readonly hide: (text: string) => string
  /** {@link DEADLINE_MS} when left out. */
  readonly deadlineMs?: number
}

/** Writes the comment. Never rejects: a comment must not fail the step. */
export async function writeComment(
  { pullRequest, key, markdown }: CommentContent,
  { transport, clock, token, signal, hide, deadlineMs = DEADLINE_MS }: CommentDeps,
): Promise<CommentOutcome> {
  const timeout = AbortSignal.timeout(deadlineMs)
  const done = new AbortController()
  const any = AbortSignal.any([signal, timeout, done.signal])
  const endsAt = clock.now() + deadlineMs
  const explain = (error: unknown): string => {
    if (signal.aborted) return 'the run was cancelled'
    if (timeout.aborted) return `GitHub did not answer within ${deadlineMs / 1000} s`
    return isError(error) ? oneLine(error.message) : 'unknown reason'
  }
  const outcome: { url?: string } = {}
  const written = ({ url }: IssueComment): void => {
    outcome.url = url
  }
  try {
    const comments = openComments(pullRequest, { transport, clock, token, signal: any, endsAt })
    const marker = markerFor(pullRequest, key)
    await settle({ marker, body: `${marker}\n${hide(markdown)}` }, { comments, written })
    return outcome
  } catch (error) {
    return { ...outcome, trouble: explain(error) }
  } finally {
    // Of two calls side by side, one goes on when the other one has failed.
    done.abort()
  }
}

/** Hashed, since ids of folders and functions are nobody's business. */
function markerFor({ workflow, job }: PullRequest, key: string): string {
  const identity = JSON.stringify([workflow, job, key])
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 16)
  return `<!-- deploy-yandex-cloud-function ${digest} -->`
}

interface SettleDeps {
  readonly comments: Comments
  /** Told of the comment that says what is wanted, before what is left to do: that may fail. */
  readonly written: (comment: IssueComment) => void
}

/** The marker is what a comment of ours begins with, and the body what it shall be. */
async function settle(
  { marker, body }: { marker: string; body: string },
  deps: SettleDeps,
): Promise<void> {
  const { comments, written } = deps
  const [account, all] = await Promise.all([comments.account(), comments.list()])
  const found = ours(all, { marker, account })
  for (const [index, comment] of found.entries()) {
    const kept = await update(comment, { body, comments })
    if (!kept) continue
    const older = found.slice(index + 1)
    return retire({ kept, others: older.filter(({ author }) => author === kept.author) }, deps)
  }

  const created = await comments.create(body)
  written(created)
  // Another job may have done the same meanwhile. Now it is certain, too, which account is ours.
  const late = await comments.list(shortlyBefore(created))
  const again = ours(late, { marker, account: created.author ?? account })
  const others = again.filter(({ id }) => id !== created.id)
  const [kept = created, ...older] = newestFirst([created, ...others])
  await retire({ kept, others: older }, deps)
}

/**
 * Newest first. Anybody can copy the marker, so the author counts as well. An app is not told its account: the comments
 * of any app may be ours, and the one that can be changed is.
 */
function ours(
  all: readonly IssueComment[],
  { marker, account }: { marker: string; account: string | undefined },
): readonly IssueComment[] {
  return newestFirst(
    all.filter(
      ({ body, author, isByApp }) =>
        body.startsWith(marker) && (account === undefined ? isByApp : author === account),
    ),
  )
}

/** Undefined, for all comments, where GitHub tells no time. */
function shortlyBefore({ createdAt = '' }: IssueComment): string | undefined {
  const createdMs = Date.parse(createdAt)
  return Number.isNaN(createdMs) ? undefined : new Date(createdMs - LOOK_BACK_MS).toISOString()
}

function newestFirst(comments: readonly IssueComment[]): readonly IssueComment[] {
  return comments.toSorted((a, b) => b.id - a.id)
}

/** Undefined when the comment was deleted meanwhile, or turns out to be of another account. */
async function update(
  comment: IssueComment,
  { body, comments }: { body: string; comments: Comments },
): Promise<IssueComment | undefined> {
  if (comment.body.replaceAll('\r\n', '\n').trimEnd() === body.trimEnd()) return comment
  return comments.update({ id: comment.id, body })
}

/** Without the marker, so that they are not found again. */
async function retire(
  { kept, others }: { kept: IssueComment; others: readonly IssueComment[] },
  { comments, written }: SettleDeps,
): Promise<void> {
  written(kept)
  const body = `Replaced by [a newer comment](#issuecomment-${kept.id}).`
  for (const { id } of others) await comments.update({ id, body })
}
