/** Reports lines of `include`, `exclude` and `.ycignore` that have no effect, and why. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { nearest } from '../../suggest.ts'
import { showName } from '../file-names.ts'
import type { SourceFile } from '../source.ts'
import { expandBraces } from './braces.ts'
import { compileGlob, matchesPath } from './glob.ts'
import type { UnusedPattern } from './matcher.ts'
import { findBuiltIn, ruleName, showLine, type Rule } from './rules.ts'

/** Further lines are only counted. */
const MAX_UNMATCHED = 5
/** Enough for a suggestion, without a long search in a large tree. */
const MAX_LISTED = 5000
const EXTENDED = /[?*+@!]\([^)]*\)|\[\[:\w+:\]/
/** Longer names are not compared letter by letter. */
const MAX_NEAR = 200
/** A pattern that begins with the name of a file or folder. */
const BEGINS_WITH_NAME = /^(?:\.\/+)*(?!\.?\/*$)[^*?[{/]+(?:\/|$)/

/** Sentences about `include` lines that match no file, with suggestions from the folder. */
export async function unmatchedIncludes(
  unused: readonly UnusedPattern[],
  folder: string,
): Promise<readonly string[]> {
  const unmatched = unused.filter(({ excludedBy }) => excludedBy.length === 0)
  if (unmatched.length === 0) return []
  const files = await listFiles(folder)
  return unmatched.map(({ rule }) => {
    const notBuilt = BEGINS_WITH_NAME.test(rule.pattern) ? 'is it built before this step?' : ''
    const advice = advise(rule.pattern, files) ?? notBuilt
    return `${showLine(rule)} matches no file${advice === '' ? '' : `: ${advice}`}`
  })
}

/** Warnings about `include` lines that match only files that other lines exclude. */
export function excludedIncludes(unused: readonly UnusedPattern[]): readonly string[] {
  return unused
    .filter(({ excludedBy }) => excludedBy.length > 0)
    .map((one) => `${showLine(one.rule)} has no effect: ${whyExcluded('it matches', [one])}`)
}

/** Why no file is left, if every `include` line matches something. */
export function nothingLeft(unused: readonly UnusedPattern[]): string {
  if (unused.length === 0) return '`include` has only lines with `!`, which exclude files'
  return whyExcluded('that `include` matches', unused)
}

/** Names the rules, and the lines of `exclude` that take back what only built-in rules exclude. */
function whyExcluded(what: string, unused: readonly UnusedPattern[]): string {
  const rules = [...new Set(unused.flatMap(({ excludedBy }) => excludedBy))]
  const names = rules.map((rule) => showName(ruleName(rule))).join(', ')
  const reason = `everything ${what} is excluded by ${names}`
  if (rules.some(({ origin }) => origin !== 'built-in')) return reason
  const lines = unused.map(({ rule }) => showName(`!${rule.pattern}`)).join(', ')
  const add = `add the line${unused.length === 1 ? '' : 's'} ${lines} to \`exclude\``
  return `${reason}; to deploy it, ${add}`
}

/** Warnings about lines of `exclude` and `.ycignore` that match nothing, with suggestions. */
export function unmatchedExcludes(
  unmatched: readonly Rule[],
  files: readonly SourceFile[],
): readonly string[] {
  if (unmatched.length === 0) return []
  const names = files.map(({ name }) => name)
  const more = unmatched.length - MAX_UNMATCHED
  return [
    ...unmatched.slice(0, MAX_UNMATCHED).map((rule) => {
      // `!(a)` is meant as an extended glob rather than as a line that takes `(a)` back.
      const advice = advise(rule.line.startsWith('!(') ? rule.line : rule.pattern, names)
      return `${showLine(rule)} matches nothing${advice === undefined ? '' : `: ${advice}`}`
    }),
    ...(more > 0 ? [`${more} more lines of \`exclude\` or \`.ycignore\` match nothing`] : []),
  ]
}

/** Names of files in a folder, those near its root first, without secrets and installed packages. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = []
  const folders = ['']
  for (const parent of folders) {
    if (files.length + folders.length > MAX_LISTED) break
    const options = { withFileTypes: true } as const
    const children = await readdir(path.join(folder, parent), options).catch(() => [])
    for (const child of children) {
      const name = parent + child.name
      if (child.name === 'node_modules' || findBuiltIn(child.name)) continue
      if (child.isDirectory()) folders.push(`${name}/`)
      else files.push(name)
    }
  }
  return files
}

/** The end of a sentence about the pattern, based on the names of existing files; undefined without a suggestion. */
function advise(pattern: string, files: readonly string[]): string | undefined {
  if (/^(['"]).*\1$/.test(pattern)) return 'write it without quotes'
  if (EXTENDED.test(pattern)) {
    return 'extended globs are not supported: write `{a,b}`, or one line for each'
  }
  const names = new Set(files.flatMap(withFolders))
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

/** The file and the folders that it is in. */
function withFolders(file: string): readonly string[] {
  return file.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'))
}

function clean(pattern: string): string {
  return pattern.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')
}
