/** Calls a version until it passes its check, or fails it. */

import { DeployError } from '../../errors.ts'
import type { CheckInputs } from '../../inputs/release/check.ts'
import { clip, oneLine } from '../../text.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { isPublic, listAccessBindings } from '../../yandex/functions/access.ts'
import { callableUrl, callFunction, type FunctionCall } from '../../yandex/functions/invoke.ts'
import { getVersionByTag } from '../../yandex/functions/versions.ts'
import { judge, type FunctionError, type Verdict } from './verdict.ts'

/** The version to call, and by which address. */
export interface CheckedVersion {
  readonly check: CheckInputs
  readonly functionId: string
  readonly versionId: string
  /** As the API gives it. */
  readonly httpInvokeUrl: string
  /** How long a call of the function may take, without its start. */
  readonly executionSeconds: number
}

/** A version that passed. */
export interface Checked {
  readonly tag: string
  readonly status: number
  readonly calls: number
  /** Whether the service named the version that answered. */
  readonly isProven: boolean
}

export type CheckEnd =
  | ({ readonly kind: 'passed' } & Checked)
  | {
      readonly kind: 'failed'
      /** Continues a sentence about the check. */
      readonly reason: string
      /** Whether the function itself failed, or could not be called, or has lost its tag. */
      readonly fault: 'function' | 'call' | 'tag'
      readonly calls: number
      readonly error: FunctionError | undefined
      readonly cause: unknown
    }

/** A cold start may take this long on top of the function's own time, in milliseconds. */
const START_MS = 30_000

const DELAY_MS = { first: 500, max: 5_000 }

/** Throws the signal's reason alone. */
export async function runCheck(version: CheckedVersion, cloud: Cloud): Promise<CheckEnd> {
  try {
    return await callUntilDecided(version, cloud)
  } catch (cause) {
    if (!(cause instanceof DeployError) || cause.code === 'CANCELLED') throw cause
    return failed({ reason: cause.message, fault: 'call', calls: 0, cause })
  }
}

async function callUntilDecided(version: CheckedVersion, cloud: Cloud): Promise<CheckEnd> {
  const { check, functionId, versionId } = version
  const { clock, signal } = cloud
  const url = await callableUrl(version.httpInvokeUrl, cloud)
  if (!url) {
    const reason = `the function has no address that can be called safely: ${JSON.stringify(version.httpInvokeUrl)}`
    return failed({ reason, fault: 'call', calls: 0 })
  }
  const [lost, needsToken] = await Promise.all([
    lossOf({ functionId, versionId, tag: check.tag }, cloud),
    isPrivate(functionId, cloud),
  ])
  if (lost !== undefined) return failed({ reason: lost, fault: 'tag', calls: 0 })
  const timeoutMs = version.executionSeconds * 1000 + START_MS
  const call: FunctionCall = { ...check, url, needsToken, timeoutMs }
  const deadlineMs = clock.now() + check.timeoutSeconds * 1000
  let attempts = 0
  for (let calls = 1; ; calls++) {
    const verdict = await callOnce({ call, check, versionId }, cloud)
    if (verdict.kind === 'passed' || isOtherVersion(verdict)) {
      const lost = await lossOf({ functionId, versionId, tag: check.tag }, cloud)
      if (lost !== undefined) return failed({ reason: lost, fault: 'tag', calls })
    }
    if (verdict.kind === 'passed') return { ...verdict, tag: check.tag, calls }
    const { reason } = verdict
    if (verdict.kind === 'failed' && ++attempts >= check.attempts) {
      return failed({ reason, fault: 'function', calls, error: verdict.error })
    }
    const leftMs = deadlineMs - clock.now()
    if (verdict.kind === 'trouble' && leftMs <= 0) {
      return failed({ reason: `${reason}, for ${check.timeoutSeconds} s`, fault: 'call', calls })
    }
    const delayMs = backoff(calls, clock.random())
    const waitMs = verdict.kind === 'trouble' ? Math.min(delayMs, leftMs) : delayMs
    cloud.log(
      `Check: ${oneLine(reason)}${errorOf(verdict)}; calling again in ${Number((waitMs / 1000).toFixed(1))} s`,
    )
    await clock.sleep(waitMs, signal)
  }
}

function failed(end: {
  reason: string
  fault: 'function' | 'call' | 'tag'
  calls: number
  error?: FunctionError | undefined
  cause?: unknown
}): CheckEnd {
  return { kind: 'failed', error: undefined, cause: undefined, ...end }
}

async function callOnce(
  { call, check, versionId }: { call: FunctionCall; check: CheckInputs; versionId: string },
  cloud: Cloud,
): Promise<Verdict> {
  const result = await callFunction(call, cloud)
  return result.kind === 'answered'
    ? judge(result.answer, { ...check, versionId })
    : { kind: 'trouble', reason: result.reason }
}

function errorOf(verdict: Verdict): string {
  if (verdict.kind !== 'failed' || !verdict.error) return ''
  const { type, message } = verdict.error
  return oneLine(clip(` (${[type, message].filter((part) => part !== '').join(': ')})`, 200))
}

function isOtherVersion(verdict: Verdict): boolean {
  return verdict.kind === 'trouble' && verdict.otherVersionId !== undefined
}

/** The API may be a moment behind what it has accepted. In milliseconds. */
const SETTLE = { forMs: 3_000, everyMs: 500 }

/** How the version has lost the tag; undefined while it has it. */
async function lossOf(
  { functionId, versionId, tag }: { functionId: string; versionId: string; tag: string },
  cloud: Cloud,
): Promise<string | undefined> {
  const { clock, signal } = cloud
  const giveUpAtMs = clock.now() + SETTLE.forMs
  for (;;) {
    const holder = await getVersionByTag({ functionId, tag }, cloud)
    if (holder?.id === versionId) return undefined
    if (clock.now() >= giveUpAtMs) {
      const now = holder ? `is on the version ${holder.id} now` : 'is on no version any more'
      return `its tag ${tag} ${now}, moved by another run or a person`
    }
    await clock.sleep(SETTLE.everyMs, signal)
  }
}

/** Bindings that cannot be read are no reason to call without a token. */
async function isPrivate(functionId: string, cloud: Cloud): Promise<boolean> {
  try {
    return !isPublic(await listAccessBindings(functionId, cloud))
  } catch (error) {
    if (!(error instanceof DeployError) || error.code === 'CANCELLED') throw error
    cloud.log(
      `Whether the function is public is not known, so it is called with a token: ${error.message}`,
    )
    return true
  }
}

/** Exponential; the upper half of each step is random. */
function backoff(calls: number, random: number): number {
  const step = Math.min(DELAY_MS.max, DELAY_MS.first * 2 ** (calls - 1))
  return Math.round(step / 2 + (random * step) / 2)
}
