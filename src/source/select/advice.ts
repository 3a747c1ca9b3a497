/** Suggests what may be wrong with a pattern that matches nothing. */

import { nearest } from '../../suggest.ts'
import { expandBraces } from './braces.ts'
import { compileGlob, matchesPath } from './glob.ts'
import { showName } from '../file-names.ts'

const EXTENDED = /[?*+@!]\([^)]*\)|\[\[:\w+:\]/
/** Longer names are not compared letter by letter. */
const MAX_NEAR = 200

/** The end of a sentence about the pattern, based on the names of existing files; undefined without a suggestion. */
export function advise(pattern: string, files: readonly string[]): string | undefined {
  if (/^(['"]).*\1$/.test(pattern)) return 'write it without quotes'
  if (EXTENDED.test(pattern)) {
    return 'extended globs are not supported: write `{a,b}`, or one line for each'
  }
  const names = new Set(files.flatMap((file) => [file, ...foldersOf(file)]))
  const parts = pattern.split(/[\s,;]+/).filter((part) => part !== '')
  if (parts.length > 1 && parts.some((part) => names.has(clean(part)))) {
    return 'write one pattern per line, without commas or dashes'
  }
  const wanted = clean(pattern)
  const same = [...names].find((name) => name.toLowerCase() === wanted.toLowerCase())
  if (same !== undefined) return `did you mean ${showName(same)}?`
  const deeper = `**/${wanted}`
  const glob = compileGlob(expandBraces(deeper) ?? [])
  const match = files.find((file) => matchesPath(glob, file))
  if (match !== undefined) return `${showName(deeper)} would match ${showName(match)}`
  const limit = Math.max(2, Math.floor(wanted.length / 3))
  const candidates = [...names].filter(
    ({ length }) => wanted.length <= MAX_NEAR && Math.abs(length - wanted.length) <= limit,
  )
  const [near] = nearest(wanted, candidates)
  return near === undefined ? undefined : `did you mean ${showName(near)}?`
}

function foldersOf(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function clean(pattern: string): string {
  return pattern.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')
}
