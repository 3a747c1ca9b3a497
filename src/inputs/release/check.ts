/** Inputs about the check of a version, before callers of `tags` get it. */

import { quote } from '../../text.ts'
import type { InputReader } from '../reader.ts'
import { MIB, parseInteger, parseTimeout, ValueError } from '../values.ts'
import { parseTag } from '../version.ts'

/** Both ends included. */
export interface StatusRange {
  readonly from: number
  readonly to: number
}

/** How a version is called, and what it must answer. */
export type CheckInputs = Readonly<NonNullable<ReturnType<typeof readCheck>>>

/** The inputs of a check with their defaults of action.yml, which arrive like given values. */
const DEFAULTS = {
  'check-tag': 'candidate',
  'check-query': '',
  'check-body': '',
  'check-raw': 'false',
  'check-status': '200-299',
  'check-contains': '',
  'check-timeout': '60s',
  'check-attempts': '3',
  'restore-latest': 'true',
} as const

type CheckName = keyof typeof DEFAULTS

const ATTEMPTS = { min: 1, max: 100 }

/** Undefined unless `check` is true; the other inputs are not checked then. */
export function readCheck(reader: InputReader) {
  const given = (Object.keys(DEFAULTS) as CheckName[]).filter(
    (name) => reader.text(name)?.toLowerCase() !== DEFAULTS[name],
  )
  if (!reader.isOn('check', given)) return undefined
  return {
    /** The tag under which the version is called. */
    tag: parsed(reader, 'check-tag', parseTag),
    /** Without the `?` at its beginning. */
    query: reader.parse('check-query', parseQuery),
    /** Makes the call a POST. */
    body: reader.parse('check-body', parseSent),
    /** Whether the function gets the body alone, and its result is the answer. */
    isRaw: reader.boolean('check-raw') ?? false,
    statuses: parsed(reader, 'check-status', parseStatuses),
    /** Must be in the body of the answer. */
    contains: reader.parse('check-contains', parseSent),
    /** For trouble that is not the function's word. */
    timeoutSeconds: parsed(reader, 'check-timeout', parseTimeout),
    /** How many answers of the function may fail to pass, the last one included. */
    attempts: parsed(reader, 'check-attempts', (text) => parseInteger(text, ATTEMPTS)),
    /** Whether callers without a tag get the former version again after a failed check. */
    restoreLatest: reader.boolean('restore-latest') ?? true,
  }
}

/** The value, or that of the default; a problem is one of the whole step. */
function parsed<T>(reader: InputReader, name: CheckName, parser: (text: string) => T): T {
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
