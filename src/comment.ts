/** Tells a pull request what a run ended with. In a file of its own in the bundle, which only a step that comments loads. */

import { writeComment, type CommentDeps } from './github/comment.ts'
import type { PullRequest } from './github/pull-request.ts'
import type { CommentOutcome } from './ports.ts'
import { commentMarkdown } from './report/comment.ts'
import type { News } from './report/news.ts'

export interface PullRequestNews extends News {
  readonly pullRequest: PullRequest
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** Never rejects: a comment must not fail the step. */
export async function tellPullRequest(
  { pullRequest, key, functionName, result, atMs }: PullRequestNews,
  deps: CommentDeps,
): Promise<CommentOutcome> {
  const markdown = commentMarkdown({ functionName, result, run: pullRequest, atMs })
  return writeComment({ pullRequest, key, markdown }, deps)
}
