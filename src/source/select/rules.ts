/**
 * The rules that choose files, in the order in which they count: the last one that matches a file
 * decides.
 */

import { expandBraces, MAX_EXPANSIONS } from './braces.ts'
import { compileGlob, matchesPath, type Glob } from './glob.ts'
import { showName } from '../names.ts'

/** Where a rule was written. */
export type Origin = 'include' | 'built-in' | '.ycignore' | 'exclude'

/** One line that puts files into the package or keeps them out. */
export interface Rule {
  readonly origin: Origin
  /** The line as it was written. */
  readonly line: string
  /** The line without its `!`. */
  readonly pattern: string
  readonly glob: Glob
  readonly effect: 'takes' | 'leaves'
}

/** A line that cannot be used, and why, as a sentence for the user. */
export interface BadLine {
  readonly code: 'SOURCE_EMPTY' | 'SOURCE_UNSAFE'
  readonly message: string
}

export interface RuleLines {
  readonly include: readonly string[]
  /** The lines of the `.ycignore` file. */
  readonly ignore: readonly string[]
  readonly exclude: readonly string[]
}

/**
 * What never goes in unless `exclude` takes it back: secrets that tools leave in a checkout, the
 * repository itself, and litter of file managers, which the builder refuses at times.
 */
export const BUILT_IN_EXCLUDES = [
  '.git',
  '.env',
  '.env.*',
  '.npmrc',
  '.netrc',
  '.aws',
  '.ssh',
  '.DS_Store',
  '__MACOSX',
  '.ycignore',
] as const

/** The longest path of Linux, in characters: a longer pattern matches nothing. */
const MAX_CHARACTERS = 4096
const MAX_SHOWN = 200
const WINDOWS = process.platform === 'win32'

const BUILT_IN_RULES: readonly Rule[] = BUILT_IN_EXCLUDES.map((line) => {
  const pattern = `**/${line}`
  return { origin: 'built-in', line, pattern, glob: compileGlob([pattern]), effect: 'leaves' }
})

/**
 * Puts the lines into their order: `include`, the built-in excludes at any depth, `.ycignore`,
 * `exclude`. A `!` turns a line round: `!glob` under `include` leaves files out, elsewhere it takes
 * them in.
 */
export function readRules(lines: RuleLines): { rules: readonly Rule[]; bad: readonly BadLine[] } {
  const rules: Rule[] = []
  const bad: BadLine[] = []
  const add = (origin: Origin, written: readonly string[]): void => {
    for (const text of written) {
      const line = text.trim()
      if (line === '' || line.startsWith('#')) continue
      const { pattern, turned } = splitLine(line)
      const read = readPattern(pattern)
      if ('code' in read) {
        const where = `\`${origin}\` line ${showName(line.slice(0, MAX_SHOWN))}`
        bad.push({ code: read.code, message: `${where} ${read.message}` })
        continue
      }
      const effect = (origin === 'include') === turned ? 'leaves' : 'takes'
      rules.push({ origin, line, pattern, glob: compileGlob(read.globs), effect })
    }
  }
  add('include', lines.include)
  rules.push(...BUILT_IN_RULES)
  add('.ycignore', lines.ignore)
  add('exclude', lines.exclude)
  return { rules, bad }
}

/** How a rule is called in logs: where it stands and what it says, such as `built-in .git`. */
export function ruleName(rule: Rule): string {
  return `${rule.origin} ${rule.line}`
}

/** The built-in rule that leaves out a path with `/` separators, or a folder on the way to it. */
export function findBuiltIn(path: string): Rule | undefined {
  return BUILT_IN_RULES.find(({ glob }) => matchesPath(glob, path))
}

/**
 * The end of a sentence about a link to a path of the workspace that a built-in exclude leaves out;
 * undefined for any other.
 */
export function whyHidden(path: string): string | undefined {
  const rule = findBuiltIn(path)
  return rule && `is a link to ${showName(path)}, which ${showName(ruleName(rule))} leaves out`
}

function splitLine(line: string): { pattern: string; turned: boolean } {
  const marks = /^(?:!\s*)*/.exec(line)?.[0] ?? ''
  const pattern = line.slice(marks.length)
  return {
    pattern: WINDOWS ? pattern.replaceAll('\\', '/') : pattern,
    turned: marks.replaceAll(/\s/g, '').length % 2 === 1,
  }
}

function readPattern(pattern: string): { readonly globs: readonly string[] } | BadLine {
  if (pattern.length > MAX_CHARACTERS) {
    return { code: 'SOURCE_EMPTY', message: `has more than ${MAX_CHARACTERS} characters` }
  }
  const globs = expandBraces(pattern)
  if (globs === undefined) {
    const message = `stands for more than ${MAX_EXPANSIONS} patterns: use fewer braces`
    return { code: 'SOURCE_EMPTY', message }
  }
  if (globs.length === 0) return { code: 'SOURCE_EMPTY', message: 'has no pattern in it' }
  if (globs.some((glob) => glob.split('/').includes('..'))) {
    const message = 'has a `..` in it: patterns stay inside `source-root`'
    return { code: 'SOURCE_UNSAFE', message }
  }
  if (globs.some(isAbsolute)) {
    const message = 'is an absolute path: patterns are relative to `source-root`'
    return { code: 'SOURCE_UNSAFE', message }
  }
  return { globs }
}

/** `~` is the home folder in `@actions/glob`; a drive letter counts only where there are drives. */
function isAbsolute(glob: string): boolean {
  return glob.startsWith('/') || /^~(\/|$)/.test(glob) || (WINDOWS && /^[a-z]:/i.test(glob))
}
