/** Reports lines of `include`, `exclude` and `.ycignore` that have no effect, and why. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { advise } from './advice.ts'
import type { UnusedPattern } from './matcher.ts'
import { showName } from '../file-names.ts'
import { findBuiltIn, ruleName, type Rule } from './rules.ts'
import type { SourceFile } from '../source.ts'

/** Further lines are only counted. */
const MAX_UNMATCHED = 5
/** Enough for a suggestion, without a long search in a large tree. */
const MAX_LISTED = 5000
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
    return `${lineOf(rule)} matches no file${advice === '' ? '' : `: ${advice}`}`
  })
}

/** Warnings about `include` lines that match only files that other lines exclude. */
export function excludedIncludes(unused: readonly UnusedPattern[]): readonly string[] {
  return unused
    .filter(({ excludedBy }) => excludedBy.length > 0)
    .map(({ rule, excludedBy }) => {
      const reason = `everything it matches is excluded by ${listRules(excludedBy)}`
      return `${lineOf(rule)} has no effect: ${reason}${remedyFor([{ rule, excludedBy }])}`
    })
}

/** Why no file is left, if every `include` line matches something. */
export function nothingLeft(unused: readonly UnusedPattern[]): string {
  if (unused.length === 0) return '`include` has only lines with `!`, which exclude files'
  const rules = new Set(unused.flatMap(({ excludedBy }) => excludedBy))
  const reason = `everything that \`include\` matches is excluded by ${listRules([...rules])}`
  return reason + remedyFor(unused)
}

/** The end of a sentence with the lines of `exclude` that take back what only built-in rules exclude. */
function remedyFor(unused: readonly UnusedPattern[]): string {
  const isBuiltIn = unused.every(({ excludedBy }) =>
    excludedBy.every(({ origin }) => origin === 'built-in'),
  )
  if (!isBuiltIn) return ''
  const lines = unused.map(({ rule }) => showName(`!${rule.pattern}`)).join(', ')
  return `; to deploy it, add the line${unused.length === 1 ? '' : 's'} ${lines} to \`exclude\``
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
      return `${lineOf(rule)} matches nothing${advice === undefined ? '' : `: ${advice}`}`
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

function lineOf({ origin, line }: Rule): string {
  return `\`${origin}\` line ${showName(line)}`
}

function listRules(rules: readonly Rule[]): string {
  return rules.map((rule) => showName(ruleName(rule))).join(', ')
}
