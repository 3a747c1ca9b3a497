/** Where the bytes of a package are. */

import type { ArchiveEntry } from '../../source/source.ts'
import { formatBytes, plural } from '../../text.ts'
import type { Section } from './end.ts'
import { folded } from './markup.ts'
import { shareOut, type Part } from './shares.ts'

/** What is shown of a file in a package. */
type Entry = Pick<ArchiveEntry, 'name' | 'sizeBytes' | 'packedBytes'>

const BAR_CELLS = 10

export const contentsSection: Section = ({ known: { package: packed } }) => {
  if (!packed) return []
  const { entries, unpackedBytes, sizeBytes } = packed.archive
  const packedBytes = entries.reduce((sum, entry) => sum + entry.packedBytes, 0)
  return folded(`Package contents: ${plural(entries.length, 'file')}`, [
    contentsTable({ entries }),
    '',
    `The files are ${formatBytes(unpackedBytes)}, and ${formatBytes(packedBytes)} when packed. The zip is ${formatBytes(sizeBytes)}: it also holds the name of each file, twice.`,
  ])
}

/**
 * A Markdown table with bars of where the packed bytes are. Names of folders are given in a form
 * that cannot be Markdown, HTML, a link or a mention.
 */
export function contentsTable({ entries }: { readonly entries: readonly Entry[] }): string {
  const parts = shareOut(entries)
  const total = parts.reduce((sum, { packedBytes }) => sum + packedBytes, 0)
  const lines = parts.map((part) => {
    const share = part.packedBytes / Math.max(total, 1)
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
  return ['| Folder or file | Share | Packed | Files |', '|---|---|--:|--:|', ...lines].join('\n')
}

function nameOf(part: Part): string {
  if (part.kind === 'named') return inertName(part.name)
  const where = part.folder === '' ? '' : ` in ${inertName(part.folder)}`
  return `${part.count.toLocaleString('en-US')} more${where}`
}

/**
 * Everything but letters, digits and `/` becomes a numeric entity, which Markdown takes for plain
 * text.
 */
function inertName(name: string): string {
  const inert = name.replaceAll(/[^\p{L}\p{N}/ ]/gu, (char) =>
    /\p{C}|\p{Zl}|\p{Zp}/u.test(char) ? '&#65533;' : `&#${char.codePointAt(0) ?? 0};`,
  )
  return `<code>${inert}</code>`
}
