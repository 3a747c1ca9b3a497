/** Says which lines of `include`, `exclude` and `.ycignore` have no effect, and why. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { advise } from './advice.ts'
import type { IdleLine } from './matcher.ts'
import { showName } from '../names.ts'
import { findBuiltIn, ruleName, type Rule } from './rules.ts'
import type { SourceFile } from '../source.ts'

/** More lines of the kind are only counted. */
const MAX_UNMATCHED = 5
/** Enough to find what was meant, without a long look at a large tree. */
const MAX_LISTED = 5000
/** A pattern that begins with the name of a file or folder. */
const BEGINS_WITH_NAME = /^(?:\.\/+)*(?!\.?\/*$)[^*?[{/]+(?:\/|$)/

/** Sentences about `include` lines that match no file, with what may be meant in the folder. */
export async function unmatchedIncludes(
  idle: readonly IdleLine[],
  folder: string,
): Promise<readonly string[]> {
  const unmatched = idle.filter(({ takenBy }) => takenBy.length === 0)
  if (unmatched.length === 0) return []
  const files = await listFiles(folder)
  return unmatched.map(({ rule }) => {
    const notBuilt = BEGINS_WITH_NAME.test(rule.pattern) ? 'is it built before this step?' : ''
    const advice = advise(rule.pattern, files) ?? notBuilt
    return `${lineOf(rule)} matches no file${advice === '' ? '' : `: ${advice}`}`
  })
}

/** Warnings about `include` lines that match only what other lines leave out. */
export function excludedIncludes(idle: readonly IdleLine[]): readonly string[] {
  return idle
    .filter(({ takenBy }) => takenBy.length > 0)
    .map(({ rule, takenBy }) => {
      const isBuiltIn = takenBy.every(({ origin }) => origin === 'built-in')
      const remedy = `; to ship it, add the line ${showName(`!${rule.pattern}`)} to \`exclude\``
      const reason = `everything it matches is excluded by ${listRules(takenBy)}`
      return `${lineOf(rule)} has no effect: ${reason}${isBuiltIn ? remedy : ''}`
    })
}

/** Why no file is left, for a selection all of whose lines match something. */
export function nothingLeft(idle: readonly IdleLine[]): string {
  if (idle.length === 0) return '`include` has no line that takes files in, only lines with `!`'
  const rules = new Set(idle.flatMap(({ takenBy }) => takenBy))
  return `everything that \`include\` matches is excluded by ${listRules([...rules])}`
}

/** Warnings about lines that leave out, or take back, nothing, with what may be meant. */
export function unmatchedExcludes(
  unmatched: readonly Rule[],
  files: readonly SourceFile[],
): readonly string[] {
  if (unmatched.length === 0) return []
  const names = files.map(({ name }) => name)
  const more = unmatched.length - MAX_UNMATCHED
  return [
    ...unmatched.slice(0, MAX_UNMATCHED).map((rule) => {
      const advice = advise(rule.pattern, names)
      return `${lineOf(rule)} matches nothing${advice === undefined ? '' : `: ${advice}`}`
    }),
    ...(more > 0 ? [`${more} more lines of \`exclude\` or \`.ycignore\` match nothing`] : []),
  ]
}

/** Names of files in a folder, those near its root first; not of secrets and of packages. */
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
