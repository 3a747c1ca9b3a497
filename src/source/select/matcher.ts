/** Applies the rules to the files and folders of a tree, and keeps count of what each rule did. */

import { enterFolder, hasBegun, matchesFile, type Progress } from './glob.ts'
import { BUILT_IN_EXCLUDES, ruleName, type Rule } from './rules.ts'
import type { LeftOut } from '../source.ts'

/** The progress of each rule in a folder. */
export type Position = readonly Progress[]

/**
 * What the rules say about a file: taken, left out by the rule of that index, or not meant by any
 * line at all.
 */
export type FileVerdict =
  { readonly is: 'taken' | 'left'; readonly by: number } | { readonly is: 'other' }

/**
 * What the rules say about a folder: to be searched, left out whole by a rule, or of no interest.
 */
export type FolderVerdict =
  | { readonly is: 'searched' | 'other'; readonly at: Position }
  | { readonly is: 'left'; readonly by: number; readonly at: Position }

/** How an `include` line fared when it brought nothing into the package. */
export interface IdleLine {
  readonly rule: Rule
  /** The rules that took away what the line matched; none when the line matched no file at all. */
  readonly takenBy: readonly Rule[]
}

export class Choice {
  readonly #rules: readonly Rule[]
  /** `include` lines that have brought nothing yet, with the rules that took what they matched. */
  readonly #idle = new Map<number, Set<number>>()
  /** Lines of `.ycignore` and `exclude` that have matched nothing yet. */
  readonly #unmatched = new Set<number>()
  readonly #leftOut = new Map<number, { count: number; folders: number }>()

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    for (const [index, { origin, effect, line }] of rules.entries()) {
      if (origin === 'include') {
        if (effect === 'takes') this.#idle.set(index, new Set())
      } else if (!BUILT_IN_EXCLUDES.some((name) => name === line)) this.#unmatched.add(index)
    }
  }

  /** The position at the root of the tree. */
  root(): Position {
    return this.#rules.map((rule) => rule.glob.start)
  }

  /** Judges the file `name` in a folder: the last rule that matches decides. */
  judgeFile(at: Position, name: string): FileVerdict {
    const by = this.#lastMatch(at, { name, below: this.#rules.length })
    if (by === undefined) return { is: 'other' }
    if (this.#rules[by]?.effect === 'takes') return { is: 'taken', by }
    // A file that no line asked for is not "left out".
    let earlier: number | undefined = by
    do {
      earlier = this.#lastMatch(at, { name, below: earlier })
      if (earlier === undefined) return { is: 'other' }
    } while (this.#rules[earlier]?.effect !== 'takes')
    return { is: 'left', by }
  }

  /**
   * Judges the folder `name` in a folder: searched as long as a rule can still take something from
   * it.
   */
  judgeFolder(from: Position, name: string): FolderVerdict {
    const at = this.#rules.map((rule, index) =>
      enterFolder(rule.glob, { progress: from[index] ?? [], name }),
    )
    let by: number | undefined
    for (let index = at.length - 1; index >= 0; index--) {
      if (at[index]?.length === 0) continue
      if (this.#rules[index]?.effect === 'takes') {
        return by === undefined ? { is: 'searched', at } : { is: 'left', by, at }
      }
      if (by === undefined && at[index] === 'all') by = index
    }
    return { is: 'other', at }
  }

  /** Judges the file at a path from the root, whatever the rules say of the folders above it. */
  judgePath(path: string): FileVerdict {
    const folders = path.split('/')
    const name = folders.pop() ?? ''
    return this.judgeFile(
      folders.reduce((at, folder) => this.judgeFolder(at, folder).at, this.root()),
      name,
    )
  }

  /** Whether a line of `.ycignore` or `exclude` takes the file, against the built-in excludes. */
  isTakenBack(verdict: FileVerdict): boolean {
    return verdict.is === 'taken' && this.#rules[verdict.by]?.origin !== 'include'
  }

  /**
   * Whether `@actions/glob` would have begun its search at or above a folder that is `depth` levels
   * below the root.
   */
  isSearch(at: Position, depth: number): boolean {
    return this.#rules.some(
      ({ effect, glob }, index) =>
        effect === 'takes' && depth >= glob.plainSegments && at[index]?.length !== 0,
    )
  }

  /** Counts a file that was judged. */
  countFile(from: { at: Position; name: string }, verdict: FileVerdict): void {
    for (const index of this.#unmatched) {
      if (this.#matches(from.at, { name: from.name, index })) this.#unmatched.delete(index)
    }
    if (verdict.is === 'left') this.#count(verdict.by).count++
    if (verdict.is === 'other') return
    for (const [index, takenBy] of this.#idle) {
      if (!this.#matches(from.at, { name: from.name, index })) continue
      if (verdict.is === 'taken') this.#idle.delete(index)
      else takenBy.add(verdict.by)
    }
  }

  /** Counts a folder that was judged. */
  countFolder(verdict: FolderVerdict): void {
    const isSearched = verdict.is === 'searched'
    for (const index of this.#unmatched) {
      const progress = verdict.at[index] ?? []
      const rule = this.#rules[index]
      // What is in a folder that is not searched cannot be known: the line gets the benefit.
      const counts = progress === 'all' || (!isSearched && rule && hasBegun(rule.glob, progress))
      if (counts) this.#unmatched.delete(index)
    }
    if (verdict.is !== 'left') return
    this.#count(verdict.by).folders++
    const isBuiltIn = this.#rules[verdict.by]?.origin === 'built-in'
    for (const [index, takenBy] of this.#idle) {
      const progress = verdict.at[index] ?? []
      const glob = this.#rules[index]?.glob
      // Whether a line like `folder/*.js` would have matched in there is not looked up. `**/*.js`
      // is not for `.git` and its like, one of which is in every checkout.
      const isMeant = isBuiltIn ? glob && hasBegun(glob, progress) : progress.length > 0
      if (isMeant) takenBy.add(verdict.by)
    }
  }

  /** The `include` lines that brought nothing so far, in their order. */
  idleLines(): readonly IdleLine[] {
    return [...this.#idle].flatMap(([index, by]) =>
      this.#at([index]).map((rule) => ({ rule, takenBy: this.#at([...by]) })),
    )
  }

  /** Lines of `.ycignore` and `exclude` that matched nothing so far. */
  unmatchedLines(): readonly Rule[] {
    return this.#at([...this.#unmatched])
  }

  /** What each rule kept out so far, in the order of the rules. */
  leftOut(): readonly LeftOut[] {
    return [...this.#leftOut]
      .sort(([a], [b]) => a - b)
      .flatMap(([index, { count, folders }]) => {
        const rule = this.#rules[index]
        return rule === undefined ? [] : [{ rule: ruleName(rule), count, folders }]
      })
  }

  #at(indexes: readonly number[]): readonly Rule[] {
    return indexes.toSorted((a, b) => a - b).flatMap((index) => this.#rules[index] ?? [])
  }

  #lastMatch(at: Position, from: { name: string; below: number }): number | undefined {
    for (let index = from.below - 1; index >= 0; index--) {
      if (this.#matches(at, { name: from.name, index })) return index
    }
    return undefined
  }

  #matches(at: Position, from: { name: string; index: number }): boolean {
    const rule = this.#rules[from.index]
    const progress = at[from.index]
    if (rule === undefined || progress === undefined || progress.length === 0) return false
    return matchesFile(rule.glob, { progress, name: from.name })
  }

  #count(index: number): { count: number; folders: number } {
    let entry = this.#leftOut.get(index)
    if (entry === undefined) {
      entry = { count: 0, folders: 0 }
      this.#leftOut.set(index, entry)
    }
    return entry
  }
}
