/** Reads again what the API may be a moment behind with. */

import type { Cloud } from '../../yandex/cloud.ts'
import { getVersionByTag } from '../../yandex/functions/versions.ts'

const SETTLE_MS = 3_000
const EVERY_MS = 500

/** The first answer that fits, else the last one. Throws what `read` throws, and the signal's reason. */
export async function readSettled<T>(
  read: () => Promise<T>,
  {
    fits,
    forMs = SETTLE_MS,
    cloud,
  }: { fits: (answer: T) => boolean; forMs?: number; cloud: Cloud },
): Promise<T> {
  const { clock, signal } = cloud
  const giveUpAtMs = clock.now() + forMs
  for (;;) {
    const answer = await read()
    if (fits(answer) || clock.now() >= giveUpAtMs) return answer
    await clock.sleep(EVERY_MS, signal)
  }
}

/** A tag, and the version that it is expected on; undefined for none. */
export interface Holding {
  readonly functionId: string
  readonly tag: string
  readonly versionId: string | undefined
}

/** Where the tag is instead, as the end of a sentence about it; undefined where it is as expected. */
export async function elsewhere(
  { functionId, tag, versionId }: Holding,
  cloud: Cloud,
): Promise<string | undefined> {
  const holder = await readSettled(() => getVersionByTag({ functionId, tag }, cloud), {
    fits: (one) => one?.id === versionId,
    cloud,
  })
  if (holder?.id === versionId) return undefined
  const now = holder ? `on the version ${holder.id}` : 'on no version'
  return `is ${now} now: another run or a person has moved it`
}
