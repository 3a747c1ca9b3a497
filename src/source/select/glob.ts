/** One glob, compiled so that a tree is matched folder by folder instead of path by path. */

import { compileSegment, fits, GLOBSTAR, type Segment } from './segment.ts'

/** The end of an alternative that matches files and folders, or only folders. */
type End = 'end' | 'end of a folder'

/** A compiled glob, relative to the root of the tree. */
export interface Glob {
  /** The segments of all alternatives, each followed by its end. */
  readonly segments: readonly (Segment | End)[]
  /** The progress at the root of the tree. */
  readonly start: Progress
  /** How many leading segments are plain names: there `@actions/glob` begins its search. */
  readonly plainSegments: number
}

/**
 * How far a glob has matched on the way to a folder: the segments that may come next (none if nothing below can match),
 * or `all` if the folder or one above it matched, and so everything below it does.
 */
export type Progress = readonly number[] | 'all'

/** Compiles relative patterns with `/` separators and no `..` segment into one: any of them matches. */
export function compileGlob(patterns: readonly string[]): Glob {
  const segments: (Segment | End)[] = []
  const starts: number[] = []
  let plainSegments = Infinity
  for (const pattern of patterns) {
    const names = pattern.split('/').filter((name) => name !== '' && name !== '.')
    const firstMagic = names.findIndex((name) => /[*?[]/.test(name))
    plainSegments = Math.min(plainSegments, firstMagic === -1 ? names.length : firstMagic)
    starts.push(segments.length)
    for (const name of names) segments.push(compileSegment(name))
    segments.push(pattern.endsWith('/') ? 'end of a folder' : 'end')
  }
  return { segments, start: expandGlobstars(segments, starts), plainSegments }
}

/** The progress in the folder `name` of a folder. */
export function enterFolder(glob: Glob, from: { progress: Progress; name: string }): Progress {
  if (from.progress === 'all' || from.progress.length === 0) return from.progress
  const next: number[] = []
  for (const at of from.progress) {
    const segment = glob.segments[at]
    if (segment === GLOBSTAR) next.push(at)
    else if (typeof segment === 'object' && fits(segment, from.name)) next.push(at + 1)
  }
  return next.length === 0 ? next : expandGlobstars(glob.segments, next)
}

/** Whether the glob matches the file `name` in a folder. */
export function matchesFile(glob: Glob, from: { progress: Progress; name: string }): boolean {
  if (from.progress === 'all') return true
  for (const at of from.progress) {
    const segment = glob.segments[at]
    if (segment === GLOBSTAR) {
      if (isEnd(glob, at)) return true
    } else if (typeof segment === 'object' && fits(segment, from.name) && isEnd(glob, at + 1)) {
      return true
    }
  }
  return false
}

/** Whether the glob matches the file at a path from the root of the tree. */
export function matchesPath(glob: Glob, path: string): boolean {
  const folders = path.split('/')
  const name = folders.pop() ?? ''
  const progress = folders.reduce(
    (at, folder) => enterFolder(glob, { progress: at, name: folder }),
    glob.start,
  )
  return matchesFile(glob, { progress, name })
}

/** Whether the way to a folder has matched more of the glob than a leading `**`. */
export function hasBegun(glob: Glob, progress: Progress): boolean {
  const { start } = glob
  if (progress === 'all' || start === 'all') return true
  return progress.some((at) => !start.includes(at))
}

/** `**` also matches no segment at all; a glob that has matched completely matches everything below. */
function expandGlobstars(segments: Glob['segments'], positions: readonly number[]): Progress {
  const closed = new Set<number>()
  for (const start of positions) {
    for (let at = start; !closed.has(at); at++) {
      const segment = segments[at]
      if (segment === 'end' || segment === 'end of a folder') return 'all'
      closed.add(at)
      if (segment !== GLOBSTAR) break
    }
  }
  return [...closed]
}

/** Whether nothing but `**` remains at this position, as in `@actions/glob`. */
function isEnd(glob: Glob, at: number): boolean {
  while (glob.segments[at] === GLOBSTAR) at++
  return glob.segments[at] === 'end'
}
