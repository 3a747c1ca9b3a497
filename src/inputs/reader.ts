/** Reads raw inputs one by one and collects every problem, so that all of them can be told at once. */

import { parseBoolean, parseLines, parsePairs, ValueError, type Pair } from './values.ts'

/** Names in lower case, as `action.yml` has them, to what the workflow gave. */
export type RawInputs = Readonly<Record<string, string>>

/** Why an input that the workflow sets may be missing all the same. */
export const ARRIVES_EMPTY = '(a variable that is not set arrives empty)'

/** Access to the inputs of a step; an empty or blank input counts as not given. */
export class InputReader {
  /** What is wrong, one sentence each; never a secret. */
  readonly problems: string[] = []
  /** The names of the inputs that are wrong. */
  readonly invalid = new Set<string>()
  /** What has no effect, though the step can go on. */
  readonly warnings: string[] = []
  readonly #raw: RawInputs

  constructor(raw: RawInputs) {
    this.#raw = raw
  }

  /** The trimmed text, or undefined when not given. */
  text(name: string): string | undefined {
    const text = this.#raw[name]?.trim()
    return text === '' ? undefined : text
  }

  /** As {@link text}; not given is a problem. */
  required(name: string): string | undefined {
    const text = this.text(name)
    if (text === undefined) this.problem(name, `is required ${ARRIVES_EMPTY}`)
    return text
  }

  /** The parsed value, or undefined when not given or, with a problem, not parsable. */
  parse<T>(name: string, parser: (text: string) => T): T | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : this.#attempt(name, () => parser(text))
  }

  boolean(name: string): boolean | undefined {
    return this.parse(name, parseBoolean)
  }

  /** The parsed items of a list; each line that cannot be parsed is a problem of its own. */
  list<T>(name: string, parser: (line: string) => T): readonly T[] {
    return parseLines(this.#raw[name] ?? '')
      .map(({ number, text }) => this.#attempt(name, () => parser(text), `line ${number} `))
      .filter((item) => item !== undefined)
  }

  /** The `KEY=value` pairs of an input; a line that is none, or a key given twice, is a problem. */
  pairs(name: string): readonly Pair[] {
    const problems: string[] = []
    const pairs = parsePairs(this.#raw[name] ?? '', problems)
    for (const problem of problems) this.problem(name, problem)
    const lineOf = new Map<string, number>()
    for (const { key, line } of pairs) {
      const first = lineOf.get(key)
      if (first !== undefined) {
        this.problem(name, `line ${line} gives the key of line ${first} again`)
      }
      lineOf.set(key, first ?? line)
    }
    return pairs
  }

  /** The only one given of several inputs that exclude each other; more than one is a problem. */
  atMostOne<Name extends string>(names: readonly Name[]): Name | undefined {
    const given = names.filter((name) => this.text(name) !== undefined)
    const [first, second] = given
    if (first !== undefined && second !== undefined) {
      for (const name of given) this.invalid.add(name)
      this.problems.push(`${listNames(given)} exclude each other: give one of them`)
    }
    return first
  }

  /** Says that an input does not go with the others. */
  problem(name: string, message: string): void {
    this.invalid.add(name)
    this.problems.push(`\`${name}\` ${message}`)
  }

  #attempt<T>(name: string, parse: () => T, where = ''): T | undefined {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      this.problem(name, `${where}${error.message}`)
      return undefined
    }
  }
}

/** `a`, `b` and `c`. */
export function listNames(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``)
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}`
}
