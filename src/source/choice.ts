/** Applies the rules to the files and folders of a tree, and keeps count of what each rule did. */

import { enterFolder, matchesFile, startGlob, type Progress } from './glob.ts'
import { ruleName, type Rule } from './rules.ts'
import type { LeftOut } from './source.ts'

/** The progress of each rule in a folder. */
export type Position = readonly Progress[]

/**
 * What the rules say about a file: taken, left out by the rule of that index, or not meant by any
 * line at all.
 */
export type FileVerdict =
  { readonly is: 'taken' } | { readonly is: 'left'; readonly by: number } | { readonly is: 'other' }

/**
 * What the rules say about a folder: to be searched, left out whole by a rule, or of no interest.
 */
export type FolderVerdict =
  | { readonly is: 'searched'; readonly at: Position }
  | { readonly is: 'left'; readonly by: number; readonly at: Position }
  | { readonly is: 'other' }

/** How an `include` line fared when it brought nothing into the package. */
export interface IdleLine {
  readonly line: string
  /** The rules that took away what the line matched; none when the line matched no file at all. */
  readonly takenBy: readonly string[]
}

export class Choice {
  readonly #rules: readonly Rule[]
  /** `include` lines that have brought nothing yet, with the rules that took what they matched. */
  readonly #idle = new Map<number, Set<number>>()
  readonly #leftOut = new Map<number, { count: number; folders: number }>()

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    for (const [index, rule] of rules.entries()) {
      if (rule.origin === 'include' && rule.effect === 'takes') this.#idle.set(index, new Set())
    }
  }

  /** The position at the root of the tree. */
  root(): Position {
    return this.#rules.map((rule) => startGlob(rule.glob))
  }

  /** Judges the file `name` in a folder: the last rule that matches decides. */
  judgeFile(at: Position, name: string): FileVerdict {
    const by = this.#lastMatch(at, { name, below: this.#rules.length })
    if (by === undefined) return { is: 'other' }
    if (this.#rules[by]?.effect === 'takes') return { is: 'taken' }
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
    for (let index = at.length - 1; index >= 0; index -= 1) {
      if (at[index]?.length === 0) continue
      if (this.#rules[index]?.effect === 'takes') {
        return by === undefined ? { is: 'searched', at } : { is: 'left', by, at }
      }
      if (by === undefined && at[index] === 'all') by = index
    }
    return { is: 'other' }
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
    if (verdict.is === 'left') this.#count(verdict.by).count += 1
    if (verdict.is === 'other') return
    for (const [index, takenBy] of this.#idle) {
      if (!this.#matches(from.at, { name: from.name, index })) continue
      if (verdict.is === 'taken') this.#idle.delete(index)
      else takenBy.add(verdict.by)
    }
  }

  /** Counts a folder that was judged to be left out whole. */
  countFolder(verdict: { readonly by: number; readonly at: Position }): void {
    this.#count(verdict.by).folders += 1
    for (const [index, takenBy] of this.#idle) {
      // Whether a line like `folder/*.js` would have matched in there is not looked up.
      if (verdict.at[index]?.length !== 0) takenBy.add(verdict.by)
    }
  }

  /** The `include` lines that brought nothing so far, in their order. */
  idleLines(): readonly IdleLine[] {
    return [...this.#idle].map(([index, takenBy]) => ({
      line: this.#rules[index]?.line ?? '',
      takenBy: [...takenBy]
        .sort((a, b) => a - b)
        .flatMap((by) => this.#rules[by] ?? [])
        .map(ruleName),
    }))
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

  #lastMatch(at: Position, from: { name: string; below: number }): number | undefined {
    for (let index = from.below - 1; index >= 0; index -= 1) {
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
