/** What a plan allows to leave out: the whole version, or only the upload of its package; pure. */

import type { Plan } from './plan.ts'
import type { Area } from './row.ts'

/** Whether something may be left out; the reason against it is the end of a sentence. */
export type Decision =
  { readonly isPossible: true } | { readonly isPossible: false; readonly reason: string }

/**
 * Whether the live version is what is asked for, so that none is created. Its tags may differ: they can be moved
 * to it, and what is no part of a version can be brought up to date.
 */
export function canSkip(plan: Plan): Decision {
  return decide(
    againstLive(plan) ??
      (verdictOf(plan, 'code') === 'unknown' ? UNKNOWN_CODE : undefined) ??
      (hasChange(plan, 'code') ? 'the code changes' : undefined) ??
      (plan.rows.some(({ area, verdict }) => area === 'settings' && verdict === 'unknown')
        ? 'the environment of the live version is not visible to this account'
        : undefined) ??
      (hasChange(plan, 'settings') ? 'settings change' : undefined),
  )
}

/** Whether the version can be made of the live version's code: its dependencies belong to its runtime. */
export function canReuseCode(plan: Plan): Decision {
  return decide(
    (plan.package.sha256 === undefined ? 'there is no package to send' : undefined) ??
      againstLive(plan) ??
      (verdictOf(plan, 'code') === 'unknown' ? UNKNOWN_CODE : undefined) ??
      (hasChange(plan, 'code') ? 'the code changes' : undefined) ??
      (verdictOf(plan, 'settings', 'runtime') === 'unchanged' ? undefined : 'the runtime changes'),
  )
}

const UNKNOWN_CODE = 'it is not known which package the live version runs'

function decide(reason: string | undefined): Decision {
  return reason === undefined ? { isPossible: true } : { isPossible: false, reason }
}

function againstLive({ isCompared, live }: Plan): string | undefined {
  if (!isCompared) return 'nothing was compared'
  if (!live) return 'there is no live version'
  return live.status === 'ACTIVE'
    ? undefined
    : `the live version is ${live.status || 'of no status'}`
}

function verdictOf({ rows }: Plan, area: Area, name?: string): string | undefined {
  return rows.find((row) => row.area === area && (name ?? row.name) === row.name)?.verdict
}

function hasChange({ changes }: Plan, area: Area): boolean {
  return changes.includes(area)
}
