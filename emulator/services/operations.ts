/** Operations: they take their time, move through the documented states, and can be looked up and cancelled. */

import { setTimeout as sleep } from 'node:timers/promises'
import { timestamp } from '../clock.ts'
import type { Call, Route } from '../http/route.ts'
import { ApiError, CODE, notFound } from '../http/status.ts'
import { newId } from '../id.ts'
import { checkOperationQuotas } from '../quotas.ts'
import type { Cloud, RunningOperation, Work } from '../state.ts'
import { earlierOperation, rememberKey } from './idempotency.ts'

const PACKAGE = 'type.googleapis.com/yandex.cloud.serverless.functions.v1'
/** How long a failed operation shows its error before it is done. */
const ROLLBACK_MS = 100
/** How long an operation takes at most that builds nothing. */
const QUICK_MS = 100

/** A message with its type, as `google.protobuf.Any`. */
export function packed(name: string, message: object): object {
  return { '@type': `${PACKAGE}.${name}`, ...message }
}

/** The result of an operation that gives nothing. */
export const EMPTY = { '@type': 'type.googleapis.com/google.protobuf.Empty', value: {} }

/** Handles calls of a mutating method, once for each idempotency key. */
export function idempotent(
  cloud: Cloud,
  effect: (cloud: Cloud, call: Call) => Promise<object>,
): Route['handle'] {
  return (call) => {
    const earlier = earlierOperation(cloud, call)
    return earlier ? operationJson(earlier) : effect(cloud, call)
  }
}

/** Starts an operation and gives its JSON; one that takes no time is answered when it is done. Throws RESOURCE_EXHAUSTED. */
export async function startOperation(
  cloud: Cloud,
  { call, work }: { readonly call: Call; readonly work: Work },
): Promise<object> {
  checkOperationQuotas(cloud, work.functionId)
  work.begin?.()
  const now = timestamp(cloud)
  const operation: RunningOperation = {
    id: newId('d4e'),
    createdAt: now,
    createdBy: call.subject,
    functionId: work.functionId,
    work,
    modifiedAt: now,
    isDone: false,
  }
  cloud.operations.set(operation.id, operation)
  rememberKey(cloud, { call, operationId: operation.id })
  const { durationMs = Math.min(QUICK_MS, cloud.settings.buildMs) } = work
  const running = run(cloud, { operation, durationMs })
  if (durationMs === 0) await running
  return operationJson(operation)
}

async function run(
  cloud: Cloud,
  { operation, durationMs }: { readonly operation: RunningOperation; readonly durationMs: number },
): Promise<void> {
  const { work } = operation
  const wait = async (ms: number) => {
    if (ms > 0) await sleep(ms, undefined, { signal: cloud.closing })
  }
  try {
    const [prepared] = await Promise.allSettled([work.prepare?.(), wait(durationMs)])
    if (operation.isDone || cloud.closing.aborted) return
    if (prepared.status === 'rejected') throw prepared.reason
    operation.response = work.apply()
  } catch (error) {
    operation.error =
      error instanceof ApiError
        ? error.toStatus()
        : { code: CODE.INTERNAL, message: `Internal error: ${String(error)}` }
    operation.modifiedAt = timestamp(cloud)
    await wait(Math.min(ROLLBACK_MS, durationMs)).catch(() => undefined)
    work.undo?.()
  }
  operation.isDone = true
  operation.modifiedAt = timestamp(cloud)
}

/** The wire form; `done` is left out until it is true, as proto3 JSON does. */
export function operationJson(operation: RunningOperation): object {
  const { id, createdAt, createdBy, modifiedAt, work, isDone, error, response } = operation
  return {
    id,
    description: work.description,
    createdAt,
    createdBy,
    modifiedAt,
    ...(isDone && { done: true }),
    metadata: work.metadata,
    ...(error ? { error } : response && { response }),
  }
}

/** `GET /operations/{id}` and its cancel, by both of the documented verbs. */
export function operationRoutes(cloud: Cloud): Route[] {
  const cancel = (method: string): Route => ({
    method,
    path: '/operations/{operationId}:cancel',
    handle: ({ params }) => {
      const operation = find(cloud, params)
      // Best effort, as documented: only a build can be cancelled, and only until it fails or ends.
      if (!operation.isDone && !operation.error && operation.work.prepare) {
        operation.error = { code: CODE.CANCELLED, message: 'The operation was cancelled' }
        operation.isDone = true
        operation.modifiedAt = timestamp(cloud)
        operation.work.undo?.()
      }
      return operationJson(operation)
    },
  })
  return [
    {
      method: 'GET',
      path: '/operations/{operationId}',
      handle: ({ params }) => operationJson(find(cloud, params)),
    },
    cancel('GET'),
    cancel('POST'),
  ]
}

function find(cloud: Cloud, { operationId = '' }: Call['params']): RunningOperation {
  const operation = cloud.operations.get(operationId)
  if (!operation) throw notFound('Operation', operationId)
  return operation
}
