/** What a rollback is going to do. */

import type { Version } from '../yandex/functions/versions.ts'

/** A version that cannot be gone back to. */
export interface Skipped {
  readonly versionId: string
  /** Continues "it". */
  readonly reason: 'is gone' | 'is being deleted'
}

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
  readonly from: Version
  readonly to: Version
  /** Whether the newest version is, or does, what `to` does. */
  readonly isLive: boolean
  readonly skipped: readonly Skipped[]
}

/** What a rollback changes. */
export type Plan =
  | { readonly kind: 'tags'; readonly moves: readonly [Move, ...Move[]] }
  | ({ readonly kind: 'latest' } & Copying)

/** Whether a move changes anything. */
export function isMove({ from, to }: Move): boolean {
  return from?.id !== to.id
}

/** Whether a plan changes anything. */
export function isEmpty(plan: Plan): boolean {
  return plan.kind === 'tags' ? !plan.moves.some(isMove) : plan.isLive
}
