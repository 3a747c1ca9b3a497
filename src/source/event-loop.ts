/** Lets other work run during a long computation. */

import { setImmediate } from 'node:timers/promises'

/** Network calls run at the same time; this is how long they may have to wait, in milliseconds. */
const MAX_TURN_MS = 20

let turnStartedAt = performance.now()

/** Yields to the event loop if the last yield is more than {@link MAX_TURN_MS} ago. */
export async function yieldToEventLoop(): Promise<void> {
  if (performance.now() - turnStartedAt <= MAX_TURN_MS) return
  await setImmediate()
  turnStartedAt = performance.now()
}
