/** One attempt of a call, and what its answer means: a result, a final refusal, or a reason to try again. */

import { DeployError, isError } from '../../errors.ts'
import type { Clock, HttpRequest, HttpResponse, Transport } from '../../ports.ts'
import {
  answerDetails,
  describeBody,
  grpcCodeIn,
  grpcStatus,
  withoutRepeated,
  withoutSecrets,
  xmlError,
} from './answer.ts'
import { ApiError } from './api-error.ts'
import { describeConnectionError, permanentFault } from './network-error.ts'
import { exhaustionOf } from './quota.ts'

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

/** An answer of any status, or why there is none. */
export type Sent =
  | { readonly kind: 'answered'; readonly answer: HttpResponse }
  | { readonly kind: 'unanswered' | 'oversized'; readonly reason: string; readonly cause: unknown }

export interface SendDeps {
  readonly transport: Transport
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

/** Sends a request once. Throws the signal's reason, and what the transport itself finds wrong with the request. */
export async function sendOnce(
  request: Omit<HttpRequest, 'signal'>,
  { transport, signal, timeoutMs }: SendDeps,
): Promise<Sent> {
  signal.throwIfAborted()
  const timeout = AbortSignal.timeout(Math.ceil(timeoutMs))
  try {
    const answer = await transport({ ...request, signal: AbortSignal.any([signal, timeout]) })
    return { kind: 'answered', answer }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof DeployError) throw cause
    // The transport rejects an oversized answer with a RangeError.
    if (isError(cause) && cause.name === 'RangeError') {
      return { kind: 'oversized', reason: cause.message, cause }
    }
    const reason = timeout.aborted
      ? `no answer within ${seconds(timeoutMs)}`
      : describeConnectionError(cause)
    return { kind: 'unanswered', reason, cause }
  }
}

/** Why there is no answer, or none that can be read. */
export interface Fault {
  readonly kind: 'unanswered' | 'malformed'
  readonly reason: string
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
  readonly details?: Readonly<Record<string, string>>
}

/** How an attempt ended that was not refused for good. */
export type Outcome<T> =
  | { readonly kind: 'read'; readonly value: T }
  | Fault
  | {
      /** The API has said that it did nothing; it may do so later. */
      readonly kind: 'over-quota' | 'refused-for-now'
      readonly reason: string
      readonly retryAfterMs: number | undefined
      readonly error: DeployError
    }

/** Throws like {@link sendOnce}, the error of a final refusal, and what `read` throws that is not about the shape. */
export async function attempt<T>(
  call: Exchange<T>,
  { clock, ...deps }: SendDeps & { clock: Clock },
): Promise<Outcome<T>> {
  const sent = await sendOnce({ ...call, maxResponseBytes: MAX_RESPONSE_BYTES }, deps)
  if (sent.kind === 'answered') {
    return classifyResponse(call, { answer: sent.answer, nowMs: clock.wallTime() })
  }
  const { kind, reason, cause } = sent
  const fault: Fault = { kind: kind === 'oversized' ? 'malformed' : kind, reason, cause }
  if (permanentFault(cause)) throw failure(call, fault)
  return fault
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
      return { kind: 'read', value: call.read(answer) }
    } catch (thrown) {
      if (!isError(thrown) || !['TypeError', 'SyntaxError'].includes(thrown.name)) throw thrown
      const reason = `HTTP ${answer.status} with an unreadable body: ${describeBody(shown)}`
      // The error of a parser quotes the body.
      const cause = call.isPublic ? thrown : undefined
      return { kind: 'malformed', reason, retryAfterMs, cause, details }
    }
  }
  const exhaustion = exhaustionOf(answer)
  if (exhaustion === 'passing') {
    const reason = grpcStatus(shown)?.message ?? ''
    return { kind: 'over-quota', reason, retryAfterMs, error: call.refuse(shown) }
  }
  if (exhaustion === 'permanent' || !isTransient(answer)) throw call.refuse(shown)
  const wish = retryAfterMs === undefined ? '' : ` (asks to wait ${seconds(retryAfterMs)})`
  const reason = `HTTP ${answer.status}: ${describeBody(shown)}${wish}`
  if (REFUSING_STATUSES.includes(answer.status)) {
    const error = new ApiError(shown, { what: call.what })
    return { kind: 'refused-for-now', reason, retryAfterMs, error }
  }
  return { kind: 'unanswered', reason, retryAfterMs, details }
}

/** Of these the answer itself says what is wrong, when it never changes. */
const REFUSING_STATUSES = [409, 429]
const TRANSIENT_STATUSES = [408, 425, 429, 500, 502, 503, 504]
/** OperationAborted answers one of two conditional uploads at once; when the other one is done, the answer is 412. */
const TRANSIENT_STORAGE_CODES = ['RequestTimeout', 'OperationAborted']

function isTransient(answer: HttpResponse): boolean {
  if (grpcCodeIn(answer) === 'UNAVAILABLE') return true
  if (TRANSIENT_STORAGE_CODES.includes(xmlError(answer)?.code ?? '')) return true
  return TRANSIENT_STATUSES.includes(answer.status)
}

/** `Retry-After` in seconds or as an HTTP date; gives milliseconds from now. Zero and negative waits are ignored. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return waitMs > 0 ? waitMs : undefined
}

/** The error for a call that is not tried again. */
export function failure(
  { what, method, url }: Exchange<unknown>,
  { kind, reason, cause, details }: Fault,
): DeployError {
  const code = kind === 'malformed' ? 'API_UNEXPECTED' : 'API_UNREACHABLE'
  const target = `${method} ${url.origin}${url.pathname}`
  const options = { cause, ...(details && { details }) }
  return new DeployError(code, `Could not ${what}: ${target}: ${reason}.`, options)
}

/** A duration for a message. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`
}
