/** What becomes true in the course of a rollback. */

import type { Build } from '../deploy/build.ts'
import type { Progress } from '../deploy/progress.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import type { RollbackInputs } from './inputs.ts'
import type { Move, Plan } from './plan.ts'

/** The facts of a rollback, by name, in the order in which they become true. */
export interface RollbackFacts {
  readonly inputs: RollbackInputs
  readonly function: CloudFunction
  readonly plan: Plan
  /** A tag that has been moved; told once for each. */
  readonly moved: Move
  /** Of the copy of an older version. */
  readonly build: Build
  readonly live: LiveNow
}

/** What callers get at the end: with the first of `tags`, or without a tag. */
export interface LiveNow {
  readonly versionId: string
  /** What they got before; undefined where that was nothing, or the same. */
  readonly previousId: string | undefined
}

export type RollbackProgress = Progress<RollbackFacts>
