/** Calls a version until it passes its check, or fails it. */

import { DeployError } from '../../errors.ts'
import { clip, oneLine } from '../../text.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { callableUrl } from '../../yandex/functions/invoke.ts'
import { getVersionByTag, isNewer, type Version } from '../../yandex/functions/versions.ts'
import { seconds, type Sent } from '../../yandex/http/attempt.ts'
import { backoff } from '../../yandex/http/http.ts'
import { callerOf } from './caller.ts'
import type { Checking } from './released.ts'
import { elsewhere, readSettled, type Holding } from './settle.ts'
import { judge, type Expectation, type Verdict } from './verdict.ts'

/** A check that the version did not pass. */
export interface FailedCheck extends Extract<Verdict, { kind: 'failed' }> {
  /** Whether the function itself failed, or could not be called, or has lost its tag. */
  readonly fault: 'function' | 'call' | 'tag'
  readonly calls: number
  readonly cause?: unknown
}

export type CheckEnd =
  | (Extract<Verdict, { kind: 'passed' }> & { readonly tag: string; readonly calls: number })
  | FailedCheck

/** A cold start may take this long on top of the function's own time, in milliseconds. */
const START_MS = 30_000

const DELAYS = { firstDelayMs: 500, maxDelayMs: 5_000 }

/** Throws the signal's reason alone. */
export async function runCheck(checking: Checking, cloud: Cloud): Promise<CheckEnd> {
  try {
    return await callUntilDecided(checking, cloud)
  } catch (cause) {
    if (!(cause instanceof DeployError) || cause.code === 'CANCELLED') throw cause
    return { kind: 'failed', reason: cause.message, fault: 'call', calls: 0, cause }
  }
}

async function callUntilDecided({ released, check }: Checking, cloud: Cloud): Promise<CheckEnd> {
  const { versionId, function: target } = released
  const { timeoutSeconds: executionSeconds, environment } = released.inputs.settings
  const { clock, signal } = cloud
  const url = await callableUrl(target.httpInvokeUrl, cloud)
  if (!url) {
    const reason = `the function has no address that can be called safely: ${JSON.stringify(target.httpInvokeUrl)}`
    return { kind: 'failed', reason, fault: 'call', calls: 0 }
  }
  const held = { functionId: target.id, tag: check.tag, versionId }
  const lostTag = (where: string, calls: number): FailedCheck => ({
    kind: 'failed',
    reason: `its tag ${check.tag} ${where}`,
    fault: 'tag',
    calls,
  })
  const waitMs = check.timeoutSeconds * 1000
  const [where, caller] = await Promise.all([
    elsewhereAtFirst(held, { former: released.former, forMs: waitMs, cloud }),
    callerOf(target.id, cloud),
  ])
  if (where !== undefined) return lostTag(where, 0)
  const call = { ...check, url, timeoutMs: executionSeconds * 1000 + START_MS }
  const expected = { ...check, versionId, hides: Object.values(environment.variables) }
  const startedAtMs = clock.now()
  const deadlineMs = startedAtMs + waitMs
  let attempts = 0
  for (let calls = 1; ; calls++) {
    const verdict = judgeCall(await caller(call), expected)
    if (needsHolder(verdict)) {
      const where = await elsewhere(held, cloud)
      if (where !== undefined) return lostTag(where, calls)
    }
    if (verdict.kind === 'passed') return { ...verdict, tag: check.tag, calls }
    const { reason } = verdict
    if (verdict.kind === 'failed' && ++attempts >= check.attempts) {
      return { ...verdict, fault: 'function', calls }
    }
    const leftMs = deadlineMs - clock.now()
    if (verdict.kind === 'trouble' && leftMs <= 0) {
      const triedSeconds = Math.round((clock.now() - startedAtMs) / 1000)
      const tried = calls === 1 ? reason : `${reason}, for ${triedSeconds} s`
      return { kind: 'failed', reason: tried, fault: 'call', calls }
    }
    const delayMs = backoff(calls, { ...DELAYS, random: clock.random() })
    const pauseMs = verdict.kind === 'trouble' ? Math.min(delayMs, leftMs) : delayMs
    cloud.log(`Check: ${oneLine(reason)}${errorOf(verdict)}; calling again in ${seconds(pauseMs)}`)
    await clock.sleep(pauseMs, signal)
  }
}

/**
 * As {@link elsewhere}, for a version that has just got the tag: as long as nobody has it, or who had it before the run,
 * the API is behind.
 */
async function elsewhereAtFirst(
  held: Holding,
  { former, forMs, cloud }: { former: Version | undefined; forMs: number; cloud: Cloud },
): Promise<string | undefined> {
  const holder = await readSettled(() => getVersionByTag(held, cloud), {
    fits: (one) =>
      one !== undefined && (one.id === held.versionId || !former || isNewer(one, former)),
    forMs,
    cloud,
  })
  return holder?.id === held.versionId ? undefined : elsewhere(held, cloud)
}

function judgeCall(result: Sent, expected: Expectation): Verdict {
  switch (result.kind) {
    case 'answered':
      return judge(result.answer, expected)
    case 'unanswered':
      return { kind: 'trouble', reason: result.reason }
    case 'oversized':
      return { kind: 'failed', reason: result.reason }
  }
}

function errorOf(verdict: Verdict): string {
  const error = verdict.kind === 'failed' ? verdict.error : undefined
  return error ? oneLine(clip(` (${error.message})`, 200)) : ''
}

/** Whether only the holder of the tag tells which version has answered, or why another one has. */
function needsHolder(verdict: Verdict): boolean {
  if (verdict.kind === 'passed') return !verdict.isProven
  return verdict.kind === 'trouble' && verdict.otherVersionId !== undefined
}
