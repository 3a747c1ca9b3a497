/** What becomes true in the course of a rollback, its plan above all. */

import type { Build } from '../deploy/build.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import type { Version } from '../yandex/functions/versions.ts'

/** The facts of a rollback, by name, in the order in which they become true. */
export interface RollbackFacts {
  readonly function: CloudFunction
  readonly plan: Plan
  /** Of the copy of an older version. */
  readonly build: Build
  readonly live: LiveNow
}

/** What a rollback changes. */
export type Plan = { readonly kind: 'tags'; readonly moves: readonly [Move, ...Move[]] } | Copying

/** A tag that goes to another version; or stays, where both are the same. */
export interface Move {
  readonly tag: string
  /** Undefined when no version holds the tag. */
  readonly from: Version | undefined
  readonly to: Version
  readonly skipped: readonly Skipped[]
}

/** Callers without a tag follow the newest version, so they get a copy of an older one. */
export interface Copying {
  readonly kind: 'latest'
  readonly from: Version
  readonly to: Version
  /** Whether the newest version is, or does, what `to` does. */
  readonly isLive: boolean
  readonly skipped: readonly Skipped[]
}

/** A version that cannot be gone back to. */
export interface Skipped {
  readonly versionId: string
  /** Continues "it". */
  readonly reason: 'is gone' | 'is being deleted'
}

/** What callers get at the end: with the first of `tags`, or without a tag. */
export interface LiveNow {
  readonly versionId: string
  /** What they got before; undefined where that was nothing, or the same. */
  readonly previousId: string | undefined
}

/** Whether a move changes anything. */
export function isMove({ from, to }: Move): boolean {
  return from?.id !== to.id
}
