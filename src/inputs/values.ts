/** Parsers of single values: text in, typed value out, no I/O. Each throws a {@link ValueError} that names the accepted form. */

import { Secret } from '../secret.ts'
import { isId, looksLikeName, quote } from '../text.ts'

/** The text does not have the accepted form; the message continues the sentence "`input` …" and never contains a secret. */
export class ValueError extends Error {
  override readonly name = 'ValueError'
}

/** In bytes. */
export const MIB = 1024 ** 2
/** In bytes. */
export const GIB = 1024 ** 3

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: MIB, g: GIB }
const SECOND_UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }

/** `128Mb`, `256MB`, `1 GiB`, `1gb` or plain bytes, in powers of 1024; gives bytes. */
export function parseBytes(text: string): number {
  const form = /^(\d+(?:\.\d+)?)\s*(?:([kmg])(?:i?b)?|b?)$/i
  const [, amount, unit = ''] = form.exec(text.trim()) ?? []
  const bytes = Number(amount) * (BYTE_UNITS[unit.toLowerCase()] ?? NaN)
  if (Number.isSafeInteger(bytes)) return bytes
  throw new ValueError(
    `is ${quote(text)}, which is not a size: write 128Mb, 256MB, 1 GiB, 1gb or a number of bytes`,
  )
}

/**
 * A size as in {@link parseBytes} that is a multiple of `stepBytes`, from one step to `maxBytes`; the error names the
 * nearest of them.
 */
export function parseSteppedBytes(
  text: string,
  { stepBytes, maxBytes }: { stepBytes: number; maxBytes: number },
): number {
  const bytes = parseBytes(text)
  if (bytes >= stepBytes && bytes <= maxBytes && bytes % stepBytes === 0) return bytes
  const unitBytes = stepBytes % GIB === 0 ? GIB : MIB
  const write = (size: number): string => `${size / unitBytes}${unitBytes === GIB ? 'GB' : 'Mb'}`
  // A bare number is a number of bytes, but "128" almost certainly means megabytes.
  const isBare = /^\d+$/.test(text) && bytes < MIB
  const steps = (isBare ? bytes * unitBytes : bytes) / stepBytes
  const near = [Math.floor(steps), Math.ceil(steps)].map((step) =>
    write(Math.min(Math.max(step * stepBytes, stepBytes), maxBytes)),
  )
  throw new ValueError(
    `is ${quote(text)}${isBare ? `, which is ${bytes} bytes` : ''}; write ${[...new Set(near)].join(' or ')} (multiples of ${write(stepBytes)} up to ${write(maxBytes)} are allowed)`,
  )
}

/** `5` (seconds), `90s`, `10m` or `1h`; gives seconds. */
export function parseSeconds(text: string): number {
  const [, amount, unit = ''] = /^(\d+)\s*([smh]?)$/.exec(text.trim()) ?? []
  const seconds = Number(amount) * (SECOND_UNITS[unit] ?? NaN)
  if (Number.isSafeInteger(seconds)) return seconds
  throw new ValueError(
    `is ${quote(text)}, which is not a duration: write seconds as 5, or 90s, 10m, 1h`,
  )
}

/** A duration as in {@link parseSeconds}, of an hour at most. */
export function parseTimeout(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds >= 1 && seconds <= 3600) return seconds
  throw new ValueError(`is ${quote(text)}; write a duration from 1s to 1h`)
}

/** `true` or `false` in the spellings of the YAML 1.2 core schema. */
export function parseBoolean(text: string): boolean {
  if (['true', 'True', 'TRUE'].includes(text)) return true
  if (['false', 'False', 'FALSE'].includes(text)) return false
  throw new ValueError(`is ${quote(text)}; write true or false`)
}

/** A whole number within inclusive bounds. */
export function parseInteger(text: string, bounds: { min: number; max: number }): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (number >= bounds.min && number <= bounds.max) return number
  throw new ValueError(
    `is ${quote(text)}; write a whole number from ${bounds.min} to ${bounds.max}`,
  )
}

/** The id of a cloud resource. */
export function parseId(text: string): string {
  if (isId(text) && !looksLikeName(text)) return text
  const what = isId(text) ? 'a name, not an id' : 'not an id'
  throw new ValueError(`is ${quote(text)}, which is ${what} such as b1g0123456789abcdefg`)
}

/** https://github.com/yandex-cloud/cloudapi (function_service.proto: CreateFunctionRequest, CreateFunctionVersionRequest) */
const MAX_DESCRIPTION = 600

/** A description of a function or a version. */
export function parseDescription(text: string): string {
  const { length } = Array.from(text)
  if (length <= MAX_DESCRIPTION) return text
  throw new ValueError(`has ${length} characters; at most ${MAX_DESCRIPTION} are allowed`)
}

/** The name of a bucket: https://yandex.cloud/en/docs/storage/concepts/bucket#naming */
export function parseBucket(text: string): string {
  if (/^[-.0-9a-zA-Z]{3,63}$/.test(text)) return text
  throw new ValueError(
    `is ${quote(text)}; a bucket's name has 3 to 63 letters, digits, dots and hyphens`,
  )
}

/** One item per line, trimmed, with its number from 1; blank lines and lines that start with `#` are skipped. */
export function parseLines(text: string): readonly { number: number; text: string }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'))
}

/** A `KEY=value` pair with the number of its first line. */
export interface Pair {
  readonly line: number
  readonly key: string
  readonly value: string
}

/**
 * `KEY=value` lines: the value is everything after the first `=`, trimmed and otherwise literal. After `KEY<<END`, the
 * value is the following lines, unchanged, up to a line `END`. Adds each fault to `problems`, without values that may be secret.
 */
export function parsePairs(text: string, problems: string[]): readonly Pair[] {
  const lines = text.split(/\r?\n/)
  const pairs: Pair[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]?.trim() ?? ''
    const number = index + 1
    if (line === '' || line.startsWith('#')) continue
    const [, blockKey, word = ''] = /^([^=<]+)<<(\S+)$/.exec(line) ?? []
    if (blockKey !== undefined) {
      const end = lines.indexOf(word, index + 1)
      if (end === -1) {
        problems.push(
          `line ${number}: the block that starts here has no end: write the word after \`<<\` alone on a line below`,
        )
        break
      }
      const value = lines.slice(index + 1, end).join('\n')
      pairs.push({ line: number, key: blockKey.trim(), value })
      index = end
      continue
    }
    const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(line) ?? []
    const mapping = /^([a-z_]\w*): +(.*)$/i.exec(line)
    if (key === undefined || mapping) {
      const example = line.startsWith('{') ? 'KEY=value lines, not JSON' : exampleOf(mapping)
      problems.push(`line ${number}: no \`=\` after a key; write ${example}`)
      continue
    }
    pairs.push({ line: number, key: key.trim(), value: value.trim() })
  }
  return pairs
}

/** What to write instead of a YAML mapping; shows its parts only if they are very unlikely to be a secret. */
function exampleOf(mapping: RegExpExecArray | null): string {
  const [, key = '', value = ''] = mapping ?? []
  if (!/^[A-Z_\d]+$/.test(key)) return 'KEY=value'
  const isShown = /^([a-z]{1,8}|\d{1,5})$/i.test(value) && !/pass|secret|token|key|pwd/i.test(key)
  return `\`${key}=${isShown ? value : '<value>'}\``
}

/** A token of any kind, which goes into a header. Throws ValueError, which never quotes it. */
export function parseSecret(text: string): Secret {
  if (/^[\x21-\x7e]+$/.test(text)) return new Secret(text)
  throw new ValueError(
    'contains spaces, line breaks or other characters that a token cannot contain',
  )
}
