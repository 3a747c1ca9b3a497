/** Selects the files of the workspace that are deployed. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { DeployError } from '../../errors.ts'
import { Matcher } from './matcher.ts'
import { patternOf } from '../found-keys.ts'
import {
  excludedIncludes,
  nothingLeft,
  unmatchedExcludes,
  unmatchedIncludes,
} from './unused-patterns.ts'
import { readIgnoreFile } from './ignore-file.ts'
import { checkCount } from '../limits.ts'
import { showName } from '../file-names.ts'
import { listProblems } from '../../text.ts'
import { findRoot } from './root.ts'
import { readRules, ruleName } from './rules.ts'
import type { Selection, SourceFile } from '../source.ts'
import { walk } from './walk.ts'

/** The inputs of a selection. */
export interface FilePatterns {
  /** Folder that becomes the root of the package; relative to the workspace. */
  readonly sourceRoot: string
  /** Files, folders or globs relative to the source root; a folder means everything below it. */
  readonly include: readonly string[]
  /** Globs relative to the source root; `!glob` includes files again. */
  readonly exclude: readonly string[]
}

/** A selection, and what the rules say about other files. */
export interface FileSelection extends Selection {
  /** Names that a line `!name` of `exclude` or `.ycignore` includes again. */
  readonly reincluded: ReadonlySet<string>
  /** Why a file of the workspace is not selected; undefined if there is no such file. */
  readonly whyMissing: (name: string) => string | undefined
}

/**
 * Selects files by one ordered list of rules: `include`, built-in excludes, the `.ycignore` file in the source root,
 * `exclude`. Patterns mean the same as in `@actions/glob`; the last rule that matches a file decides; `!glob` in `exclude`
 * includes what it matches.
 *
 * Throws DeployError `SOURCE_EMPTY` for a missing source root, an `include` line that matches no
 *   file, or an empty selection; `SOURCE_UNSAFE` for a pattern, link or file that is not allowed;
 *   `SOURCE_TOO_LARGE` for more files than a zip can contain. All problems are reported at once.
 */
export async function selectFiles(
  patterns: FilePatterns,
  deps: { workspace: string },
): Promise<FileSelection> {
  const root = await findRoot(patterns.sourceRoot, deps)
  const ignore = await readIgnoreFile(root)
  const { rules, bad } = readRules({ ...patterns, ignore })
  const matcher = new Matcher(rules)
  const found = await walk(root, matcher)
  checkCount(found.files.length)

  const unused = matcher.unusedPatterns()
  const unsafe = [
    ...bad.filter(({ code }) => code === 'SOURCE_UNSAFE').map(({ message }) => message),
    ...[...found.problems, ...found.hiddenLinks.values()].sort(),
  ]
  const empty = [
    ...bad.filter(({ code }) => code === 'SOURCE_EMPTY').map(({ message }) => message),
    ...(await unmatchedIncludes(unused, root.path)),
  ]
  if (found.files.length === 0 && unsafe.length + empty.length === 0) {
    empty.push(nothingLeft(unused))
  }
  if (unsafe.length + empty.length > 0) {
    const hints = [
      ...(bad.some(({ code }) => code === 'SOURCE_UNSAFE') ? [PATTERN_HINT] : []),
      ...linkHints([...found.hiddenLinks.keys()]),
    ]
    throw problemError({ unsafe, empty, sourceRoot: patterns.sourceRoot, hints })
  }

  const files = found.files.sort(byName)
  return {
    files,
    excluded: matcher.excluded(),
    warnings: [
      ...excludedIncludes(unused),
      ...unmatchedExcludes(matcher.unmatchedRules(), files),
      ...caseCollisions(files),
    ],
    reincluded: new Set(
      rules
        .filter(({ origin, effect }) => effect === 'includes' && origin !== 'include')
        .map(({ pattern }) => pattern.replace(/^(?:\.\/)+/, '')),
    ),
    whyMissing: (name) => {
      const isBelow = !name.split('/').includes('..')
      if (!isBelow || !existsSync(path.join(root.path, name))) return undefined
      const verdict = matcher.judgePath(name)
      // There is a file, but of a name that differs in case alone, where the file system does not tell them apart.
      if (verdict.is === 'included') return undefined
      const rule = verdict.is === 'excluded' ? rules[verdict.by] : undefined
      return rule ? `${showName(ruleName(rule))} excludes it` : 'no `include` line matches it'
    },
  }
}

const PATTERN_HINT =
  'Write patterns relative to `source-root`, without a leading `/` and without `..`; set ' +
  '`source-root` to a folder that contains all of the files.'

function linkHints(links: readonly string[]): readonly string[] {
  if (links.length === 0) return []
  const lines = links.map((link) => showName(patternOf(link))).join(', ')
  const back = showName(`!${patternOf(links[0] ?? '')}`)
  return [`Add the links to \`exclude\`: ${lines}. A line such as ${back} deploys one.`]
}

function problemError(found: {
  unsafe: readonly string[]
  empty: readonly string[]
  sourceRoot: string
  hints: readonly string[]
}): DeployError {
  const message = listProblems([...found.unsafe, ...found.empty], 'files of the package')
  if (found.unsafe.length > 0) {
    const hint = found.hints.length === 0 ? undefined : found.hints.join('\n')
    return new DeployError('SOURCE_UNSAFE', message, { hint, topic: 'path-leaves-workspace' })
  }
  return new DeployError('SOURCE_EMPTY', message, {
    topic: 'include-matches-nothing',
    hint:
      `Patterns are relative to \`source-root\` (${showName(found.sourceRoot)}). ` +
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
  return [`${first}${more} differ only in case or accents: Windows and macOS keep only one of them`]
}
