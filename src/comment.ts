/** Tells a pull request what a run ended with. In a file of its own in the bundle, which only a step that comments loads. */

import { writeComment, type CommentDeps, type CommentOutcome } from './github/comment.ts'
import type { PullRequest } from './github/pull-request.ts'
import { commentMarkdown, type CommentResult } from './report/comment.ts'

export interface PullRequestNews {
  readonly pullRequest: PullRequest
  /** The function as the step names it, the same before and after it is created. */
  readonly key: string
  /** The function's name, or its id as long as the name is unknown. */
  readonly functionName: string
  readonly result: CommentResult
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** Never rejects: a comment must not fail the step. */
export async function tellPullRequest(
  { pullRequest, key, functionName, result, atMs }: PullRequestNews,
  deps: CommentDeps,
): Promise<CommentOutcome> {
  const markdown = commentMarkdown({ functionName, result, run: pullRequest, atMs })
  return writeComment({ pullRequest, content: { key, markdown } }, deps)
}
