/** Shows where the bytes of a package are: lines for the log, a table for the job summary. */

import { showName } from '../source/names.ts'
import type { Archive, ArchiveEntry, Excluded, Selection } from '../source/source.ts'
import { formatBytes, plural } from '../text.ts'

/** What is shown of a file in an archive. */
type Entry = Pick<ArchiveEntry, 'name' | 'sizeBytes' | 'packedBytes'>

const LARGEST = 10
const FOLDER_ROWS = 10
const BAR_CELLS = 20

/** Lines for the log: how much goes in, the ten largest files, and what each rule left out. */
export function describeSelection(selection: Selection, archive: Archive): string[] {
  const largest = archive.entries
    .toSorted((a, b) => b.packedBytes - a.packedBytes)
    .slice(0, LARGEST)
  return [
    `${plural(archive.entries.length, 'file')}, ${formatBytes(archive.unpackedBytes)}; ` +
      `zip ${formatBytes(archive.sizeBytes)}`,
    'Largest, packed and unpacked:',
    ...largest.map(
      ({ name, packedBytes, sizeBytes }) =>
        `  ${formatBytes(packedBytes).padStart(10)} ${formatBytes(sizeBytes).padStart(10)}  ` +
        showName(name),
    ),
    ...(selection.excluded.length === 0 ? [] : ['Left out:']),
    ...selection.excluded.map((left) => `  ${describeExcluded(left)}`),
  ]
}

/**
 * A Markdown table with bars of where the packed bytes are. Names of folders are given in a form
 * that cannot be Markdown, HTML, a link or a mention.
 */
export function largestFolders(archive: { readonly entries: readonly Entry[] }): string {
  const total = archive.entries.reduce((sum, { packedBytes }) => sum + packedBytes, 0)
  const rows = splitFolders(archive.entries)
  const most = rows[0]?.packedBytes ?? 0
  const lines = rows.map(({ name, files, packedBytes }) => {
    const bar = '█'.repeat(Math.round((packedBytes / Math.max(most, 1)) * BAR_CELLS)) || '▏'
    const share = Math.round((packedBytes / Math.max(total, 1)) * 100)
    return `| ${inertName(name)} | ${files} | ${formatBytes(packedBytes)} | ${bar} ${share}% |`
  })
  return ['| Folder or file | Files | Packed | Share |', '|---|--:|--:|---|', ...lines].join('\n')
}

interface FolderRow {
  /** With a `/` at the end; a file for a file that stands alone. */
  readonly name: string
  readonly files: number
  readonly packedBytes: number
}

/** Takes the largest folders apart as long as they have folders in them and the table has room. */
function splitFolders(entries: readonly Entry[]): readonly FolderRow[] {
  const rows = groupByChild('', entries)
  for (let split = true; split;) {
    rows.sort((a, b) => b.packedBytes - a.packedBytes || (a.name < b.name ? -1 : 1))
    split = false
    for (const [at, row] of rows.entries()) {
      const parts = isFolder(row) ? groupByChild(row.name, row.entries) : []
      const fits = rows.length === 1 || rows.length - 1 + parts.length <= FOLDER_ROWS
      if (!fits || !parts.some(isFolder)) continue
      rows.splice(at, 1, ...parts)
      split = true
      break
    }
  }
  const shown = rows.slice(0, FOLDER_ROWS)
  const rest = rows.slice(FOLDER_ROWS)
  return rest.length === 0
    ? shown
    : [
        ...shown,
        {
          name: '…',
          files: rest.reduce((sum, { files }) => sum + files, 0),
          packedBytes: rest.reduce((sum, { packedBytes }) => sum + packedBytes, 0),
        },
      ]
}

function groupByChild(
  folder: string,
  entries: readonly Entry[],
): (FolderRow & { entries: Entry[] })[] {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const end = entry.name.indexOf('/', folder.length)
    const name = end === -1 ? entry.name : entry.name.slice(0, end + 1)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [entry])
    else group.push(entry)
  }
  return [...groups].map(([name, group]) => ({
    name,
    files: group.length,
    packedBytes: group.reduce((sum, { packedBytes }) => sum + packedBytes, 0),
    entries: group,
  }))
}

function isFolder(row: FolderRow): boolean {
  return row.name.endsWith('/')
}

function describeExcluded({ rule, count, folders }: Excluded): string {
  const parts = [
    ...(count > 0 ? [plural(count, 'file')] : []),
    ...(folders > 0 ? [`${plural(folders, 'folder')} with everything below`] : []),
  ]
  return `${showName(rule)}: ${parts.join(', ')}`
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
