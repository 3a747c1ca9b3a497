/** Which files differ between two packages; pure. */

import type { FileSum } from '../../source/source.ts'

/** Names, sorted. */
export interface FileDiff {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Of another size or CRC-32. */
  readonly changed: readonly string[]
  readonly unchangedCount: number
}

export function diffFiles(live: readonly FileSum[], after: readonly FileSum[]): FileDiff {
  const before = new Map(live.map((file) => [file.name, file]))
  const added: string[] = []
  const changed: string[] = []
  for (const { name, sizeBytes, crc32 } of after) {
    const known = before.get(name)
    before.delete(name)
    if (!known) added.push(name)
    else if (known.sizeBytes !== sizeBytes || known.crc32 !== crc32) changed.push(name)
  }
  return {
    added: added.sort(),
    removed: [...before.keys()].sort(),
    changed: changed.sort(),
    unchangedCount: after.length - added.length - changed.length,
  }
}
