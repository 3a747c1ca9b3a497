/** Inputs that say how far a deployment goes, and what it may leave out. */

import type { InputReader } from './reader.ts'

/** How a version is released. */
export interface ReleaseInputs {
  /** Whether the run ends with the plan. */
  readonly isDryRun: boolean
  /** Whether no version is created when the live one is what the step asks for. */
  readonly skipUnchanged: boolean
  /** Whether the live version's code is taken when it is the same. */
  readonly reuseCode: boolean
}

export function readRelease(reader: InputReader): ReleaseInputs {
  return {
    isDryRun: reader.boolean('dry-run') ?? false,
    skipUnchanged: reader.boolean('skip-unchanged') ?? false,
    reuseCode: reader.boolean('reuse-code') ?? false,
  }
}
