/** Reads inputs one by one and collects every problem, so that all of them are reported at once. */

import { DeployError } from '../errors.ts'
import { nearest } from '../suggest.ts'
import { listNames, listProblems, quote } from '../text.ts'
import type { InputName } from './names.ts'
import { parseBoolean, parseLines, parsePairs, ValueError, type Pair } from './values.ts'

/** Names of inputs, in lower case as in `action.yml`, to their text. */
export type RawInputs = Readonly<Record<string, string>>

/** Why an input may be missing although the workflow sets it. */
export const ARRIVES_EMPTY = '(a variable that is not set arrives empty)'

/** The inputs of a step; an empty or blank one is treated as not set. */
export class InputReader<in Name extends string = InputName> {
  /** One sentence each, never with a secret. */
  readonly problems: string[] = []
  /** Inputs that have no effect, one sentence each; the step can continue. */
  readonly warnings: string[] = []
  readonly #raw: RawInputs
  /** The names of the inputs that have a problem. */
  readonly #invalid = new Set<string>()
  /** The problems that are about an input that is not set. */
  readonly #absences = new Set<string>()

  constructor(raw: RawInputs) {
    this.#raw = raw
  }

  /** The trimmed text, or undefined if not set. */
  text(name: Name): string | undefined {
    const text = this.#raw[name]?.trim()
    return text === '' ? undefined : text
  }

  /** As {@link text}; adds a problem if it is not set. */
  required(name: Name): string | undefined {
    const text = this.text(name)
    if (text === undefined) this.problem(name, `is required ${ARRIVES_EMPTY}`)
    return text
  }

  /** The parsed value; undefined if it is not set, or invalid, which adds a problem. */
  parse<T>(name: Name, parser: (text: string) => T): T | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : this.#attempt(name, () => parser(text))
  }

  boolean(name: Name): boolean | undefined {
    return this.parse(name, parseBoolean)
  }

  /** Whether an input is true; if not, warns about others that have no effect then. */
  isOn(name: Name, dependent: readonly Name[]): boolean {
    const isOn = this.boolean(name) ?? false
    const unused = dependent.filter((one) => this.text(one) !== undefined)
    if (!isOn && unused.length > 0) {
      const verb = unused.length === 1 ? 'has' : 'have'
      this.warnings.push(`${listNames(unused)} ${verb} no effect unless \`${name}\` is true`)
    }
    return isOn
  }

  /** The parsed items of a list; adds a problem for each invalid line. */
  list<T>(name: Name, parser: (line: string) => T): readonly T[] {
    return parseLines(this.#raw[name] ?? '')
      .map(({ number, text }) => this.#attempt(name, () => parser(text), `line ${number} `))
      .filter((item) => item !== undefined)
  }

  /** The values of `KEY=value` lines; adds a problem for each invalid line, repeated key and pair that a check refuses. */
  pairs(
    name: Name,
    ...checks: readonly ((pair: Pair) => unknown)[]
  ): Readonly<Record<string, string>> {
    const problems: string[] = []
    const pairs = parsePairs(this.#raw[name] ?? '', problems)
    for (const problem of problems) this.problem(name, problem)
    const lineOf = new Map<string, number>()
    for (const pair of pairs) {
      const { key, line } = pair
      const first = lineOf.get(key)
      if (first !== undefined) {
        this.problem(name, `line ${line} repeats the key of line ${first}: keep one of them`)
      }
      lineOf.set(key, first ?? line)
      for (const check of checks) this.#attempt(name, () => check(pair), `line ${line} `)
    }
    return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
  }

  /** The first that is set of several inputs that cannot be combined; adds a problem if more than one is. */
  atMostOne<Given extends Name>(names: readonly Given[]): Given | undefined {
    const given = names.filter((name) => this.text(name) !== undefined)
    const [first, second] = given
    if (first !== undefined && second !== undefined) {
      this.problemOf(given, `${listNames(given)} cannot be combined: set one`)
    }
    return first
  }

  /** Adds a problem of an input; the message continues the sentence "`input` …". */
  problem(name: Name, message: string): void {
    this.problemOf([name], `\`${name}\` ${message}`)
  }

  /** Adds a problem of several inputs together; the message is a sentence of its own. */
  problemOf(names: readonly Name[], message: string): void {
    for (const name of names) this.#invalid.add(name)
    this.problems.push(message)
  }

  /** As {@link problemOf}, about an input that is not set though another one wants it. */
  absence(names: readonly Name[], message: string): void {
    this.#absences.add(message)
    this.problemOf(names, message)
  }

  /**
   * Gives the value, which is undefined only after a problem, and warnings of inputs without effect and of names that are
   * none of `known`. Without one of `vital` a run does more than was asked for, so a misspelt one is a problem. Absences
   * are warnings where they are allowed. Throws DeployError INPUT_INVALID with a line for each problem.
   */
  finish<T>(
    value: T | undefined,
    {
      known,
      vital,
      allowsAbsences = false,
    }: { known: readonly Name[]; vital: readonly Name[]; allowsAbsences?: boolean },
  ): { readonly value: T; readonly warnings: readonly string[] } {
    const unknown = unknownInputs(this.#raw, known)
    const names = unknown.map(({ message }) => message)
    const isSafe = !unknown.some(({ near, isOn }) => isOn && vital.some((name) => name === near))
    const absences = allowsAbsences ? this.#absences : new Set<string>()
    const problems = this.problems.filter((problem) => !absences.has(problem))
    if (problems.length === 0 && isSafe && value !== undefined) {
      return { value, warnings: [...absences, ...this.warnings, ...names] }
    }
    throw invalid([...problems, ...names], [...this.#invalid])
  }

  #attempt<T>(name: Name, parse: () => T, where = ''): T | undefined {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      this.problem(name, `${where}${error.message}`)
      return undefined
    }
  }
}

/** The runner only warns about a misspelt input; this message suggests the right one. */
function unknownInputs(
  raw: RawInputs,
  known: readonly string[],
): readonly { message: string; near: string | undefined; isOn: boolean }[] {
  return Object.entries(raw)
    .filter(([name]) => !known.includes(name))
    .map(([name, value]) => {
      const spelt = name.replaceAll('_', '-')
      // Other actions have a prefix, as in `revision-memory`.
      const near = known.find((one) => spelt.endsWith(`-${one}`)) ?? nearest(spelt, known)[0]
      const suggestion = near === undefined ? '' : `; did you mean \`${near}\`?`
      const message = `${quote(name)} is not an input of this action${suggestion}`
      return { message, near, isOn: !['', 'false'].includes(value.trim().toLowerCase()) }
    })
}

/** A single problem says itself what to write; for several, the hint leads to the list of inputs. */
function invalid(problems: readonly string[], inputs: readonly string[]): DeployError {
  if (problems.length === 1) {
    return new DeployError('INPUT_INVALID', problems.join(''), { hint: '', inputs })
  }
  const lines = problems.map((problem) => `- ${problem}`)
  return new DeployError('INPUT_INVALID', listProblems(lines, 'inputs'), { inputs })
}
