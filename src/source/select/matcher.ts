/** Applies the rules to the files and folders of a tree, and counts what each rule did. */

import { enterFolder, hasBegun, matchesFile, type Progress } from './glob.ts'
import { BUILT_IN_EXCLUDES, ruleName, type Rule } from './rules.ts'
import type { Excluded } from '../source.ts'

/** The progress of each rule in a folder. */
export type Position = readonly Progress[]

/** A file is included or excluded by the rule with that index, or no line matches it. */
export type FileVerdict =
  { readonly is: 'included' | 'excluded'; readonly by: number } | { readonly is: 'other' }

/** A folder is searched, excluded as a whole by a rule, or no line matches anything in it. */
export type FolderVerdict =
  | { readonly is: 'searched' | 'other'; readonly at: Position }
  | { readonly is: 'excluded'; readonly by: number; readonly at: Position }

/** An `include` line that has included no file. */
export interface UnusedPattern {
  readonly rule: Rule
  /** The rules that excluded what the line matched; none if it matched nothing. */
  readonly excludedBy: readonly Rule[]
}

/** The rules, and what each of them did. */
export class Matcher {
  readonly #rules: readonly Rule[]
  /** `include` lines that have included nothing yet, with the rules that excluded what they matched. */
  readonly #unused = new Map<number, Set<number>>()
  /** Lines of `.ycignore` and `exclude` that have matched nothing yet. */
  readonly #unmatched = new Set<number>()
  readonly #excluded = new Map<number, { count: number; folders: number }>()

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    for (const [index, { origin, effect, line }] of rules.entries()) {
      if (origin === 'include') {
        if (effect === 'includes') this.#unused.set(index, new Set())
      } else if (!BUILT_IN_EXCLUDES.some((name) => name === line)) this.#unmatched.add(index)
    }
  }

  /** The position at the root of the tree. */
  root(): Position {
    return this.#rules.map((rule) => rule.glob.start)
  }

  /** Judges the file `name` in a folder: the last rule that matches decides. */
  judgeFile(at: Position, name: string): FileVerdict {
    let by: number | undefined
    for (let index = this.#rules.length - 1; index >= 0; index--) {
      if (!this.#matches(at, { name, index })) continue
      by ??= index
      // A file that no line includes does not count as excluded.
      if (this.#rules[index]?.effect === 'includes') {
        return { is: by === index ? 'included' : 'excluded', by }
      }
    }
    return { is: 'other' }
  }

  /** Judges the folder `name` in a folder: it is searched if a rule may include something in it. */
  judgeFolder(from: Position, name: string): FolderVerdict {
    const at = this.#rules.map((rule, index) =>
      enterFolder(rule.glob, { progress: from[index] ?? [], name }),
    )
    let by: number | undefined
    for (let index = at.length - 1; index >= 0; index--) {
      if (at[index]?.length === 0) continue
      if (this.#rules[index]?.effect === 'includes') {
        return by === undefined ? { is: 'searched', at } : { is: 'excluded', by, at }
      }
      if (by === undefined && at[index] === 'all') by = index
    }
    return { is: 'other', at }
  }

  /** Judges the file at a path from the root, regardless of the folders above it. */
  judgePath(path: string): FileVerdict {
    const folders = path.split('/')
    const name = folders.pop() ?? ''
    return this.judgeFile(
      folders.reduce((at, folder) => this.judgeFolder(at, folder).at, this.root()),
      name,
    )
  }

  /** Whether a line of `.ycignore` or `exclude` includes the file. */
  isReincluded(verdict: FileVerdict): boolean {
    return verdict.is === 'included' && this.#rules[verdict.by]?.origin !== 'include'
  }

  /** Whether `@actions/glob` would have started a search in a folder `depth` levels below the root, or above it. */
  isSearch(at: Position, depth: number): boolean {
    return this.#rules.some(
      ({ effect, glob }, index) =>
        effect === 'includes' && depth >= glob.plainSegments && at[index]?.length !== 0,
    )
  }

  /** Judges the file `name` in a folder, and counts it. */
  visit(at: Position, name: string): FileVerdict {
    const verdict = this.judgeFile(at, name)
    for (const index of this.#unmatched) {
      if (this.#matches(at, { name, index })) this.#unmatched.delete(index)
    }
    if (verdict.is === 'other') return verdict
    if (verdict.is === 'excluded') this.#count(verdict.by).count++
    for (const [index, excludedBy] of this.#unused) {
      if (!this.#matches(at, { name, index })) continue
      if (verdict.is === 'included') this.#unused.delete(index)
      else excludedBy.add(verdict.by)
    }
    return verdict
  }

  /** Judges the folder `name` in a folder, and counts it. */
  enter(from: Position, name: string): FolderVerdict {
    const verdict = this.judgeFolder(from, name)
    for (const index of this.#unmatched) {
      const progress = verdict.at[index] ?? []
      // A line may match something in a folder that is not searched.
      const counts =
        progress === 'all' || (verdict.is !== 'searched' && this.#hasBegun(index, progress))
      if (counts) this.#unmatched.delete(index)
    }
    if (verdict.is !== 'excluded') return verdict
    this.#count(verdict.by).folders++
    const isBuiltIn = this.#rules[verdict.by]?.origin === 'built-in'
    for (const [index, excludedBy] of this.#unused) {
      const progress = verdict.at[index] ?? []
      // The folder is not searched, so `folder/*.js` counts as matching in it. `**/*.js` does not
      // count for built-in excludes, because every checkout has a `.git`.
      const isMatch = isBuiltIn ? this.#hasBegun(index, progress) : progress.length > 0
      if (isMatch) excludedBy.add(verdict.by)
    }
    return verdict
  }

  /** The `include` lines that have included nothing, in order. */
  unusedPatterns(): readonly UnusedPattern[] {
    return this.#rules.flatMap((rule, index) => {
      const by = this.#unused.get(index)
      return by ? [{ rule, excludedBy: this.#rules.filter((_, other) => by.has(other)) }] : []
    })
  }

  /** Lines of `.ycignore` and `exclude` that have matched nothing. */
  unmatchedRules(): readonly Rule[] {
    return this.#rules.filter((_, index) => this.#unmatched.has(index))
  }

  /** What each rule has excluded, in the order of the rules. */
  excluded(): readonly Excluded[] {
    return this.#rules.flatMap((rule, index) => {
      const counts = this.#excluded.get(index)
      return counts ? [{ rule: ruleName(rule), ...counts }] : []
    })
  }

  #matches(at: Position, from: { name: string; index: number }): boolean {
    const rule = this.#rules[from.index]
    const progress = at[from.index]
    if (rule === undefined || progress === undefined || progress.length === 0) return false
    return matchesFile(rule.glob, { progress, name: from.name })
  }

  #hasBegun(index: number, progress: Progress): boolean {
    const rule = this.#rules[index]
    return rule !== undefined && hasBegun(rule.glob, progress)
  }

  #count(index: number): { count: number; folders: number } {
    const entry = this.#excluded.get(index) ?? { count: 0, folders: 0 }
    this.#excluded.set(index, entry)
    return entry
  }
}
