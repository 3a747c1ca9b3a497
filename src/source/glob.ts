/** One glob, compiled so that a tree is matched folder by folder instead of path by path. */

import { GLOBSTAR, Minimatch } from 'minimatch'

const WINDOWS = process.platform === 'win32'

/** The options that `@actions/glob` gives to the same library. */
const OPTIONS = {
  dot: true,
  nobrace: true,
  nocase: WINDOWS,
  nocomment: true,
  noext: true,
  nonegate: true,
} as const

/** What one path segment may be: anything at any depth, or one of the alternatives. */
type Segment = typeof GLOBSTAR | readonly (string | RegExp)[]

/** A compiled glob, relative to the root of the tree. */
export interface Glob {
  readonly segments: readonly Segment[]
  /** A trailing `/` was written: a file of that name is not meant. */
  readonly foldersOnly: boolean
  /** How many leading segments are plain names: there `@actions/glob` begins its search. */
  readonly plainSegments: number
}

/**
 * How far a glob has matched on the way to a folder: the segments that may come next, none when
 * nothing below can match, or `all` when the folder (or one above it) matched, so that everything
 * below it is meant.
 */
export type Progress = readonly number[] | 'all'

/**
 * Compiles a relative glob with `/` separators and no `..` segment.
 *
 * A `[` stands for itself as well as for the start of a character class, so that `pages/[id].js`
 * means the file of that name, and also `pages/i.js` and `pages/d.js` as it does in
 * `@actions/glob`.
 */
export function compileGlob(pattern: string): Glob {
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.')
  const segments = names.map(compileSegment)
  const firstMagic = names.findIndex((name) => /[*?[]/.test(name))
  return {
    segments,
    foldersOnly: pattern.endsWith('/'),
    plainSegments: firstMagic === -1 ? segments.length : firstMagic,
  }
}

/** The progress at the root of the tree. */
export function startGlob(glob: Glob): Progress {
  return settle(glob, [0])
}

/** The progress in the folder `name` of a folder. */
export function enterFolder(glob: Glob, from: { progress: Progress; name: string }): Progress {
  if (from.progress === 'all' || from.progress.length === 0) return from.progress
  const next: number[] = []
  for (const at of from.progress) {
    const segment = glob.segments[at]
    if (segment === undefined) continue
    if (segment === GLOBSTAR) next.push(at)
    else if (fits(segment, from.name)) next.push(at + 1)
  }
  return settle(glob, next)
}

/** Whether the glob means the file `name` of a folder. */
export function matchesFile(glob: Glob, from: { progress: Progress; name: string }): boolean {
  if (from.progress === 'all') return true
  if (glob.foldersOnly) return false
  for (const at of from.progress) {
    const segment = glob.segments[at]
    if (segment === undefined) continue
    if (segment === GLOBSTAR ? isEnd(glob, at) : fits(segment, from.name) && isEnd(glob, at + 1)) {
      return true
    }
  }
  return false
}

function compileSegment(name: string): Segment {
  const segment = parse(name)
  if (segment === GLOBSTAR) return GLOBSTAR
  // Brackets escaped in the way that works on Windows too, where a backslash is a separator.
  const literal = name.includes('[') ? parse(name.replaceAll('[', '[[]')) : segment
  return literal === GLOBSTAR || literal === segment ? [segment] : [segment, literal]
}

function parse(name: string): string | RegExp | typeof GLOBSTAR {
  return new Minimatch(name, OPTIONS).set[0]?.[0] ?? name
}

function fits(segment: readonly (string | RegExp)[], name: string): boolean {
  for (const one of segment) {
    if (typeof one === 'string' ? one === name : one.test(name)) return true
  }
  return false
}

/** `**` also stands for no segment at all; a glob that is used up means everything from here on. */
function settle(glob: Glob, positions: readonly number[]): Progress {
  const closed = new Set<number>()
  for (const start of positions) {
    for (let at = start; !closed.has(at); at += 1) {
      closed.add(at)
      if (at === glob.segments.length) return 'all'
      if (glob.segments[at] !== GLOBSTAR) break
    }
  }
  return [...closed]
}

/** Nothing more is needed at this position: also when only `**` is left, as in `@actions/glob`. */
function isEnd(glob: Glob, at: number): boolean {
  while (glob.segments[at] === GLOBSTAR) at += 1
  return at === glob.segments.length
}
