/** Reads inputs one by one and collects every problem, so that all of them are reported at once. */

import { listNames } from '../text.ts'
import type { InputName } from './names.ts'
import { parseBoolean, parseLines, parsePairs, ValueError, type Pair } from './values.ts'

/** Names of inputs, in lower case as in `action.yml`, to their text. */
export type RawInputs = Readonly<Record<string, string>>

/** Why an input may be missing although the workflow sets it. */
export const ARRIVES_EMPTY = '(a variable that is not set arrives empty)'

/** The inputs of a step; an empty or blank input is treated as not set. */
export class InputReader {
  /** One sentence each, never with a secret. */
  readonly problems: string[] = []
  /** The names of the inputs that have a problem. */
  readonly invalid = new Set<InputName>()
  /** Inputs that have no effect, one sentence each; the step can continue. */
  readonly warnings: string[] = []
  readonly #raw: RawInputs

  constructor(raw: RawInputs) {
    this.#raw = raw
  }

  /** The trimmed text, or undefined if not set. */
  text(name: InputName): string | undefined {
    const text = this.#raw[name]?.trim()
    return text === '' ? undefined : text
  }

  /** As {@link text}; adds a problem if it is not set. */
  required(name: InputName): string | undefined {
    const text = this.text(name)
    if (text === undefined) this.problem(name, `is required ${ARRIVES_EMPTY}`)
    return text
  }

  /** The parsed value; undefined if it is not set, or invalid, which adds a problem. */
  parse<T>(name: InputName, parser: (text: string) => T): T | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : this.#attempt(name, () => parser(text))
  }

  boolean(name: InputName): boolean | undefined {
    return this.parse(name, parseBoolean)
  }

  /** The parsed items of a list; adds a problem for each invalid line. */
  list<T>(name: InputName, parser: (line: string) => T): readonly T[] {
    return parseLines(this.#raw[name] ?? '')
      .map(({ number, text }) => this.#attempt(name, () => parser(text), `line ${number} `))
      .filter((item) => item !== undefined)
  }

  /** The `KEY=value` pairs of an input; adds a problem for each invalid line and each repeated key. */
  pairs(name: InputName): readonly Pair[] {
    const problems: string[] = []
    const pairs = parsePairs(this.#raw[name] ?? '', problems)
    for (const problem of problems) this.problem(name, problem)
    const lineOf = new Map<string, number>()
    for (const { key, line } of pairs) {
      const first = lineOf.get(key)
      if (first !== undefined) {
        this.problem(name, `line ${line} repeats the key of line ${first}: keep one of them`)
      }
      lineOf.set(key, first ?? line)
    }
    return pairs
  }

  /** The first that is set of several inputs that cannot be combined; adds a problem if more than one is. */
  atMostOne<Name extends InputName>(names: readonly Name[]): Name | undefined {
    const given = names.filter((name) => this.text(name) !== undefined)
    const [first, second] = given
    if (first !== undefined && second !== undefined) {
      for (const name of given) this.invalid.add(name)
      this.problems.push(`${listNames(given)} cannot be combined: set one`)
    }
    return first
  }

  /** Adds a problem of an input; the message continues the sentence "`input` …". */
  problem(name: InputName, message: string): void {
    this.invalid.add(name)
    this.problems.push(`\`${name}\` ${message}`)
  }

  #attempt<T>(name: InputName, parse: () => T, where = ''): T | undefined {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      this.problem(name, `${where}${error.message}`)
      return undefined
    }
  }
}
