/** Selects the files of the workspace that are deployed. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { DeployError } from '../../errors.ts'
import { listProblems } from '../../text.ts'
import { showName } from '../file-names.ts'
import { patternOf } from '../found-keys.ts'
import { checkCount } from '../limits.ts'
import type { Selection, SourceFile } from '../source.ts'
import { Matcher } from './matcher.ts'
import { findRoot, readIgnoreFile } from './root.ts'
import { readRules, ruleName, type FilePatterns } from './rules.ts'
import {
  excludedIncludes,
  nothingLeft,
  unmatchedExcludes,
  unmatchedIncludes,
} from './unused-patterns.ts'
import { walk } from './walk.ts'

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
  const { rules, faults } = readRules(patterns, await readIgnoreFile(root))
  const matcher = new Matcher(rules)
  const found = await walk(root, matcher)
  checkCount(found.files.length)

  const unused = matcher.unusedPatterns()
  const unsafe = [
    ...faults.SOURCE_UNSAFE,
    ...[...found.problems, ...found.hiddenLinks.values()].sort(),
  ]
  const empty = [...faults.SOURCE_EMPTY, ...(await unmatchedIncludes(unused, root.path))]
  if (found.files.length === 0 && unsafe.length + empty.length === 0) {
    empty.push(nothingLeft(unused))
  }
  const message = listProblems([...unsafe, ...empty], 'files of the package')
  if (unsafe.length > 0) {
    const hints = [
      ...(faults.SOURCE_UNSAFE.length > 0 ? [PATTERN_HINT] : []),
      ...linkHints([...found.hiddenLinks.keys()]),
    ]
    throw new DeployError('SOURCE_UNSAFE', message, {
      hint: hints.length === 0 ? undefined : hints.join('\n'),
      topic: 'path-leaves-workspace',
    })
  }
  if (empty.length > 0) {
    throw new DeployError('SOURCE_EMPTY', message, {
      topic: 'include-matches-nothing',
      hint:
        `Patterns are relative to \`source-root\` (${showName(patterns.sourceRoot)}). ` +
        'Check that the steps which check out and build the code run before this one.',
    })
  }

  const files = found.files.sort((a, b) => (a.name < b.name ? -1 : 1))
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
