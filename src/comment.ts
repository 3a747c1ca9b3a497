/** Tells a pull request what a run ended with. In a file of its own in the bundle, which only a step that comments loads. */

import { writeComment, type CommentDeps } from './github/comment.ts'
import type { PullRequest } from './github/pull-request.ts'
import type { CommentOutcome } from './ports.ts'
import { commentMarkdown, keyOf, type News } from './report/comment.ts'

/** Never rejects: a comment must not fail the step. */
export async function tellPullRequest(
  { news, pullRequest }: { news: News; pullRequest: PullRequest },
  deps: CommentDeps,
): Promise<CommentOutcome> {
  const markdown = commentMarkdown({ news, run: pullRequest, atMs: deps.clock.wallTime() })
  return writeComment({ pullRequest, key: keyOf(news.subject), markdown }, deps)
}
