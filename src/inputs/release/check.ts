/** Inputs about the check of a version, before callers of `tags` get it. */

import { listNames, quote } from '../../text.ts'
import type { InputName } from '../names.ts'
import type { InputReader } from '../reader.ts'
import { MIB, parseInteger, parseSeconds, ValueError } from '../values.ts'
import { parseTag } from '../version.ts'

/** Both ends included. */
export interface StatusRange {
  readonly from: number
  readonly to: number
}

/** How a version is called, and what it must answer. */
export interface CheckInputs {
  /** The tag under which the version is called. */
  readonly tag: string
  /** Without the `?` at its beginning. */
  readonly query: string | undefined
  /** Makes the call a POST. */
  readonly body: string | undefined
  /** Whether the function gets the body alone, and its result is the answer. */
  readonly isRaw: boolean
  readonly statuses: readonly StatusRange[]
  /** Must be in the body of the answer. */
  readonly contains: string | undefined
  /** For trouble that is not the function's word. */
  readonly timeoutSeconds: number
  /** How many answers of the function may fail to pass, the last one included. */
  readonly attempts: number
  /** Whether callers without a tag get the former version again after a failed check. */
  readonly restoreLatest: boolean
}

/** The defaults of action.yml, which arrive like given values. */
const DEFAULTS = {
  'check-tag': 'candidate',
  'check-raw': 'false',
  'check-status': '200-299',
  'check-timeout': '60s',
  'check-attempts': '3',
  'restore-latest': 'true',
} as const

const GIVEN = ['check-query', 'check-body', 'check-contains'] as const

const ATTEMPTS = { min: 1, max: 100 }
const MAX_TIMEOUT_SECONDS = 3600

/** Undefined unless `check` is true; the other inputs are not checked then. */
export function readCheck(reader: InputReader): CheckInputs | undefined {
  if (!(reader.boolean('check') ?? false)) {
    const unused = dependent().filter((name) => isSet(reader, name))
    if (unused.length > 0) {
      const verb = unused.length === 1 ? 'has' : 'have'
      reader.warnings.push(`${listNames(unused)} ${verb} no effect unless \`check\` is true`)
    }
    return undefined
  }
  return {
    tag: parsed(reader, 'check-tag', parseTag),
    query: reader.parse('check-query', parseQuery),
    body: reader.parse('check-body', parseSent),
    isRaw: reader.boolean('check-raw') ?? false,
    statuses: parsed(reader, 'check-status', parseStatuses),
    contains: reader.parse('check-contains', parseSent),
    timeoutSeconds: parsed(reader, 'check-timeout', parseTimeout),
    attempts: parsed(reader, 'check-attempts', (text) => parseInteger(text, ATTEMPTS)),
    restoreLatest: reader.boolean('restore-latest') ?? true,
  }
}

function dependent(): readonly InputName[] {
  return [...(Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]), ...GIVEN]
}

/** Whether an input says something else than its default. */
function isSet(reader: InputReader, name: InputName): boolean {
  const text = reader.text(name)
  return text !== undefined && text.toLowerCase() !== (DEFAULTS as Record<string, string>)[name]
}

/** The value, or that of the default; a problem is one of the whole step. */
function parsed<T>(
  reader: InputReader,
  name: keyof typeof DEFAULTS,
  parser: (text: string) => T,
): T {
  return reader.parse(name, parser) ?? parser(DEFAULTS[name])
}

/** Of a request and of an answer: https://yandex.cloud/en/docs/functions/concepts/limits. In bytes. */
const MAX_BODY_BYTES = 3.5 * MIB

function parseSent(text: string): string {
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_BODY_BYTES) return text
  throw new ValueError(`has ${bytes} bytes; a call and its answer have at most ${MAX_BODY_BYTES}`)
}

const RESERVED = {
  tag: 'write the tag into `check-tag`',
  integration: 'use `check-raw`',
} as const

function parseQuery(text: string): string {
  const query = text.replace(/^\?/, '')
  const parameters = new URLSearchParams(query)
  for (const [name, instead] of Object.entries(RESERVED)) {
    if (parameters.has(name)) throw new ValueError(`sets \`${name}\`; ${instead}`)
  }
  return query
}

/** `200-299`, `204`, or several of them on one line or more; the smallest first. */
export function parseStatuses(text: string): readonly StatusRange[] {
  const items = text.split(/[\s,]+/).filter((item) => item !== '')
  const ranges = items.map((item) => {
    const [, from = '', to = from] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(item) ?? []
    if (from === '' || Number(from) > Number(to)) {
      throw new ValueError(`has ${quote(item)}; ${statusAdvice(item)}`)
    }
    return { from: Number(from), to: Number(to) }
  })
  if (ranges.length === 0) throw new ValueError('has no status; write 200-299 for any success')
  return ranges.toSorted((a, b) => a.from - b.from)
}

function statusAdvice(item: string): string {
  const [, family] = /^([1-5])xx$/i.exec(item) ?? []
  if (family !== undefined) return `write ${family}00-${family}99`
  return 'write statuses such as 200 and ranges such as 200-299, separated by commas'
}

function parseTimeout(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS) return seconds
  throw new ValueError(`is ${quote(text)}; write a duration from 1s to 1h`)
}
