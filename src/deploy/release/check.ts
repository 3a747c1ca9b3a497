/** Calls a version until it passes its check, or fails it. */

import { DeployError } from '../../errors.ts'
import type { CheckInputs } from '../../inputs/release/check.ts'
import { clip, oneLine, withoutValues } from '../../text.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { callableUrl } from '../../yandex/functions/invoke.ts'
import { seconds, type Sent } from '../../yandex/http/attempt.ts'
import { backoff } from '../../yandex/http/http.ts'
import { callerOf } from './caller.ts'
import { lossOf, lossOfNew } from './check-tag.ts'
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
  /** When the version was created that was the newest one before. */
  readonly formerAt: string | undefined
  /** Values of the environment, which an error of the function may repeat. */
  readonly hides: readonly string[]
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

const DELAYS = { firstDelayMs: 500, maxDelayMs: 5_000 }

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
  const { check, functionId, versionId, formerAt } = version
  const { clock, signal } = cloud
  const url = await callableUrl(version.httpInvokeUrl, cloud)
  if (!url) {
    const reason = `the function has no address that can be called safely: ${JSON.stringify(version.httpInvokeUrl)}`
    return failed({ reason, fault: 'call', calls: 0 })
  }
  const held = {
    functionId,
    versionId,
    tag: check.tag,
    formerAt,
    waitMs: check.timeoutSeconds * 1000,
  }
  const [lost, caller] = await Promise.all([lossOfNew(held, cloud), callerOf(functionId, cloud)])
  if (lost !== undefined) return failed({ reason: lost, fault: 'tag', calls: 0 })
  const timeoutMs = version.executionSeconds * 1000 + START_MS
  const call = { ...check, url, timeoutMs }
  const startedAtMs = clock.now()
  const deadlineMs = startedAtMs + check.timeoutSeconds * 1000
  let attempts = 0
  for (let calls = 1; ; calls++) {
    const verdict = judgeCall(await caller(call), version)
    if (needsHolder(verdict)) {
      const lost = await lossOf(held, cloud)
      if (lost !== undefined) return failed({ reason: lost, fault: 'tag', calls })
    }
    if (verdict.kind === 'passed') return { ...verdict, tag: check.tag, calls }
    const { reason } = verdict
    if (verdict.kind === 'failed' && ++attempts >= check.attempts) {
      return failed({ reason, fault: 'function', calls, error: verdict.error })
    }
    const leftMs = deadlineMs - clock.now()
    if (verdict.kind === 'trouble' && leftMs <= 0) {
      const triedSeconds = Math.round((clock.now() - startedAtMs) / 1000)
      const tried = calls === 1 ? reason : `${reason}, for ${triedSeconds} s`
      return failed({ reason: tried, fault: 'call', calls })
    }
    const delayMs = backoff(calls, { ...DELAYS, random: clock.random() })
    const waitMs = verdict.kind === 'trouble' ? Math.min(delayMs, leftMs) : delayMs
    cloud.log(`Check: ${oneLine(reason)}${errorOf(verdict)}; calling again in ${seconds(waitMs)}`)
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

function judgeCall(
  result: Sent,
  { check, versionId, hides }: Pick<CheckedVersion, 'check' | 'versionId' | 'hides'>,
): Verdict {
  switch (result.kind) {
    case 'answered':
      return withHidden(judge(result.answer, { ...check, versionId }), hides)
    case 'unanswered':
      return { kind: 'trouble', reason: result.reason }
    case 'oversized':
      return { kind: 'failed', reason: result.reason, error: undefined }
  }
}

/** A function may repeat a value of its environment in its error. */
function withHidden(verdict: Verdict, hides: readonly string[]): Verdict {
  if (verdict.kind !== 'failed' || !verdict.error) return verdict
  const hide = (text: string): string => withoutValues(text, hides)
  const { type, message, trace } = verdict.error
  const error = { type: hide(type), message: hide(message), trace: trace.map(hide) }
  return { ...verdict, error }
}

function errorOf(verdict: Verdict): string {
  if (verdict.kind !== 'failed' || !verdict.error) return ''
  const { type, message } = verdict.error
  return oneLine(clip(` (${[type, message].filter((part) => part !== '').join(': ')})`, 200))
}

/** Whether only the holder of the tag tells which version has answered, or why another one has. */
function needsHolder(verdict: Verdict): boolean {
  if (verdict.kind === 'passed') return !verdict.isProven
  return verdict.kind === 'trouble' && verdict.otherVersionId !== undefined
}
