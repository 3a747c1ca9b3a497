/** Shares the bytes of a package out to its largest folders and files, in few rows. */

import type { ArchiveEntry } from '../../source/source.ts'

export type Entry = Pick<ArchiveEntry, 'name' | 'packedBytes'>

/** One row: a folder or a file, or what is left of a folder. */
export interface Part extends Entry {
  /** How many folders and files of the one that is named the row stands for; undefined for all of it. */
  readonly more?: number
  readonly files: number
}

const MAX_ROWS = 10
/** Most rows of what is left. */
const MAX_RESTS = 3
/** A folder with this part of the bytes is opened, whatever is in it. */
const MUST_OPEN = 0.5
/** One with this part is opened for a child with that part; any other stays in one piece. */
const MAY_OPEN = { folder: 0.2, child: 0.05 }

/** Largest first, and what is left last. A folder that has much of the bytes is taken apart. */
export function shareOut(entries: readonly Entry[]): readonly Part[] {
  const groups = openFolders(entries)
  const shown = groups.length <= MAX_ROWS ? groups : groups.slice(0, MAX_ROWS - MAX_RESTS)
  const rests = [...groupBy(groups.slice(shown.length), ({ parent }) => parent)].sort(
    ([, a], [, b]) => bytesOf(b) - bytesOf(a),
  )
  // Of several folders: only the package has them all.
  const own = rests.length <= MAX_RESTS ? rests : rests.slice(0, MAX_RESTS - 1)
  const others = rests.slice(own.length).flatMap(([, left]) => left)
  return [
    ...shown,
    ...own.map(([folder, left]) => restOf(folder, left)),
    ...(others.length > 0 ? [restOf('', others)] : []),
  ]
}

/** A folder, whose name has a `/` at its end, or a file. */
interface Group extends Part {
  /** The folder it is in; empty for the package itself. */
  readonly parent: string
  readonly entries: readonly Entry[]
}

/** The package's folders and files, and in place of each large folder what is in it. Largest first. */
function openFolders(entries: readonly Entry[]): readonly Group[] {
  const total = bytesOf(entries)
  const open = (group: Group): readonly Group[] => {
    const share = group.packedBytes / Math.max(total, 1)
    if (!group.name.endsWith('/') || share < MAY_OPEN.folder) return [group]
    const children = childrenOf(group.name, group.entries)
    const isOpened =
      share >= MUST_OPEN ||
      children.some(({ packedBytes }) => packedBytes >= total * MAY_OPEN.child)
    return isOpened ? children.flatMap(open) : [group]
  }
  return childrenOf('', entries)
    .flatMap(open)
    .toSorted((a, b) => b.packedBytes - a.packedBytes || (a.name < b.name ? -1 : 1))
}

/** Folders and files right in a folder. */
function childrenOf(folder: string, entries: readonly Entry[]): readonly Group[] {
  const groups = groupBy(entries, ({ name }) => {
    const end = name.indexOf('/', folder.length)
    return end === -1 ? name : name.slice(0, end + 1)
  })
  return [...groups].map(([name, inside]) => ({
    name,
    parent: folder,
    entries: inside,
    files: inside.length,
    packedBytes: bytesOf(inside),
  }))
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function restOf(folder: string, groups: readonly Group[]): Part {
  const [only] = groups
  if (only && groups.length === 1) return only
  const files = groups.reduce((sum, group) => sum + group.files, 0)
  return { name: folder, more: groups.length, files, packedBytes: bytesOf(groups) }
}

/** Their bytes when packed. */
export function bytesOf(items: readonly Pick<Entry, 'packedBytes'>[]): number {
  return items.reduce((sum, { packedBytes }) => sum + packedBytes, 0)
}
