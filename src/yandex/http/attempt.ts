/** One attempt of a call, and what its answer means: a result, a final refusal, or a reason to try again. */

import { DeployError, isError } from '../../errors.ts'
import type { Clock, HttpRequest, HttpResponse, Transport } from '../../ports.ts'
import {
  answerDetails,
  describeBody,
  grpcStatus,
  withoutRepeated,
  withoutSecrets,
  xmlError,
} from './answer.ts'
import { ApiError } from './api-error.ts'
import { grpcCodeName } from './grpc.ts'
import { describeConnectionError, permanentFault } from './network-error.ts'
import { concurrentOperationsQuota, isPermanentQuota } from './quota.ts'

/** Answers are small JSON or XML texts; anything larger is not from this API. */
const MAX_RESPONSE_BYTES = 8 * 1024 ** 2

/** What to send, and how to read each kind of final answer. */
export interface Exchange<T> extends Omit<HttpRequest, 'signal' | 'maxResponseBytes'> {
  /** Continues "could not", such as `list the functions`. */
  readonly what: string
  /** Reads an answer of 2xx or of a status in `expect`; a TypeError or SyntaxError means that it is malformed. */
  readonly read: (answer: HttpResponse) => T
  /** The error for a final refusal; gets only what can be shown of the body. */
  readonly refuse: (answer: HttpResponse) => DeployError
  /** Whether any body can be shown as it is; left out wherever an answer may contain a token or another secret. */
  readonly isPublic?: true
  /** Values of the request that a refusal may repeat, and nobody is to see. */
  readonly hides?: readonly string[] | undefined
  /** Statuses other than 2xx that are an answer, such as 404 to a HEAD. */
  readonly expect?: readonly number[]
}

/** How an attempt ended; `toError` makes the error for a call that is not tried again. */
export type Outcome<T> =
  | { kind: 'answered'; value: T }
  | { kind: 'refused'; error: DeployError }
  | {
      kind: 'unanswered' | 'malformed' | 'over-quota'
      reason: string
      retryAfterMs: number | undefined
      toError: (tried: Tried) => DeployError
    }

interface Tried {
  readonly attempts: number
  readonly elapsedMs: number
}

/** Throws the signal's reason, and whatever `read` throws that is not about the answer's shape. */
export async function attempt<T>(
  call: Exchange<T>,
  deps: { transport: Transport; clock: Clock; signal: AbortSignal; attemptMs: number },
): Promise<Outcome<T>> {
  const { transport, clock, signal, attemptMs } = deps
  signal.throwIfAborted()
  const timeout = AbortSignal.timeout(Math.ceil(attemptMs))
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
      ? `no answer within ${seconds(attemptMs)}`
      : describeConnectionError(cause)
    if (permanentFault(cause)) {
      return { kind: 'refused', error: failure(call, { code: 'API_UNREACHABLE', reason, cause }) }
    }
    // The transport rejects an oversized answer with a RangeError; that is not a network failure.
    const isOversized = isError(cause) && cause.name === 'RangeError'
    return {
      kind: isOversized ? 'malformed' : 'unanswered',
      reason,
      retryAfterMs: undefined,
      toError: (tried) =>
        isOversized
          ? failure(call, { code: 'API_UNEXPECTED', reason, cause })
          : failure(call, { code: 'API_UNREACHABLE', reason: `${reason}${effort(tried)}`, cause }),
    }
  }
  return classifyResponse(call, { answer, nowMs: clock.wallTime() })
}

function classifyResponse<T>(
  call: Exchange<T>,
  { answer, nowMs }: { answer: HttpResponse; nowMs: number },
): Outcome<T> {
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], nowMs)
  const whole = call.isPublic ? answer : withoutSecrets(answer)
  const shown = withoutRepeated(whole, call.hides)
  const details = answerDetails(shown)
  if ((answer.status >= 200 && answer.status < 300) || call.expect?.includes(answer.status)) {
    try {
      return { kind: 'answered', value: call.read(answer) }
    } catch (thrown) {
      if (!isError(thrown) || !['TypeError', 'SyntaxError'].includes(thrown.name)) throw thrown
      const reason = `HTTP ${answer.status} with an unreadable body: ${describeBody(shown)}`
      // The error of a parser quotes the body.
      const cause = call.isPublic ? thrown : undefined
      const toError = (): DeployError =>
        failure(call, { code: 'API_UNEXPECTED', reason, cause, details })
      return { kind: 'malformed', reason, retryAfterMs, toError }
    }
  }
  const quota = concurrentOperationsQuota(answer)
  if (quota !== undefined) {
    return { kind: 'over-quota', reason: quota, retryAfterMs, toError: () => call.refuse(shown) }
  }
  if (!isTransient(answer)) return { kind: 'refused', error: call.refuse(shown) }
  const wish = retryAfterMs === undefined ? '' : ` (asks to wait ${seconds(retryAfterMs)})`
  const reason = `HTTP ${answer.status}: ${describeBody(shown)}${wish}`
  return {
    kind: 'unanswered',
    reason,
    retryAfterMs,
    toError: (tried) =>
      SAID_NO.includes(answer.status)
        ? new ApiError(shown, { what: call.what })
        : failure(call, { code: 'API_UNREACHABLE', reason: `${reason}${effort(tried)}`, details }),
  }
}

/** Of these the answer itself says what is wrong, when it never changes. */
const SAID_NO = [409, 429]
const TRANSIENT_STATUSES = [408, 425, 429, 500, 502, 503, 504]
/** OperationAborted answers one of two conditional uploads at once; when the other one is done, the answer is 412. */
const TRANSIENT_STORAGE_CODES = ['RequestTimeout', 'OperationAborted']

function isTransient(answer: HttpResponse): boolean {
  if (isPermanentQuota(answer)) return false
  if (grpcCodeName(grpcStatus(answer)?.code ?? -1) === 'UNAVAILABLE') return true
  if (TRANSIENT_STORAGE_CODES.includes(xmlError(answer)?.code ?? '')) return true
  return TRANSIENT_STATUSES.includes(answer.status)
}

/** `Retry-After` in seconds or as an HTTP date; gives milliseconds from now. Zero and negative waits are ignored. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return waitMs > 0 ? waitMs : undefined
}

/** The error for a call without an answer, or without one that can be read. */
function failure(
  { what, method, url }: Exchange<unknown>,
  {
    code,
    reason,
    ...options
  }: {
    code: 'API_UNREACHABLE' | 'API_UNEXPECTED'
    reason: string
    cause?: unknown
    details?: Readonly<Record<string, string>>
  },
): DeployError {
  const target = `${method} ${url.origin}${url.pathname}`
  return new DeployError(code, `Could not ${what}: ${target}: ${reason}.`, options)
}

function effort({ attempts, elapsedMs }: Tried): string {
  return attempts < 2 ? '' : ` (${attempts} attempts in ${seconds(elapsedMs)})`
}

/** A duration for a message. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`
}
