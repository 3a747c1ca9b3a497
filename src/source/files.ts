/** Chooses the files of the workspace that go into the package. */

import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'

import { DeployError } from '../errors.ts'
import { Choice, type IdleLine } from './choice.ts'
import { checkCount } from './limits.ts'
import { showName } from './names.ts'
import { readRules } from './rules.ts'
import type { Selection, SourceFile } from './source.ts'
import { fsCode, unreadable } from './unreadable.ts'
import { isInside, walk, type Root } from './walk.ts'

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
  const root = await findRoot(patterns.sourceRoot, deps.workspace)
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
    ...idle.filter(isUnmatched).map(({ line }) => `\`include\` line \`${line}\` matches no file`),
  ]
  if (found.files.length === 0 && unsafe.length + empty.length === 0) {
    empty.push(nothingLeft(idle))
  }
  if (unsafe.length + empty.length > 0) {
    throw problemError({ unsafe, empty, sourceRoot: patterns.sourceRoot })
  }

  const files = found.files.sort(byName)
  const warnings = [
    ...idle.map(
      ({ line, takenBy }) =>
        `\`include\` line \`${line}\` brings nothing: ` +
        `what it matches is left out by \`${takenBy ?? ''}\``,
    ),
    ...caseCollisions(files),
  ]
  return { files, leftOut: choice.leftOut(), warnings }
}

async function findRoot(sourceRoot: string, workspacePath: string): Promise<Root> {
  const workspace = await realpath(workspacePath).catch((error: unknown) => {
    throw new DeployError('SOURCE_EMPTY', `the workspace ${unreadable(error)}`, {
      hint: 'Put a step with `actions/checkout` before this one.',
      cause: error,
    })
  })
  const shown = `\`source-root\` ${showName(sourceRoot)}`
  const wanted = path.resolve(workspacePath, sourceRoot)
  const outside = `${shown} is outside of the workspace`
  if (!isInside(path.resolve(workspacePath), wanted) && !isInside(workspace, wanted)) {
    throw new DeployError('SOURCE_UNSAFE', outside, {
      hint: 'Name a folder of the repository, relative to its root.',
    })
  }
  const real = await realpath(wanted).catch((error: unknown) => {
    const missing = fsCode(error) === 'ENOENT' || fsCode(error) === 'ENOTDIR'
    throw new DeployError(
      'SOURCE_EMPTY',
      missing ? `${shown} does not exist in the workspace` : `${shown} ${unreadable(error)}`,
      {
        hint:
          'Check the name, and that the steps which check out and build the code run before ' +
          'this one.',
        cause: error,
      },
    )
  })
  if (!isInside(workspace, real)) {
    throw new DeployError('SOURCE_UNSAFE', `${outside}: it is a link`, {
      hint: 'Name a folder of the repository, relative to its root.',
    })
  }
  if (!(await stat(real)).isDirectory()) {
    throw new DeployError('SOURCE_EMPTY', `${shown} is not a folder`, {
      hint: 'Name a folder; a ready zip goes into `package`.',
    })
  }
  return { workspace, sourceRoot: real }
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
  return line.takenBy === undefined
}

function nothingLeft(idle: readonly IdleLine[]): string {
  if (idle.length === 0) return '`include` has no line that takes files in, only lines with `!`'
  const by = new Set(idle.map(({ takenBy }) => `\`${takenBy ?? ''}\``))
  return `everything that \`include\` matches is left out, by ${[...by].join(', ')}`
}

function problemError(found: {
  unsafe: readonly string[]
  empty: readonly string[]
  sourceRoot: string
}): DeployError {
  const lines = [...found.unsafe, ...found.empty]
  const message =
    lines.length === 1
      ? (lines[0] ?? '')
      : [`${lines.length} problems with the files of the package:`, ...lines].join('\n')
  if (found.unsafe.length > 0) return new DeployError('SOURCE_UNSAFE', message)
  return new DeployError('SOURCE_EMPTY', message, {
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
  const warnings: string[] = []
  for (const { name } of files) {
    const folded = name.normalize('NFC').toLowerCase()
    const other = seen.get(folded)
    if (other === undefined) seen.set(folded, name)
    else {
      warnings.push(
        `${showName(other)} and ${showName(name)} differ only in case or accents: ` +
          'Windows and macOS hold one of them',
      )
    }
  }
  return warnings
}
