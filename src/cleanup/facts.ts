/** What becomes true in the course of a clean-up, its plan above all. */

import type { CloudFunction } from '../yandex/functions/functions.ts'

/** The facts of a clean-up, by name, in the order in which they become true. */
export interface CleanupFacts {
  readonly function: CloudFunction
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
  /** Nothing: there is no such function, or another run deletes it already. */
  | { readonly kind: 'gone' | 'going' }
  | {
      readonly kind: 'tags'
      readonly functionId: string
      readonly holdings: readonly Holding[]
    }
  | { readonly kind: 'function'; readonly function: CloudFunction }

/** What a clean-up has changed. */
export interface Result {
  /** The tags that nobody holds any more, each with the version that it was taken from. */
  readonly tags: readonly Holding[]
  /** Whether this run has deleted the function. */
  readonly isDeleted: boolean
}
