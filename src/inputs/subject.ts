/** What a step is about, also where other inputs of it are invalid: enough to tell a pull request that it failed. */

import type { Secret } from '../secret.ts'
import { readTarget, type ExistingTarget } from './function.ts'
import { InputReader, type RawInputs } from './reader.ts'
import { readCommentToken } from './release/release.ts'

export interface Subject {
  readonly target: ExistingTarget
  readonly isDryRun: boolean
  /** Writes the comment on the pull request; undefined when none is asked for. */
  readonly commentToken: Secret | undefined
}

/** Undefined where the inputs do not name one function. The problems of all inputs are told by whoever parses them. */
export function readSubject(raw: RawInputs): Subject | undefined {
  const reader = new InputReader(raw)
  const { target } = readTarget(reader)
  if (reader.problems.length > 0) return undefined
  const isDryRun = reader.boolean('dry-run') ?? false
  return { target, isDryRun, commentToken: readCommentToken(reader) }
}
