/** What points where: the version that each tag has now, for whoever has to act on a failure. */

import type { Cloud } from '../../yandex/cloud.ts'
import { getVersionByTag, LATEST } from '../../yandex/functions/versions.ts'
import { afterAbort, GRACE_MS } from './grace.ts'

/** A tag, and where it is. */
export interface Pointer {
  readonly tag: string
  /** Undefined also where it could not be read. */
  readonly versionId: string | undefined
  /** The same in words. */
  readonly now: string
}

/** Who waits for an account of a failure does not wait for an API that does not answer. */
const MAX_WAIT_MS = 10_000

/** Each of the tags once, and {@link LATEST}, side by side; never rejects. */
export function readPointers(
  { functionId, tags }: { functionId: string; tags: readonly string[] },
  cloud: Cloud,
): Promise<readonly Pointer[]> {
  const patient = cloud.withSignal(
    AbortSignal.any([afterAbort(cloud.signal, GRACE_MS.account), AbortSignal.timeout(MAX_WAIT_MS)]),
  )
  return Promise.all(
    [...new Set([...tags, LATEST])].map(async (tag): Promise<Pointer> => {
      try {
        const versionId = (await getVersionByTag({ functionId, tag }, patient))?.id
        return { tag, versionId, now: versionId ?? 'no version' }
      } catch {
        return { tag, versionId: undefined, now: 'not known' }
      }
    }),
  )
}

/** A table as text; `notes` says of versions what they are. */
export function tableOf(
  pointers: readonly Pointer[],
  notes: ReadonlyMap<string, string>,
): readonly string[] {
  const rows = pointers.map(({ tag, now }) => [tag, now, notes.get(now) ?? ''])
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
