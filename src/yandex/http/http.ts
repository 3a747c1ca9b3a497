/** Sends a call until it has a final answer; the only place that decides whether to try again. */

import { DeployError, type ErrorCode } from '../../errors.ts'
import type { Clock, Transport } from '../../ports.ts'
import { attempt, failure, seconds, type Exchange } from './attempt.ts'

/** How long and how often to try; milliseconds. */
export interface RetryPolicy {
  /** The longest time for one attempt. */
  readonly attemptMs: number
  /** No attempt starts later than this after the first one that failed; waiting for a quota does not count. */
  readonly totalMs: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** How long to wait where an answer asks for it with `Retry-After`, even if the total is less. */
  readonly askedMs: number
}

/** The total is that of the `yc` CLI, which retries for at most two minutes. */
export const RETRY_POLICY: RetryPolicy = {
  attemptMs: 30_000,
  totalMs: 120_000,
  firstDelayMs: 250,
  maxDelayMs: 10_000,
  askedMs: 0,
}

/** A body gets one millisecond for every 256 bytes on top of the usual limit, so that a slow line can send it. */
const SENT_BYTES_PER_MS = 256

/** The longest time for an attempt that sends this many bytes, in milliseconds. */
export function attemptMsFor(bytes: number): number {
  return RETRY_POLICY.attemptMs + Math.ceil(bytes / SENT_BYTES_PER_MS)
}

/** A malformed body may have been cut in transit; retrying for longer rarely helps. */
const MALFORMED_MS = 15_000

/** One intent, sent as often as it takes. */
export interface Call<T> extends Exchange<T> {
  /** How long to wait while too many operations run at the same time, in milliseconds; the policy's total when left out. */
  readonly quotaMs?: number | undefined
  /** Whether the call asks for a change; then it matters whether the API has refused each try: {@link NothingDone}. */
  readonly isChange?: true | undefined
  /** Told of each try that has no usable answer, and so may have had its effect. */
  readonly onUnanswered?: (() => void) | undefined
  /** Where this call differs from {@link RETRY_POLICY}. */
  readonly retry?: Partial<RetryPolicy> | undefined
}

export interface HttpDeps {
  readonly transport: Transport
  readonly clock: Clock
  /** Ends every call when it aborts. */
  readonly signal: AbortSignal
  readonly log: (message: string) => void
  /** Overrides the policy of every call; for tests. */
  readonly retry?: Partial<RetryPolicy> | undefined
}

export type Send = <T>(call: Call<T>) => Promise<T>

/** The run ended while a change waited for its next try, and the API had refused each one: nothing was changed. */
export class NothingDone extends DeployError {}

/** Failures that do not tell whether a request had its effect. */
const UNCERTAIN: readonly ErrorCode[] = ['CANCELLED', 'API_UNREACHABLE', 'API_UNEXPECTED']

/** Whether a request that has failed may have had its effect, or have it yet. */
export function isUncertain(error: unknown): boolean {
  return (
    error instanceof DeployError &&
    !(error instanceof NothingDone) &&
    UNCERTAIN.includes(error.code)
  )
}

/**
 * Throws DeployError: what `refuse` makes, API_UNREACHABLE or API_UNEXPECTED; the signal's reason, or {@link NothingDone}
 * in its place.
 */
export function createHttp(deps: HttpDeps): Send {
  const { clock } = deps
  return async (call) => {
    const policy = { ...RETRY_POLICY, ...call.retry, ...deps.retry }
    const startedAt = clock.now()
    let firstFailureAt = startedAt
    let isRefused = call.isChange ?? false
    for (let attempts = 1; ; attempts++) {
      const outcome = await attempt(call, { ...deps, timeoutMs: policy.attemptMs })
      if (outcome.kind === 'read') return outcome.value
      const isOverQuota = outcome.kind === 'over-quota'
      // Waiting for a quota does not use up the budget for failures.
      if (isOverQuota) firstFailureAt = clock.now()
      const elapsedMs = clock.now() - (isOverQuota ? startedAt : firstFailureAt)
      const budgetMs = {
        'over-quota': call.quotaMs ?? policy.totalMs,
        malformed: Math.min(MALFORMED_MS, policy.totalMs),
        'refused-for-now': policy.totalMs,
        unanswered: policy.totalMs,
      }[outcome.kind]
      const asked = outcome.retryAfterMs
      const delayMs = asked ?? backoff(attempts, { ...policy, random: clock.random() })
      const allowedMs = asked === undefined ? budgetMs : Math.max(budgetMs, policy.askedMs)
      if (elapsedMs + delayMs > allowedMs) {
        if ('error' in outcome) throw outcome.error
        const isLasting = outcome.kind === 'unanswered' && attempts > 1
        const effort = isLasting ? ` (${attempts} attempts in ${seconds(elapsedMs)})` : ''
        throw failure(call, { ...outcome, reason: outcome.reason + effort })
      }
      deps.log(
        `Could not ${call.what} yet (${outcome.reason}); trying again in ${seconds(delayMs)}`,
      )
      if (!('error' in outcome)) {
        isRefused = false
        call.onUnanswered?.()
      }
      await clock.sleep(delayMs, deps.signal).catch((reason: unknown) => {
        if (!isRefused || !(reason instanceof DeployError)) throw reason
        const { code, message, hint } = reason
        throw new NothingDone(code, message, { hint, cause: reason })
      })
    }
  }
}

/** Exponential; the upper half of each step is random, so that the jobs of a matrix spread out. */
export function backoff(
  attempts: number,
  {
    firstDelayMs,
    maxDelayMs,
    random,
  }: Pick<RetryPolicy, 'firstDelayMs' | 'maxDelayMs'> & { random: number },
): number {
  const step = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempts - 1))
  return Math.round(step / 2 + (random * step) / 2)
}
