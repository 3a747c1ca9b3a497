/** Long-running operations: waiting for their end within a budget, and asking to cancel them. */

import { DeployError } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import { hideLinks } from '../../text.ts'
import type { Api } from '../http/api.ts'
import { ApiError, describeDetails } from '../http/api-error.ts'
import { grpcCodeName, type GrpcCode } from '../http/grpc.ts'
import { hintFor, topicFor } from '../../report/advice.ts'
import { readAbout, readOperation, type Operation, type Status } from '../wire.ts'

/** What is waited for. */
export interface Wait {
  /** What the operation does, as a noun, such as `the build of the version`. */
  readonly what: string
  /** When patience ends, in milliseconds of `Clock.now()`. */
  readonly deadlineMs: number
}

export interface OperationDeps {
  readonly api: Api
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (message: string) => void
}

const FIRST_POLL_MS = 250
const POLL_GROWTH = 1.5
const MAX_POLL_MS = 2_000
const PROGRESS_MS = 10_000

/** One poll gives up early, since the loop around it has the patience; the last one gets a fair chance. */
const POLL_ATTEMPT_MS = { min: 1_000, max: 10_000 }

/** The operation ended with an error, or is about to. */
export class OperationError extends DeployError {
  readonly grpcCode: GrpcCode | undefined
  readonly status: Status

  constructor(operation: Operation & { error: Status }, what: string) {
    const grpcCode = grpcCodeName(operation.error.code)
    const message = hideLinks(operation.error.message) || 'no reason was given'
    const lines = [
      `${capitalize(what)} failed: ${message}`,
      ...describeDetails(operation.error).map(hideLinks),
    ]
    const refusal = { httpStatus: undefined, grpcCode, text: lines.join('\n') }
    super('OPERATION_FAILED', lines.join('\n'), {
      hint: hintFor(refusal),
      topic: topicFor(refusal),
      details: {
        'operation id': operation.id,
        ...(grpcCode === undefined ? {} : { 'gRPC code': grpcCode }),
      },
    })
    this.grpcCode = grpcCode
    this.status = operation.error
  }
}

/**
 * Resolves with the finished operation. Throws {@link OperationError} as soon as an error is set, even while `done` is
 * false, and DeployError OPERATION_TIMEOUT at the deadline. Answers that fail in between do not end the wait.
 */
export async function waitForOperation(
  started: { operation: Operation; wait: Wait },
  deps: OperationDeps,
): Promise<Operation> {
  const { wait } = started
  const { clock, signal, log } = deps
  const startedAtMs = clock.now()
  let { operation } = started
  let pollMs = FIRST_POLL_MS
  let progressAtMs = startedAtMs + PROGRESS_MS
  let lastFailure: DeployError | undefined
  for (;;) {
    if (operation.error) {
      throw new OperationError({ ...operation, error: operation.error }, wait.what)
    }
    if (operation.done) return operation
    const remainingMs = wait.deadlineMs - clock.now()
    if (remainingMs <= 0) throw timedOut({ operation, wait }, lastFailure)
    await clock.sleep(Math.min(pollMs, remainingMs), signal)
    pollMs = Math.min(MAX_POLL_MS, pollMs * POLL_GROWTH)
    try {
      const polled = await getOperation({ id: operation.id, deadlineMs: wait.deadlineMs }, deps)
      // What was known once, such as the version's id, need not be said again.
      operation = { ...polled, metadata: { ...operation.metadata, ...polled.metadata } }
      lastFailure = undefined
    } catch (error) {
      if (!isPassing(error, clock.now() - startedAtMs)) throw error
      lastFailure = error
      log(`Could not read the operation ${operation.id} yet: ${error.message}`)
    }
    if (clock.now() >= progressAtMs) {
      const waitedSeconds = Math.round((clock.now() - startedAtMs) / 1000)
      log(`Still waiting for ${wait.what} (${waitedSeconds} s)`)
      progressAtMs = clock.now() + PROGRESS_MS
    }
  }
}

/** Asks to stop an operation, as a best effort; resolves to whether the cloud agreed. */
export async function cancelOperation(id: string, { api }: { api: Api }): Promise<boolean> {
  const request = {
    what: `cancel the operation ${id}`,
    service: 'operation',
    path: `/operations/${encodeURIComponent(id)}:cancel`,
    mayHoldSecrets: true,
    read: readAbout(id, readOperation),
    retry: { attemptMs: 2_000, totalMs: 0 },
  } as const
  // The published proto has GET, the design guide has POST.
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
  { id, deadlineMs }: { id: string; deadlineMs: number },
  { api, clock }: OperationDeps,
): Promise<Operation> {
  const remainingMs = deadlineMs - clock.now()
  const attemptMs = Math.min(POLL_ATTEMPT_MS.max, Math.max(POLL_ATTEMPT_MS.min, remainingMs))
  return api.call({
    what: `read the operation ${id}`,
    service: 'operation',
    method: 'GET',
    path: `/operations/${encodeURIComponent(id)}`,
    mayHoldSecrets: true,
    read: readAbout(id, readOperation),
    retry: { attemptMs, totalMs: Math.min(POLL_ATTEMPT_MS.max, remainingMs) },
  })
}

/** An operation is read from another service than the one that started it, which may know it a little later. */
const LAG_MS = 10_000

/** Whether a later poll may do better; polls too close together are refused as a quota. */
function isPassing(error: unknown, waitedMs: number): error is DeployError {
  if (error instanceof ApiError && error.httpStatus === 429) return true
  if (error instanceof ApiError && error.httpStatus === 404) return waitedMs < LAG_MS
  if (!(error instanceof DeployError)) return false
  if (error.code === 'API_UNREACHABLE' || error.code === 'API_UNEXPECTED') return true
  // A token that could not be renewed may be the next time.
  return error.code === 'AUTH_FAILED' && isPassing(error.cause, waitedMs)
}

function timedOut(
  { operation, wait }: { operation: Operation; wait: Wait },
  lastFailure: DeployError | undefined,
): DeployError {
  return new DeployError(
    'OPERATION_TIMEOUT',
    `${capitalize(wait.what)} did not end within \`wait-timeout\`; the operation ${operation.id} may still finish.`,
    {
      cause: lastFailure,
      hint: `Look it up with \`yc operation get ${operation.id}\`, or raise \`wait-timeout\`.`,
      details: { 'operation id': operation.id },
    },
  )
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
