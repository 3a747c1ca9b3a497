/** Reads again what the API may be a moment behind with. */

import type { Cloud } from '../../yandex/cloud.ts'

/** In milliseconds. */
const SETTLE = { forMs: 3_000, everyMs: 500 }

/** Which answer ends the reading, and how long to wait for it; some seconds when that is left out. */
export interface Settling<T> {
  readonly fits: (answer: T) => boolean
  readonly forMs?: number
  readonly cloud: Pick<Cloud, 'clock' | 'signal'>
}

/** The first answer that fits, else the last one. Throws what `read` throws, and the signal's reason. */
export async function readSettled<T>(
  read: () => Promise<T>,
  { fits, forMs = SETTLE.forMs, cloud: { clock, signal } }: Settling<T>,
): Promise<T> {
  const giveUpAtMs = clock.now() + forMs
  for (;;) {
    const answer = await read()
    if (fits(answer) || clock.now() >= giveUpAtMs) return answer
    await clock.sleep(SETTLE.everyMs, signal)
  }
}
