/** Chooses the files of the workspace that go into the package. */

import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'

import { DeployError } from '../errors.ts'
import { Choice, type IdleLine } from './choice.ts'
import { checkCount } from './limits.ts'
import { showName } from './names.ts'
import { listProblems } from './problems.ts'
import { findRoot, isInside, type Root } from './root.ts'
import { readRules } from './rules.ts'
import type { Selection, SourceFile } from './source.ts'
import { fsCode, unreadable } from './unreadable.ts'
import { walk } from './walk.ts'

/** What the user wrote. */
export interface FilePatterns {
  /** Folder that becomes the root of the package; relative to the workspace. */
  readonly sourceRoot: string
  /** Files, folders or globs relative to the source root; a folder means everything below it. */
  readonly include: readonly string[]
  /** Globs relative to the source root; `!glob` takes files back in. */
  readonly exclude: readonly string[]
}

const IGNORE_FILE = '.ycignore'

/**
 * Selects files by one ordered list of rules: `include`, built-in excludes, the `.ycignore` file at
 * the source root, `exclude`. The semantics are those of `@actions/glob`, and the last rule that
 * matches a file decides; `!glob` under `exclude` adds what it matches.
 *
 * @throws DeployError `SOURCE_EMPTY` for a missing source root, an `include` line that matches no
 *   file, or an empty selection; `SOURCE_UNSAFE` for a pattern, link or file that must not go in;
 *   `SOURCE_TOO_LARGE` for more files than a zip can hold. All problems are reported at once.
 */
export async function selectFiles(
  patterns: FilePatterns,
  deps: { workspace: string },
): Promise<Selection> {
  const root = await findRoot(patterns.sourceRoot, deps)
  const ignore = await readIgnoreFile(root)
  const { rules, bad } = readRules({ ...patterns, ignore })
  const choice = new Choice(rules)
  const found = await walk(root, choice)
  checkCount(found.files.length)

  const idle = choice.idleLines()
  const unsafe = [
    ...bad.filter(({ code }) => code === 'SOURCE_UNSAFE').map(({ message }) => message),
    ...found.problems.sort(),
  ]
  const empty = [
    ...bad.filter(({ code }) => code === 'SOURCE_EMPTY').map(({ message }) => message),
    ...idle
      .filter(isUnmatched)
      .map(({ line }) => `\`include\` line ${showName(line)} matches no file`),
  ]
  if (found.files.length === 0 && unsafe.length + empty.length === 0) {
    empty.push(nothingLeft(idle))
  }
  if (unsafe.length + empty.length > 0) {
    const badPatterns = bad.some(({ code }) => code === 'SOURCE_UNSAFE')
    throw problemError({ unsafe, empty, sourceRoot: patterns.sourceRoot, badPatterns })
  }

  const files = found.files.sort(byName)
  const warnings = [
    ...idle.map(
      ({ line, takenBy }) =>
        `\`include\` line ${showName(line)} brings nothing: ` +
        `what it matches is left out by ${listNames(takenBy)}`,
    ),
    ...caseCollisions(files),
  ]
  return { files, leftOut: choice.leftOut(), warnings }
}

async function readIgnoreFile(root: Root): Promise<readonly string[]> {
  const file = path.join(root.sourceRoot, IGNORE_FILE)
  try {
    if (!isInside(root.workspace, await realpath(file))) {
      throw new DeployError('SOURCE_UNSAFE', `\`${IGNORE_FILE}\` is a link out of the workspace`)
    }
    const text = await readFile(file, 'utf8')
    return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  } catch (error) {
    if (fsCode(error) === 'ENOENT') return []
    if (error instanceof DeployError) throw error
    throw new DeployError('SOURCE_UNSAFE', `\`${IGNORE_FILE}\` ${unreadable(error)}`, {
      cause: error,
    })
  }
}

function isUnmatched(line: IdleLine): boolean {
  return line.takenBy.length === 0
}

function nothingLeft(idle: readonly IdleLine[]): string {
  if (idle.length === 0) return '`include` has no line that takes files in, only lines with `!`'
  const by = new Set(idle.flatMap(({ takenBy }) => takenBy))
  return `everything that \`include\` matches is left out, by ${listNames([...by])}`
}

function listNames(names: readonly string[]): string {
  return names.map(showName).join(', ')
}

function problemError(found: {
  unsafe: readonly string[]
  empty: readonly string[]
  sourceRoot: string
  badPatterns: boolean
}): DeployError {
  const message = listProblems([...found.unsafe, ...found.empty])
  if (found.unsafe.length > 0) {
    return new DeployError('SOURCE_UNSAFE', message, {
      topic: found.badPatterns ? 'path-leaves-workspace' : undefined,
      hint: found.badPatterns
        ? 'Write patterns relative to `source-root`, without a leading `/` and without `..`; set ' +
          '`source-root` to a folder that holds all of the files.'
        : undefined,
    })
  }
  return new DeployError('SOURCE_EMPTY', message, {
    topic: 'include-matches-nothing',
    hint:
      `Patterns are relative to \`source-root\`, which is ${showName(found.sourceRoot)}. ` +
      'Check that the steps which check out and build the code run before this one.',
  })
}

function byName(a: SourceFile, b: SourceFile): number {
  return a.name < b.name ? -1 : 1
}

function caseCollisions(files: readonly SourceFile[]): readonly string[] {
  const seen = new Map<string, string>()
  const pairs: string[] = []
  for (const { name } of files) {
    const folded = name.normalize('NFC').toLowerCase()
    const other = seen.get(folded)
    if (other === undefined) seen.set(folded, name)
    else pairs.push(`${showName(other)} and ${showName(name)}`)
  }
  const [first] = pairs
  if (first === undefined) return []
  const more = pairs.length === 1 ? '' : ` (and ${pairs.length - 1} more such pairs)`
  return [`${first}${more} differ only in case or accents: Windows and macOS hold one of them`]
}
