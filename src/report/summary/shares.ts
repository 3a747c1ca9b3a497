/** Shares the bytes of a package out to its largest folders and files, in few rows. */

import type { ArchiveEntry } from '../../source/source.ts'

type Entry = Pick<ArchiveEntry, 'name' | 'sizeBytes' | 'packedBytes'>

interface Sums {
  readonly files: number
  readonly sizeBytes: number
  readonly packedBytes: number
}

/** One row: a folder or a file, or what is left of a folder. */
export type Part = Sums &
  (
    | {
        readonly kind: 'named'
        /** With a `/` at the end for a folder. */
        readonly name: string
      }
    | {
        readonly kind: 'rest'
        /** Empty for the package itself. */
        readonly folder: string
        /** How many folders and files are in it. */
        readonly count: number
      }
  )

const MAX_ROWS = 10
/** Most rows of what is left. */
const MAX_RESTS = 3
/** A folder with this part of the bytes is opened, whatever is in it. */
const MUST_OPEN = 0.5
/** One with this part is opened for a child with that part; any other stays in one piece. */
const MAY_OPEN = { folder: 0.2, child: 0.05 }

/** Largest first, and what is left last. A folder that has much of the bytes is taken apart. */
export function shareOut(entries: readonly Entry[]): readonly Part[] {
  const all = openFolders(entries)
  const shown = all.length <= MAX_ROWS ? all : all.slice(0, MAX_ROWS - MAX_RESTS)
  const left = groupBy(all.slice(shown.length), ({ parent }) => parent)
  const ranked = [...left].map(([folder, groups]) => restOf(folder, groups)).sort(byBytes)
  const rests = ranked.slice(0, MAX_RESTS - 1)
  const others = ranked.slice(MAX_RESTS - 1)
  return [...shown.map(named), ...rests, ...(others.length > 1 ? [mergeRests(others)] : others)]
}

interface Group {
  readonly name: string
  /** The folder it is in. */
  readonly parent: string
  readonly entries: readonly Entry[]
  readonly packedBytes: number
}

/** The package's folders and files, and in place of each large folder what is in it. Largest first. */
function openFolders(entries: readonly Entry[]): readonly Group[] {
  const total = sumsOf(entries).packedBytes
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
    packedBytes: sumsOf(inside).packedBytes,
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

function named({ name, entries }: Group): Part {
  return { kind: 'named', name, ...sumsOf(entries) }
}

function restOf(folder: string, groups: readonly Group[]): Part {
  const [only, ...others] = groups
  if (only && others.length === 0) return named(only)
  const sums = sumsOf(groups.flatMap(({ entries }) => entries))
  return { kind: 'rest', folder, count: groups.length, ...sums }
}

/** Of several folders: only the package has them all. */
function mergeRests(rests: readonly Part[]): Part {
  const sum = (of: (rest: Part) => number): number =>
    rests.reduce((total, rest) => total + of(rest), 0)
  return {
    kind: 'rest',
    folder: '',
    count: sum((rest) => (rest.kind === 'rest' ? rest.count : 1)),
    files: sum(({ files }) => files),
    sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    packedBytes: sum(({ packedBytes }) => packedBytes),
  }
}

function byBytes(a: Part, b: Part): number {
  return b.packedBytes - a.packedBytes
}

function sumsOf(entries: readonly Entry[]): Sums {
  let sizeBytes = 0
  let packedBytes = 0
  for (const entry of entries) {
    sizeBytes += entry.sizeBytes
    packedBytes += entry.packedBytes
  }
  return { files: entries.length, sizeBytes, packedBytes }
}
