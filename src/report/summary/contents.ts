/** Where the bytes of a package are. */

import { formatBytes, plural } from '../../text.ts'
import type { Section } from './end.ts'
import { code, folded } from './markup.ts'
import { bytesOf, shareOut, type Entry, type Part } from './shares.ts'

const BAR_CELLS = 10

export const contentsSection: Section = ({ known: { package: packed } }) => {
  if (!packed) return []
  const { entries, unpackedBytes, sizeBytes } = packed.archive
  return folded(`Package contents: ${plural(entries.length, 'file')}`, [
    ...contentsTable(entries),
    '',
    `The files are ${formatBytes(unpackedBytes)}, and ${formatBytes(bytesOf(entries))} when packed. The zip is ${formatBytes(sizeBytes)}: it also holds the name of each file, twice.`,
  ])
}

/** A Markdown table with bars of where the packed bytes are. */
export function contentsTable(entries: readonly Entry[]): readonly string[] {
  const parts = shareOut(entries)
  const total = Math.max(bytesOf(parts), 1)
  const rows = parts.map((part) => {
    const share = part.packedBytes / total
    const bar = '▪'.repeat(Math.round(share * BAR_CELLS))
    // On a narrow screen the last column is out of sight.
    const cells = [
      nameOf(part),
      `${Math.round(share * 100)}% ${bar}`.trim(),
      formatBytes(part.packedBytes).replace(' ', '&nbsp;'),
      part.files.toLocaleString('en-US'),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return ['| Folder or file | Share | Packed | Files |', '|---|---|--:|--:|', ...rows]
}

function nameOf({ name, more }: Part): string {
  if (more === undefined) return code(name)
  return `${more.toLocaleString('en-US')} more${name === '' ? '' : ` in ${code(name)}`}`
}
