/** What is being released: a version, of which function, and what callers had before it. */

import type { Inputs } from '../../inputs/inputs.ts'
import type { CheckInputs } from '../../inputs/release/check.ts'
import type { CloudFunction } from '../../yandex/functions/functions.ts'
import type { Version } from '../../yandex/functions/versions.ts'

/** The version, and what it takes the place of. */
export interface Released {
  readonly inputs: Inputs
  readonly function: CloudFunction
  readonly versionId: string
  /** Whether this run has created the version, or found it live. */
  readonly origin: 'created' | 'live'
  /** The version that callers of the first of the tags had before. */
  readonly liveId: string | undefined
  /** What was `$latest` when the run began to read. */
  readonly former: Version | undefined
}

/** A version, and the check that it must pass. */
export interface Checking {
  readonly released: Released
  readonly check: CheckInputs
}
