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

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  m: MIB,
  mb: MIB,
  mib: MIB,
  g: GIB,
  gb: GIB,
  gib: GIB,
}

const SECOND_UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }

/** `128Mb`, `256MB`, `1 GiB`, `1gb` or plain bytes, in powers of 1024; gives bytes. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const unit = BYTE_UNITS[match?.[2]?.toLowerCase() ?? '?']
  const bytes = Number(match?.[1]) * (unit ?? NaN)
  if (!Number.isSafeInteger(bytes)) {
    throw new ValueError(
      `is ${quote(text)}, which is not a size: write 128Mb, 256MB, 1 GiB, 1gb or a number of bytes`,
    )
  }
  return bytes
}

/** The sizes that an input accepts: multiples of `stepBytes`, from one step to `maxBytes`. */
export interface SizeSteps {
  readonly stepBytes: number
  readonly maxBytes: number
}

/** A size as in {@link parseBytes} that is one of the steps; the error names the nearest steps. */
export function parseSteppedBytes(text: string, { stepBytes, maxBytes }: SizeSteps): number {
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
  const match = /^(\d+)\s*([smh]?)$/.exec(text.trim())
  const seconds = Number(match?.[1]) * (SECOND_UNITS[match?.[2] ?? '?'] ?? NaN)
  if (!Number.isSafeInteger(seconds)) {
    throw new ValueError(
      `is ${quote(text)}, which is not a duration: write seconds as 5, or 90s, 10m, 1h`,
    )
  }
  return seconds
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
  if (!(number >= bounds.min && number <= bounds.max)) {
    throw new ValueError(
      `is ${quote(text)}; write a whole number from ${bounds.min} to ${bounds.max}`,
    )
  }
  return number
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

/** A line of a list input with its number, counted from 1. */
export interface Line {
  readonly number: number
  readonly text: string
}

/** One item per line, trimmed; blank lines and lines that start with `#` are skipped. */
export function parseLines(text: string): readonly Line[] {
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
    const block = /^([^=<]+)<<(\S+)$/.exec(line)
    if (block?.[1] !== undefined) {
      const end = lines.indexOf(block[2] ?? '', index + 1)
      if (end === -1) {
        problems.push(
          `line ${number}: the block that starts here has no end: write the word after \`<<\` alone on a line below`,
        )
        break
      }
      const value = lines.slice(index + 1, end).join('\n')
      pairs.push({ line: number, key: block[1].trim(), value })
      index = end
      continue
    }
    const equals = line.indexOf('=')
    const mapping = /^([a-z_]\w*): +(.*)$/i.exec(line)
    if (equals < 1 || mapping) {
      const example = line.startsWith('{') ? 'KEY=value lines, not JSON' : exampleOf(mapping)
      problems.push(`line ${number}: no \`=\` after a key; write ${example}`)
      continue
    }
    pairs.push({
      line: number,
      key: line.slice(0, equals).trim(),
      value: line.slice(equals + 1).trim(),
    })
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
