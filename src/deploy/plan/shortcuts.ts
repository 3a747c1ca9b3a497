/** What a plan allows to leave out: the whole version, or only the upload of its package; pure. */

import type { Plan } from './plan.ts'

/**
 * Why the live version is not what is asked for, as the end of a sentence; undefined when it is, so that none is
 * created. Its tags may differ: they can be moved to it, and what is no part of a version can be brought up to date.
 */
export function whyNotSkipped(plan: Plan): string | undefined {
  const reason = whyOtherCode(plan)
  if (reason !== undefined) return reason
  if (plan.rows.some(({ area, verdict }) => area === 'settings' && verdict === 'unknown')) {
    return 'the environment of the live version is not visible to this account'
  }
  return plan.changes.includes('settings') ? 'settings change' : undefined
}

/**
 * Why the version cannot be made of the live version's code, as the end of a sentence; undefined when it can.
 * Dependencies in the code belong to its runtime.
 */
export function whyNotReused(plan: Plan): string | undefined {
  if (plan.package.sha256 === undefined) return 'there is no package to send'
  const reason = whyOtherCode(plan)
  if (reason !== undefined) return reason
  const runtime = plan.rows.find(({ area, name }) => area === 'settings' && name === 'runtime')
  return runtime?.verdict === 'unchanged' ? undefined : 'the runtime changes'
}

function whyOtherCode({ isCompared, live, rows }: Plan): string | undefined {
  if (!isCompared) return 'nothing was compared'
  if (!live) return 'there is no live version'
  if (live.status !== 'ACTIVE') return `the live version is ${live.status || 'of no status'}`
  const verdict = rows.find(({ area }) => area === 'code')?.verdict
  if (verdict === 'unknown') return 'it is not known which package the live version runs'
  return verdict === 'unchanged' ? undefined : 'the code changes'
}
