/** Inputs that say how far a deployment goes, what it may leave out, and how callers get the version. */

import type { Secret } from '../../secret.ts'
import { quote } from '../../text.ts'
import type { InputReader } from '../reader.ts'
import { parseSecret } from '../values.ts'
import { MAX_TAGS, parseTag } from '../version.ts'
import { readCheck } from './check.ts'

/** How a version is released. */
export type ReleaseInputs = Readonly<ReturnType<typeof readRelease>>

export function readRelease(reader: InputReader) {
  return {
    /** Whether the run ends with the plan. */
    isDryRun: reader.boolean('dry-run') ?? false,
    /** Whether no version is created when the live one is what the step asks for. */
    skipUnchanged: reader.boolean('skip-unchanged') ?? false,
    /** Whether the live version's code is taken when it is the same. */
    reuseCode: reader.boolean('reuse-code') ?? false,
    /** The check before the tags move; undefined without one. */
    check: readCheck(reader),
    /** The tag for the version that loses the first of the tags. */
    previousTag: reader.parse('previous-tag', parseTag),
    /** Writes the comment on the pull request; undefined when none is asked for. */
    commentToken: readCommentToken(reader),
  }
}

/** Adds a problem for each input that does not go together with the others. */
export function checkRelease(
  { check, previousTag }: ReleaseInputs,
  {
    tags,
    untilReady,
    reader,
  }: { tags: readonly string[]; untilReady: boolean; reader: InputReader },
): void {
  if (!untilReady && check) {
    reader.problem(
      'check',
      'cannot be combined with `wait: false`: a version is called when it is built',
    )
  }
  if (!untilReady && previousTag !== undefined) {
    reader.problem(
      'previous-tag',
      'cannot be combined with `wait: false`: it moves when the version is built',
    )
  }
  if (check && tags.includes(check.tag)) {
    reader.problem(
      'check-tag',
      `${quote(check.tag)} is one of \`tags\`, which move only after the check; write another tag`,
    )
  }
  if (previousTag !== undefined && tags.includes(previousTag)) {
    reader.problem(
      'previous-tag',
      `${quote(previousTag)} is one of \`tags\`, which go to the new version; write another tag`,
    )
  }
  if (previousTag !== undefined && previousTag === check?.tag) {
    reader.problem('previous-tag', `${quote(previousTag)} is \`check-tag\` too; write another tag`)
  }
  if (previousTag !== undefined && tags.length === 0) {
    reader.warnings.push('`previous-tag` has no effect without `tags`')
  }
  const all = new Set([...tags, check?.tag, previousTag].filter((tag) => tag !== undefined))
  if (tags.length <= MAX_TAGS && all.size > MAX_TAGS) {
    reader.problem(
      'tags',
      `with \`check-tag\` and \`previous-tag\` are ${all.size} tags; a function can have at most ${MAX_TAGS}`,
    )
  }
}

/** A missing token is no problem: a comment never fails the step. */
export function readCommentToken(reader: InputReader): Secret | undefined {
  if (reader.boolean('comment') !== true) return undefined
  if (reader.text('github-token') !== undefined) return reader.parse('github-token', parseSecret)
  reader.warnings.push('`comment` has no effect without `github-token`')
  return undefined
}
