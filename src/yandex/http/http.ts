/** Sends a call until it is answered for good; the only place that decides whether to try again. */

import { DeployError, isError } from '../../errors.ts'
import type { Clock, HttpRequest, HttpResponse, Transport } from '../../ports.ts'
import { answerDetails, describeBody, grpcStatus, withoutSecrets, xmlError } from './answer.ts'
import { ApiError } from './api-error.ts'
import { describeConnectionError, hintForConnection } from './network-error.ts'
import { seconds, unreachable, unreadable } from './no-answer.ts'
import { concurrentOperationsQuota, isPermanentQuota } from './quota.ts'

/** How long and how often to try; milliseconds. */
export interface RetryPolicy {
  /** One attempt may take this long. */
  readonly attemptMs: number
  /** No attempt starts later than this after the first that failed; waiting for a quota does not count. */
  readonly totalMs: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
}

/** The total is that of the `yc` CLI, which retries for at most two minutes. */
export const RETRY_POLICY: RetryPolicy = {
  attemptMs: 30_000,
  totalMs: 120_000,
  firstDelayMs: 250,
  maxDelayMs: 10_000,
}

/** A slow line still gets a body through: 256 bytes in a millisecond on top of the usual limit. */
const SENT_BYTES_PER_MS = 256

/** How long an attempt may take that sends this many bytes, in milliseconds. */
export function attemptMsFor(bytes: number): number {
  return RETRY_POLICY.attemptMs + Math.ceil(bytes / SENT_BYTES_PER_MS)
}

/** A body of another shape may have been cut on its way, but is rarely cured by more time. */
const DAMAGED_MS = 15_000

/** Answers are small JSON or XML texts; anything larger is not from this API. */
const MAX_RESPONSE_BYTES = 8 * 1024 ** 2

/** One intent: what to send, and how to read each kind of final answer. */
export interface Call<T> extends Omit<HttpRequest, 'signal' | 'maxResponseBytes'> {
  /** Continues "could not", such as `list the functions`. */
  readonly what: string
  /** Reads an answer of 2xx or of a status in `expect`; a TypeError or SyntaxError means that it is damaged. */
  readonly read: (answer: HttpResponse) => T
  /** The error for a final refusal; gets of the body only what may be told. */
  readonly refuse: (answer: HttpResponse) => DeployError
  /** Whether any body may be told as it is; left out wherever an answer may hold a token or another secret. */
  readonly isPublic?: true
  /** Statuses beside 2xx that are an answer, such as 404 to a HEAD. */
  readonly expect?: readonly number[]
  /** Patience while the quota of concurrent operations is used up; the policy's total when left out. */
  readonly quotaMs?: number | undefined
  /** Where this call differs from {@link RETRY_POLICY}. */
  readonly retry?: Partial<RetryPolicy> | undefined
}

export interface HttpDeps {
  readonly transport: Transport
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (message: string) => void
  /** Has the last word for every call, so that a test is not bound to real patience. */
  readonly policy?: Partial<RetryPolicy> | undefined
}

export type Send = <T>(call: Call<T>) => Promise<T>

/** Throws DeployError: what `refuse` makes, API_UNREACHABLE or API_UNEXPECTED; or the signal's reason. */
export function createHttp(deps: HttpDeps): Send {
  return async (call) => {
    const policy = { ...RETRY_POLICY, ...call.retry, ...deps.policy }
    const startedAt = deps.clock.now()
    let troubleSince = startedAt
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(call, { ...deps, policy })
      if (outcome.kind === 'answered') return outcome.value
      if (outcome.kind === 'refused') throw outcome.error
      const isOverQuota = outcome.kind === 'over-quota'
      // A long wait for the quota leaves the patience with faults as it was.
      if (isOverQuota) troubleSince = deps.clock.now()
      const elapsedMs = deps.clock.now() - (isOverQuota ? startedAt : troubleSince)
      const patienceMs = {
        'over-quota': call.quotaMs ?? policy.totalMs,
        damaged: Math.min(DAMAGED_MS, policy.totalMs),
        unanswered: policy.totalMs,
      }[outcome.kind]
      const delayMs =
        outcome.retryAfterMs ?? backoff(attempt, { policy, random: deps.clock.random() })
      if (elapsedMs + delayMs > patienceMs) throw outcome.giveUp(attempt, elapsedMs)
      deps.log(
        `Could not ${call.what} yet (${outcome.reason}); trying again in ${seconds(delayMs)}`,
      )
      await deps.clock.sleep(delayMs, deps.signal)
    }
  }
}

type Outcome<T> =
  | { kind: 'answered'; value: T }
  | { kind: 'refused'; error: DeployError }
  | {
      kind: 'unanswered' | 'damaged' | 'over-quota'
      reason: string
      retryAfterMs: number | undefined
      giveUp: (attempts: number, elapsedMs: number) => DeployError
    }

async function attemptOnce<T>(
  call: Call<T>,
  { transport, signal, policy, clock }: HttpDeps & { policy: RetryPolicy },
): Promise<Outcome<T>> {
  signal.throwIfAborted()
  const timeout = AbortSignal.timeout(Math.ceil(policy.attemptMs))
  let answer: HttpResponse
  try {
    answer = await transport({
      ...call,
      signal: AbortSignal.any([signal, timeout]),
      maxResponseBytes: MAX_RESPONSE_BYTES,
    })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof DeployError) return { kind: 'refused', error: cause }
    const reason = timeout.aborted
      ? `no answer within ${seconds(policy.attemptMs)}`
      : describeConnectionError(cause)
    const hint = hintForConnection(cause)
    if (hint !== undefined) {
      return { kind: 'refused', error: unreachable(call, { reason, cause, hint }) }
    }
    // An answer over the limit of size is no silence.
    if (isError(cause) && cause.name === 'RangeError') {
      const giveUp = (): DeployError => unreadable(call, { reason, cause, details: {} })
      return { kind: 'damaged', reason, retryAfterMs: undefined, giveUp }
    }
    return {
      kind: 'unanswered',
      reason,
      retryAfterMs: undefined,
      giveUp: (attempts, elapsedMs) => unreachable(call, { reason, cause, attempts, elapsedMs }),
    }
  }
  return judge(call, { answer, nowMs: clock.wallTime() })
}

function judge<T>(
  call: Call<T>,
  { answer, nowMs }: { answer: HttpResponse; nowMs: number },
): Outcome<T> {
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], nowMs)
  const told = call.isPublic ? answer : withoutSecrets(answer)
  if ((answer.status >= 200 && answer.status < 300) || call.expect?.includes(answer.status)) {
    try {
      return { kind: 'answered', value: call.read(answer) }
    } catch (cause) {
      if (!isMalformed(cause)) throw cause
      const reason = `HTTP ${answer.status} with an unreadable body: ${describeBody(told)}`
      const failure = { reason, details: answerDetails(told) }
      // A parser's error quotes the body.
      const giveUp = (): DeployError =>
        unreadable(call, call.isPublic ? { ...failure, cause } : failure)
      return { kind: 'damaged', reason, retryAfterMs, giveUp }
    }
  }
  const quota = concurrentOperationsQuota(answer)
  if (quota !== undefined) {
    return {
      kind: 'over-quota',
      reason: quota,
      retryAfterMs,
      giveUp: () => call.refuse(told),
    }
  }
  if (!isTransient(answer)) return { kind: 'refused', error: call.refuse(told) }
  const wish = retryAfterMs === undefined ? '' : ` (asks to wait ${seconds(retryAfterMs)})`
  const reason = `HTTP ${answer.status}: ${describeBody(told)}${wish}`
  return {
    kind: 'unanswered',
    reason,
    retryAfterMs,
    giveUp: (attempts, elapsedMs) =>
      answer.status === TOO_MANY_REQUESTS
        ? new ApiError(told, { what: call.what })
        : unreachable(call, { reason, attempts, elapsedMs, details: answerDetails(told) }),
  }
}

const TOO_MANY_REQUESTS = 429
const TRANSIENT_STATUSES = [408, 425, TOO_MANY_REQUESTS, 500, 502, 503, 504]
const GRPC_UNAVAILABLE = 14
/** The second is the answer to one of two conditional uploads at once; once the other has ended, 412 tells so. */
const TRANSIENT_STORAGE_CODES = ['RequestTimeout', 'OperationAborted']

function isTransient(answer: HttpResponse): boolean {
  if (isPermanentQuota(answer)) return false
  if (grpcStatus(answer)?.code === GRPC_UNAVAILABLE) return true
  if (TRANSIENT_STORAGE_CODES.includes(xmlError(answer)?.code ?? '')) return true
  return TRANSIENT_STATUSES.includes(answer.status)
}

/** `Retry-After` in seconds or as an HTTP date; gives milliseconds from now. A wait of nothing is no advice. */
function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return waitMs > 0 ? waitMs : undefined
}

/** Exponential, with the upper half of each step jittered so that a matrix of jobs spreads out. */
function backoff(
  attempt: number,
  { policy, random }: { policy: RetryPolicy; random: number },
): number {
  const step = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1))
  return Math.round(step / 2 + (random * step) / 2)
}

function isMalformed(error: unknown): boolean {
  return isError(error) && ['TypeError', 'SyntaxError'].includes(error.name)
}
