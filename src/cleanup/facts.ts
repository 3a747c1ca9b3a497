/** What becomes true in the course of a clean-up. */

import type { Progress } from '../deploy/progress.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import type { CleanupInputs } from './inputs.ts'

/** The facts of a clean-up, by name, in the order in which they become true. */
export interface CleanupFacts {
  readonly inputs: CleanupInputs
  readonly found: CloudFunction
  readonly plan: Plan
  /** A tag that was taken away; told once for each. */
  readonly untagged: Holding
  readonly result: Result
}

/** A tag, and the version that holds it. */
export interface Holding {
  readonly tag: string
  /** Undefined when no version holds it. */
  readonly versionId: string | undefined
}

/** What a clean-up changes. */
export type Plan =
  /** There is no function, so there is nothing to do. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'tags'
      readonly function: CloudFunction
      readonly holdings: readonly Holding[]
    }
  | {
      readonly kind: 'function'
      readonly function: CloudFunction
      /** Whether another run deletes it already. */
      readonly isGoing: boolean
    }

/** What a clean-up has changed. */
export interface Result {
  readonly removedTags: readonly string[]
  readonly isDeleted: boolean
}

export type CleanupProgress = Progress<CleanupFacts>
