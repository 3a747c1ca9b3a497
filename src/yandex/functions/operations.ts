/** Long-running operations: starts them, waits for their end until a deadline, and asks to cancel them. */

import { DeployError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { readAbout } from '../fields.ts'
import type { ApiRequest } from '../http/api.ts'
import { ApiError } from '../http/api-error.ts'
import { capitalize, OperationError, readOperation, type Operation } from './operation.ts'
import { pauseMs } from './poll-schedule.ts'

/** What to wait for. */
export interface Wait {
  readonly operation: Operation
  /** What the operation does, as a noun, such as `the build of the version`. */
  readonly what: string
  /** When to stop waiting, in milliseconds of `Clock.now()`. */
  readonly deadlineMs: number
  /** Values that the error of the operation may repeat, and nobody is to see. */
  readonly hides?: readonly string[]
}

const PROGRESS_MS = 10_000

/** A poll is not repeated by itself, since the loop does that; the last one gets at least a second. */
const POLL_ATTEMPT_MS = { min: 1_000, max: 10_000 }

/** A call that starts an operation. */
export interface OperationCall extends Pick<
  ApiRequest<Operation>,
  'what' | 'path' | 'body' | 'retry' | 'hides' | 'onUnanswered'
> {
  /** POST when left out. */
  readonly method?: 'POST' | 'PATCH' | 'DELETE'
  /** Until when to wait while too many operations run at the same time, in milliseconds of `Clock.now()`. */
  readonly deadlineMs: number
}

/** Starts an operation of the functions service, without waiting for its end. */
export function startOperation(
  { deadlineMs, method = 'POST', ...request }: OperationCall,
  { api, clock }: Cloud,
): Promise<Operation> {
  return api.call({
    ...request,
    method,
    quotaMs: deadlineMs - clock.now(),
    mayHoldSecrets: true,
    read: readOperation,
  })
}

/** Starts an operation, logs it and waits for its end. Throws like {@link waitForOperation}. */
export async function operate(
  call: OperationCall & {
    /** For the log, such as `Creating the function "f"`. */
    readonly doing: string
    /** As in {@link Wait}. */
    readonly noun: string
    /** Told when the cloud has accepted it. */
    readonly onAccepted?: (() => void) | undefined
  },
  cloud: Cloud,
): Promise<Operation> {
  const { doing, noun, onAccepted, ...request } = call
  const operation = await startOperation(request, cloud)
  onAccepted?.()
  cloud.log(`${doing} (operation ${operation.id})`)
  return waitForOperation({ operation, what: noun, deadlineMs: call.deadlineMs }, cloud)
}

/**
 * Resolves with the finished operation. Throws {@link OperationError} as soon as an error is set, even while `done` is
 * false, and DeployError OPERATION_TIMEOUT at the deadline. Transient failures of a poll do not end the wait.
 */
export async function waitForOperation(wait: Wait, cloud: Cloud): Promise<Operation> {
  const { clock, signal, log } = cloud
  const startedAtMs = clock.now()
  let { operation } = wait
  let roundTripMs: number | undefined
  let failures = 0
  let refusals = 0
  let progressAtMs = startedAtMs + PROGRESS_MS
  let lastFailure: DeployError | undefined
  for (;;) {
    const { error } = operation
    if (error) throw new OperationError({ ...operation, error }, wait)
    if (operation.done) return operation
    const remainingMs = wait.deadlineMs - clock.now()
    if (remainingMs <= 0) throw timedOut(wait, lastFailure)
    const pace = { elapsedMs: clock.now() - startedAtMs, roundTripMs, failures, refusals }
    await clock.sleep(Math.min(pauseMs(pace, clock.random()), remainingMs), signal)
    const askedAtMs = clock.now()
    try {
      const polled = await getOperation(wait, cloud)
      roundTripMs = Math.min(roundTripMs ?? Infinity, clock.now() - askedAtMs)
      // A later answer may leave out what an earlier one had, such as the version's id.
      operation = { ...polled, metadata: { ...operation.metadata, ...polled.metadata } }
      lastFailure = undefined
      failures = 0
    } catch (error) {
      if (!isTransient(error, clock.now() - startedAtMs)) throw error
      lastFailure = error
      failures++
      if (isTooOften(error)) refusals++
      log(`Could not read the operation ${operation.id} yet: ${error.message}`)
    }
    if (clock.now() >= progressAtMs) {
      const waitedSeconds = Math.round((clock.now() - startedAtMs) / 1000)
      log(`Still waiting for ${wait.what} (${waitedSeconds} s)`)
      progressAtMs = clock.now() + PROGRESS_MS
    }
  }
}

/** Asks to cancel an operation, as a best effort; resolves to whether the cloud accepted it. */
export async function cancelOperation(id: string, { api }: Cloud): Promise<boolean> {
  const request = {
    what: `cancel the operation ${id}`,
    service: 'operation',
    path: `/operations/${encodeURIComponent(id)}:cancel`,
    mayHoldSecrets: true,
    read: readAbout(id, readOperation),
    retry: { attemptMs: 2_000, totalMs: 0 },
  } as const
  // The published proto says GET, the design guide says POST.
  for (const method of ['GET', 'POST'] as const) {
    try {
      await api.call({ ...request, method })
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) return false
    }
  }
  return false
}

function getOperation(
  { operation: { id }, deadlineMs }: Wait,
  { api, clock }: Cloud,
): Promise<Operation> {
  const remainingMs = deadlineMs - clock.now()
  const attemptMs = Math.min(POLL_ATTEMPT_MS.max, Math.max(POLL_ATTEMPT_MS.min, remainingMs))
  return api.call({
    what: `read the operation ${id}`,
    service: 'operation',
    path: `/operations/${encodeURIComponent(id)}`,
    mayHoldSecrets: true,
    read: readAbout(id, readOperation),
    retry: { attemptMs, totalMs: 0, askedMs: remainingMs },
  })
}

/** Operations are read from another service than the one that starts them, and it may know them a little later. */
const LAG_MS = 10_000

function isTooOften(error: unknown): error is ApiError {
  return error instanceof ApiError && error.httpStatus === 429
}

/** Whether a later poll may succeed. */
function isTransient(error: unknown, waitedMs: number): error is DeployError {
  if (isTooOften(error)) return true
  if (error instanceof ApiError && error.httpStatus === 404) return waitedMs < LAG_MS
  if (!(error instanceof DeployError)) return false
  if (error.code === 'API_UNREACHABLE' || error.code === 'API_UNEXPECTED') return true
  // The next renewal of the token may succeed.
  return error.code === 'AUTH_FAILED' && isTransient(error.cause, waitedMs)
}

function timedOut(
  { operation: { id }, what }: Wait,
  lastFailure: DeployError | undefined,
): DeployError {
  const state = `${capitalize(what)} did not end in time; the operation ${id} may still finish.`
  const lastLook = lastFailure ? ` The last look at it failed: ${lastFailure.message}` : ''
  return new DeployError('OPERATION_TIMEOUT', state + lastLook, {
    cause: lastFailure,
    details: { 'operation id': id },
  })
}
