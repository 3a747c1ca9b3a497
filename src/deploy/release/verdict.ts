/** What an answer to the call of a check means: passed, trouble that is not the function's word, or a failed attempt. Pure. */

import type { CheckInputs, StatusRange } from '../../inputs/release/check.ts'
import { fieldsOf } from '../../json.ts'
import type { HttpResponse } from '../../ports.ts'
import { clip, plain, withoutValues } from '../../text.ts'
import { jsonObject, textOfBody } from '../../yandex/http/answer.ts'

/** What must answer, and how. */
export interface Expectation extends Pick<CheckInputs, 'statuses' | 'contains'> {
  readonly versionId: string
  /** Values of the environment, which an error of the function may repeat. */
  readonly hides: readonly string[]
}

/** How the function itself failed. */
export interface FunctionError {
  /** With its type before it, where that is told. */
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
      /** Continues a sentence about the check. */
      readonly reason: string
      /** Left out where the answer is no error of the function. */
      readonly error?: FunctionError | undefined
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
    return { kind: 'failed', reason, error: functionError(answer, expected) }
  }
  if (answeredBy === undefined && SERVICE_STATUSES.includes(status)) {
    return { kind: 'trouble', reason: `the service answered HTTP ${status}` }
  }
  if (!isWanted) {
    const wanted = `\`check-status\` is ${formatStatuses(expected.statuses)}`
    return { kind: 'failed', reason: `it answered HTTP ${status}; ${wanted}` }
  }
  if (expected.contains !== undefined && !textOfBody(answer).includes(expected.contains)) {
    const reason = `it answered HTTP ${status} without the text of \`check-contains\``
    return { kind: 'failed', reason }
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
function functionError(
  answer: HttpResponse,
  { hides }: Pick<Expectation, 'hides'>,
): FunctionError | undefined {
  const { errorMessage, errorType, stackTrace } = jsonObject(answer) ?? {}
  if (typeof errorMessage !== 'string') return undefined
  const show = (text: string, maxCharacters: number): string =>
    clip(withoutValues(plain(text), hides), maxCharacters)
  const items: readonly unknown[] = Array.isArray(stackTrace) ? stackTrace : []
  const type = typeof errorType === 'string' ? show(errorType, MAX_CHARACTERS.type) : ''
  const message = show(errorMessage, MAX_CHARACTERS.message)
  return {
    message: [type, message].filter((part) => part !== '').join(': '),
    trace: items
      // Some items may have no line.
      .slice(0, 2 * MAX_TRACE_LINES)
      .map((item) => plain(traceLine(item)).trim())
      .filter((line) => line !== '')
      .slice(0, MAX_TRACE_LINES)
      .map((line) => show(line, MAX_CHARACTERS.traceLine)),
  }
}

/** Runtimes write an item as a text, as an object with a text, or as a place in a file. */
function traceLine(item: unknown): string {
  if (typeof item === 'string') return item
  const { line, function: name, file, column } = fieldsOf(item)
  if (typeof line === 'string') return line
  if (typeof file !== 'string') return ''
  const place = [file, ...[line, column].filter((part) => typeof part === 'number')].join(':')
  return typeof name === 'string' ? `at ${name} (${place})` : `at ${place}`
}
