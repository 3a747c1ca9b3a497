/**
 * The rules that choose files, in the order in which they count: the last one that matches a file
 * decides.
 */

import { compileGlob, type Glob } from './glob.ts'
import { showName } from './names.ts'

/** Where a rule was written. */
export type Origin = 'include' | 'built-in' | '.ycignore' | 'exclude'

/** One line that puts files into the package or keeps them out. */
export interface Rule {
  readonly origin: Origin
  /** The line as it was written. */
  readonly line: string
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

const WINDOWS = process.platform === 'win32'

/**
 * Puts the lines into their order: `include`, the built-in excludes at any depth, `.ycignore`,
 * `exclude`. A `!` turns a line round: `!glob` under `include` leaves files out, elsewhere it takes
 * them in.
 */
export function readRules(lines: RuleLines): { rules: readonly Rule[]; bad: readonly BadLine[] } {
  const rules: Rule[] = []
  const bad: BadLine[] = []
  const read = (origin: Origin, written: readonly string[]): void => {
    for (const text of written) {
      const line = text.trim()
      if (line === '' || line.startsWith('#')) continue
      const { glob, turned } = splitLine(line)
      const problem = findProblem(origin, line)
      if (problem !== undefined) {
        bad.push(problem)
        continue
      }
      const effect = (origin === 'include') === turned ? 'leaves' : 'takes'
      rules.push({ origin, line, glob: compileGlob(glob), effect })
    }
  }
  read('include', lines.include)
  for (const name of BUILT_IN_EXCLUDES) {
    rules.push({
      origin: 'built-in',
      line: name,
      glob: compileGlob(`**/${name}`),
      effect: 'leaves',
    })
  }
  read('.ycignore', lines.ignore)
  read('exclude', lines.exclude)
  return { rules, bad }
}

/** How a rule is called in logs: where it stands and what it says, such as `built-in .git`. */
export function ruleName(rule: Rule): string {
  return `${rule.origin} ${rule.line}`
}

function splitLine(line: string): { glob: string; turned: boolean } {
  let glob = line
  let turned = false
  while (glob.startsWith('!')) {
    turned = !turned
    glob = glob.slice(1).trim()
  }
  if (WINDOWS) glob = glob.replaceAll('\\', '/')
  return { glob, turned }
}

function findProblem(origin: Origin, line: string): BadLine | undefined {
  const { glob } = splitLine(line)
  const where = `\`${origin}\` line ${showName(line)}`
  if (glob === '') {
    return { code: 'SOURCE_EMPTY', message: `${where} has no pattern after the \`!\`` }
  }
  if (glob.split('/').includes('..')) {
    return {
      code: 'SOURCE_UNSAFE',
      message: `${where} has a \`..\` in it: patterns stay inside \`source-root\``,
    }
  }
  if (isAbsolute(glob)) {
    return {
      code: 'SOURCE_UNSAFE',
      message: `${where} is an absolute path: patterns are relative to \`source-root\``,
    }
  }
  return undefined
}

/** `~` is the home folder in `@actions/glob`; a drive letter counts only where there are drives. */
function isAbsolute(glob: string): boolean {
  return glob.startsWith('/') || /^~(\/|$)/.test(glob) || (WINDOWS && /^[a-z]:/i.test(glob))
}
