/** Learns the type of each input from the parsers: it runs them and watches how each input is read. */

import { InputReader, type RawInputs } from '../../src/inputs/reader.ts'
import { LOG_LEVELS } from '../../src/inputs/version.ts'

/** What an input accepts. */
export type InputType =
  | { readonly kind: 'text' | 'boolean' | 'integer' | 'size' | 'duration' | 'lines' | 'pairs' }
  | { readonly kind: 'words'; readonly words: readonly string[] }

type Parser = (text: string) => unknown

/** Inputs that accept a few words only are found among these. */
const VOCABULARIES: readonly (readonly string[])[] = [LOG_LEVELS]

/**
 * The type of each of `names`, as `parse` reads them: once each one alone, since some are read only beside others, or
 * only without them. Throws TypeError for an input that is never read, or is read as two types.
 */
export function inputTypes(
  names: readonly string[],
  parse: (raw: RawInputs) => unknown,
): ReadonlyMap<string, InputType> {
  const seen = new Map<string, InputType>()
  const note = (name: string, type: InputType): void => {
    const known = seen.get(name) ?? type
    if (known.kind === 'text' || known.kind === type.kind) seen.set(name, type)
    else if (type.kind !== 'text') {
      throw new TypeError(`${name} is read as ${known.kind} and as ${type.kind}`)
    }
  }
  watching(note, () => {
    for (const name of names) {
      try {
        parse({ [name]: 'true' })
      } catch (error) {
        // Most single inputs make no valid step; they have been read all the same.
        if (error instanceof TypeError) throw error
      }
    }
  })
  return new Map(
    names.map((name) => {
      const type = seen.get(name)
      if (!type) throw new TypeError(`${name} is read by no parser`)
      return [name, type]
    }),
  )
}

/** Calls `note` with each input that any reader reads while `run` runs. */
function watching(note: (name: string, type: InputType) => void, run: () => void): void {
  const methods = Object.getOwnPropertyDescriptors(InputReader.prototype)
  const watched: Readonly<Record<string, (parser: Parser) => InputType>> = {
    text: () => ({ kind: 'text' }),
    parse: typeOf,
    list: () => ({ kind: 'lines' }),
    pairs: () => ({ kind: 'pairs' }),
  }
  try {
    for (const [method, type] of Object.entries(watched)) {
      const original = Reflect.get(InputReader.prototype, method) as (...all: unknown[]) => unknown
      Reflect.set(
        InputReader.prototype,
        method,
        function (this: InputReader, name: string, parser: Parser) {
          note(name, type(parser))
          return original.call(this, name, parser)
        },
      )
    }
    run()
  } finally {
    Object.defineProperties(InputReader.prototype, methods)
  }
}

/** A parser tells what it accepts by what it makes of a few texts. */
function typeOf(parser: Parser): InputType {
  const words = VOCABULARIES.find((all) => all.every((word) => gives(parser, word) !== undefined))
  if (gives(parser, 'true') === true) return { kind: 'boolean' }
  if (gives(parser, '1Gb') === 1024 ** 3) return { kind: 'size' }
  if (gives(parser, '1m') === 60) return { kind: 'duration' }
  if (gives(parser, '1') === 1) return { kind: 'integer' }
  if (words && gives(parser, 'another') === undefined) return { kind: 'words', words }
  return { kind: 'text' }
}

/** Undefined where the parser refuses the text. */
function gives(parser: Parser, text: string): unknown {
  try {
    return parser(text)
  } catch {
    return undefined
  }
}
