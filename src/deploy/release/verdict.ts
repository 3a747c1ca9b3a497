/** What an answer to the call of a check means: passed, trouble that is not the function's word, or a failed attempt. Pure. */

import type { StatusRange } from '../../inputs/release/check.ts'
import { asObject } from '../../json.ts'
import type { HttpResponse } from '../../ports.ts'
import { clip, plain } from '../../text.ts'
import { jsonObject, textOfBody } from '../../yandex/http/answer.ts'

/** What must answer, and how. */
export interface Expectation {
  readonly versionId: string
  readonly statuses: readonly StatusRange[]
  /** Must be in the body. */
  readonly contains: string | undefined
}

/** How the function itself failed. */
export interface FunctionError {
  /** Empty when it is not told. */
  readonly type: string
  readonly message: string
  /** The beginning of its trace. */
  readonly trace: readonly string[]
}

export type Verdict =
  | {
      readonly kind: 'passed'
      readonly status: number
      /** Whether the service named the version that answered. */
      readonly isProven: boolean
    }
  | {
      readonly kind: 'trouble'
      readonly reason: string
      /** The other version that answered, if that is the trouble. */
      readonly otherVersionId?: string
    }
  | {
      readonly kind: 'failed'
      readonly reason: string
      /** Undefined where the answer is no error of the function. */
      readonly error: FunctionError | undefined
    }

/**
 * Statuses by which the service itself refuses a call, as long as no version is named with them: no version with the
 * tag, no right to call, too many calls, no room to run.
 * https://yandex.cloud/en/docs/functions/concepts/function-invoke
 */
const SERVICE_STATUSES = [403, 404, 429, 503]

/** The code failed or answered in a wrong form, and ran for too long. */
const CODE_STATUSES = [502, 504]

/** Judges an answer of any status. */
export function judge(answer: HttpResponse, expected: Expectation): Verdict {
  const { status, headers } = answer
  const answeredBy = headers['x-function-version-id']
  if (answeredBy !== undefined && answeredBy !== expected.versionId) {
    const reason = `another version answered: ${clip(plain(answeredBy), 100)}`
    return { kind: 'trouble', reason, otherVersionId: answeredBy }
  }
  const isWanted = expected.statuses.some(({ from, to }) => status >= from && status <= to)
  // A function may answer 502 by itself, and a check may want that.
  const isOfCode = CODE_STATUSES.includes(status) && !(isWanted && answeredBy !== undefined)
  if (headers['x-function-error']?.toLowerCase() === 'true' || isOfCode) {
    const reason = `the function failed: HTTP ${status}`
    return { kind: 'failed', reason, error: functionError(answer) }
  }
  if (answeredBy === undefined && SERVICE_STATUSES.includes(status)) {
    return { kind: 'trouble', reason: `the service answered HTTP ${status}` }
  }
  if (!isWanted) {
    const wanted = `\`check-status\` is ${formatStatuses(expected.statuses)}`
    return { kind: 'failed', reason: `it answered HTTP ${status}; ${wanted}`, error: undefined }
  }
  if (expected.contains !== undefined && !textOfBody(answer).includes(expected.contains)) {
    const reason = `it answered HTTP ${status} without the text of \`check-contains\``
    return { kind: 'failed', reason, error: undefined }
  }
  return { kind: 'passed', status, isProven: answeredBy !== undefined }
}

function formatStatuses(statuses: readonly StatusRange[]): string {
  return statuses.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

const MAX_CHARACTERS = { type: 100, message: 1_000, traceLine: 300 }
const MAX_TRACE_LINES = 10

/**
 * The error in the body of a failed call; undefined when there is none. Of a wrong answer the body holds the whole of
 * it as `payload`, which may have secrets: nothing but the known fields is read.
 */
function functionError(answer: HttpResponse): FunctionError | undefined {
  const body = jsonObject(answer)
  const message = body?.errorMessage
  if (typeof message !== 'string') return undefined
  const { errorType: type, stackTrace } = body ?? {}
  const items: readonly unknown[] = Array.isArray(stackTrace) ? stackTrace : []
  return {
    type: clip(typeof type === 'string' ? plain(type) : '', MAX_CHARACTERS.type),
    message: clip(plain(message), MAX_CHARACTERS.message),
    trace: items
      // Some items may have no line.
      .slice(0, 2 * MAX_TRACE_LINES)
      .map(traceLine)
      .filter((line) => line !== '')
      .slice(0, MAX_TRACE_LINES)
      .map((line) => clip(line, MAX_CHARACTERS.traceLine)),
  }
}

/** Runtimes write an item as a text, as an object with a text, or as a place in a file. */
function traceLine(item: unknown): string {
  if (typeof item === 'string') return plain(item).trim()
  const { line, function: name, file, column } = asObject(item) ?? {}
  if (typeof line === 'string') return plain(line).trim()
  if (typeof file !== 'string') return ''
  const numbers = [line, column].filter((part) => typeof part === 'number')
  const place = [file, ...numbers].join(':')
  return plain(typeof name === 'string' ? `at ${name} (${place})` : `at ${place}`).trim()
}
