/** Inputs that say how far a deployment goes, and what it may leave out. */

import type { Secret } from '../secret.ts'
import type { InputReader } from './reader.ts'
import { parseSecret } from './values.ts'

/** How a version is released. */
export interface ReleaseInputs {
  /** Whether the run ends with the plan. */
  readonly isDryRun: boolean
  /** Whether no version is created when the live one is what the step asks for. */
  readonly skipUnchanged: boolean
  /** Whether the live version's code is taken when it is the same. */
  readonly reuseCode: boolean
  /** Writes the comment on the pull request; undefined when none is asked for. */
  readonly commentToken: Secret | undefined
}

export function readRelease(reader: InputReader): ReleaseInputs {
  return {
    isDryRun: reader.boolean('dry-run') ?? false,
    skipUnchanged: reader.boolean('skip-unchanged') ?? false,
    reuseCode: reader.boolean('reuse-code') ?? false,
    commentToken: readCommentToken(reader),
  }
}

/** A missing token is no problem: a comment never fails the step. */
function readCommentToken(reader: InputReader): Secret | undefined {
  if (reader.boolean('comment') !== true) return undefined
  if (reader.text('github-token') !== undefined) return reader.parse('github-token', parseSecret)
  reader.warnings.push('`comment` has no effect without `github-token`')
  return undefined
}
