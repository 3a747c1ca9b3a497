/** The rules that select files, in order: the last one that matches a file decides. */

import { expandBraces, MAX_EXPANSIONS } from './braces.ts'
import { compileGlob, matchesPath, type Glob } from './glob.ts'
import { showName } from '../file-names.ts'

/** Where a rule was written. */
export type Origin = 'include' | 'built-in' | '.ycignore' | 'exclude'

/** One line that includes or excludes files. */
export interface Rule {
  readonly origin: Origin
  /** The line as the user wrote it. */
  readonly line: string
  /** The line without its `!`. */
  readonly pattern: string
  readonly glob: Glob
  readonly effect: 'includes' | 'excludes'
}

/** The inputs of a selection. */
export interface FilePatterns {
  /** Folder that becomes the root of the package; relative to the workspace. */
  readonly sourceRoot: string
  /** Files, folders or globs relative to the source root; a folder means everything below it. */
  readonly include: readonly string[]
  /** Globs relative to the source root; `!glob` includes files again. */
  readonly exclude: readonly string[]
}

/**
 * What is excluded unless a line of `exclude` or `.ycignore` includes it again: secrets that tools leave in a checkout,
 * the repository itself, and files created by file managers, which the builder sometimes rejects.
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

/** The longest path of Linux: a longer pattern cannot match. */
const MAX_CHARACTERS = 4096
const MAX_SHOWN = 200
const WINDOWS = process.platform === 'win32'

const BUILT_IN_RULES: readonly Rule[] = BUILT_IN_EXCLUDES.map((line) => {
  const pattern = `**/${line}`
  return { origin: 'built-in', line, pattern, glob: compileGlob([pattern]), effect: 'excludes' }
})

/**
 * Puts the lines in order: `include`, the built-in excludes at any depth, `.ycignore`, `exclude`. A `!` inverts a line:
 * `!glob` in `include` excludes files, elsewhere it includes them. Also gives a sentence about each invalid line.
 */
export function readRules(
  { include, exclude }: Omit<FilePatterns, 'sourceRoot'>,
  ignore: readonly string[],
): { rules: readonly Rule[]; faults: Readonly<Record<FaultCode, readonly string[]>> } {
  const rules: Rule[] = []
  const faults: Record<FaultCode, string[]> = { SOURCE_EMPTY: [], SOURCE_UNSAFE: [] }
  const add = (origin: Origin, written: readonly string[]): void => {
    for (const text of written) {
      const line = text.trim()
      if (line === '' || line.startsWith('#')) continue
      const { pattern, inverted } = splitLine(line)
      const read = readPattern(pattern)
      if ('code' in read) {
        faults[read.code].push(`${showLine({ origin, line })} ${read.why}`)
        continue
      }
      const effect = (origin === 'include') === inverted ? 'excludes' : 'includes'
      rules.push({ origin, line, pattern, glob: compileGlob(read.globs), effect })
    }
  }
  add('include', include)
  rules.push(...BUILT_IN_RULES)
  add('.ycignore', ignore)
  add('exclude', exclude)
  return { rules, faults }
}

/** A line as messages show it: where it is, and its beginning. */
export function showLine({ origin, line }: Pick<Rule, 'origin' | 'line'>): string {
  return `\`${origin}\` line ${showName(line.slice(0, MAX_SHOWN))}`
}

/** The rule as logs show it: where it is and its line, such as `built-in .git`. */
export function ruleName(rule: Rule): string {
  return `${rule.origin} ${rule.line}`
}

/** The built-in rule that excludes a path with `/` separators, or a folder above it. */
export function findBuiltIn(path: string): Rule | undefined {
  return BUILT_IN_RULES.find(({ glob }) => matchesPath(glob, path))
}

/** The end of a sentence about a link to a path that a built-in rule excludes; undefined for other paths. */
export function whyHidden(path: string): string | undefined {
  const rule = findBuiltIn(path)
  return rule && `is a link to ${showName(path)}, which ${showName(ruleName(rule))} excludes`
}

function splitLine(line: string): { pattern: string; inverted: boolean } {
  const marks = /^(?:!\s*)*/.exec(line)?.[0] ?? ''
  const pattern = line.slice(marks.length)
  return {
    pattern: WINDOWS ? pattern.replaceAll('\\', '/') : pattern,
    inverted: marks.replaceAll(/\s/g, '').length % 2 === 1,
  }
}

type FaultCode = 'SOURCE_EMPTY' | 'SOURCE_UNSAFE'

function readPattern(
  pattern: string,
): { readonly globs: readonly string[] } | { readonly code: FaultCode; readonly why: string } {
  const empty = (why: string) => ({ code: 'SOURCE_EMPTY', why }) as const
  const unsafe = (why: string) => ({ code: 'SOURCE_UNSAFE', why }) as const
  if (pattern.length > MAX_CHARACTERS) return empty(`has more than ${MAX_CHARACTERS} characters`)
  const globs = expandBraces(pattern)
  if (globs === undefined) {
    return empty(`expands to more than ${MAX_EXPANSIONS} patterns: use fewer braces`)
  }
  if (globs.length === 0) return empty('contains no pattern')
  if (globs.some((glob) => glob.split('/').includes('..'))) {
    return unsafe('contains `..`: patterns must stay inside `source-root`')
  }
  if (globs.some(isAbsolute)) {
    return unsafe('is an absolute path: patterns are relative to `source-root`')
  }
  return { globs }
}

/** `~` is the home folder in `@actions/glob`; a drive letter has a meaning only on Windows. */
function isAbsolute(glob: string): boolean {
  return glob.startsWith('/') || /^~(\/|$)/.test(glob) || (WINDOWS && /^[a-z]:/i.test(glob))
}
