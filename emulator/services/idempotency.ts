/** `Idempotency-Key`: a repeated call gets the operation that the first one started. */

import type { Call } from '../http/route.ts'
import { rejected } from '../http/status.ts'
import type { Cloud, RunningOperation } from '../state.ts'

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/**
 * The operation that an earlier call with the same key started.
 * Throws INVALID_ARGUMENT when the key is not a UUID of version 4.
 */
export function earlierOperation(cloud: Cloud, call: Call): RunningOperation | undefined {
  const key = keyOf(call)
  const id = key === undefined ? undefined : cloud.idempotencyKeys.get(key)
  return id === undefined ? undefined : cloud.operations.get(id)
}

/** Keeps the operation for calls with the same key. */
export function rememberKey(
  cloud: Cloud,
  { call, operationId }: { readonly call: Call; readonly operationId: string },
): void {
  const key = keyOf(call)
  if (key !== undefined) cloud.idempotencyKeys.set(key, operationId)
}

function keyOf(call: Call): string | undefined {
  const key = call.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !UUID_V4.test(key)) {
    throw rejected('Idempotency-Key must be a UUID of version 4')
  }
  return `${call.subject} ${key.toLowerCase()}`
}
