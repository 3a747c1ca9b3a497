/** The one table of error codes, and the one error class that everything user-facing is thrown as. */

/** What a workflow author sees for each code: the title's plain words, and the advice when nothing better is known. */
export const ERRORS = {
  INPUT_INVALID: {
    title: 'The step has invalid inputs',
    hint: 'Correct the inputs named above; the README lists every input with its accepted form.',
  },
  AUTH_FAILED: {
    title: 'The credentials were not accepted',
    hint: 'Check the credentials of this step; docs/AUTHENTICATION.md has the set-up for each kind.',
  },
  SOURCE_EMPTY: {
    title: 'The package would be empty or incomplete',
    hint: 'Check `source-root` and `include`: patterns are relative to `source-root`.',
  },
  SOURCE_UNSAFE: {
    title: 'The package would hold what it must not',
    hint: 'Add the file to `exclude` or to `.ycignore`, or correct the path.',
  },
  SOURCE_TOO_LARGE: {
    title: 'The package is over a limit',
    hint: 'Exclude what the function does not need, or set `bucket` to send the package through Object Storage.',
  },
  API_REJECTED: {
    title: 'Yandex Cloud refused a request',
    hint: 'Read the message of the API above; give the request id to Yandex Cloud support if it does not explain itself.',
  },
  API_UNREACHABLE: {
    title: 'Yandex Cloud could not be reached',
    hint: 'Run the job again. If it persists, check the network of the runner, its proxy and `api-endpoint`.',
  },
  API_UNEXPECTED: {
    title: 'Yandex Cloud answered something unexpected',
    hint: 'Run the job again. If it persists, report it with the details above.',
  },
  OPERATION_FAILED: {
    title: 'The operation failed in the cloud',
    hint: 'Read the reason above; the full build log is in the list of operations of the function in the console.',
  },
  OPERATION_TIMEOUT: {
    title: 'The operation took longer than `wait-timeout`',
    hint: 'It may still finish: look it up with `yc operation get <id>`, or raise `wait-timeout`.',
  },
  CANCELLED: {
    title: 'The run was cancelled',
    hint: 'Run the job again to deploy.',
  },
} as const satisfies Record<string, { title: string; hint: string }>

/** The stable, public code of a failure. */
export type ErrorCode = keyof typeof ERRORS

/** A place in a file of the repository that a failure points to. */
export interface SourceLine {
  readonly file: string
  readonly line: number
  readonly message: string
}

export interface DeployErrorOptions {
  /** What to do about it; the table's advice for the code when left out. */
  readonly hint?: string | undefined
  readonly cause?: unknown
  /** Facts for a support ticket, such as `operation id`, `x-request-id`; shown as a list, in this order. */
  readonly details?: Readonly<Record<string, string>>
  /** Markdown for the job summary below the message, such as a table of the largest folders. */
  readonly markdown?: string
  /** Where in the repository's files the failure comes from. */
  readonly sourceLines?: readonly SourceLine[]
}

/** Answers of the cloud may be of any length; GitHub takes a summary of at most 1 MiB. In characters. */
const MAX_MESSAGE_CHARACTERS = 10_000

function clip(message: string): string {
  return message.length > MAX_MESSAGE_CHARACTERS
    ? `${message.slice(0, MAX_MESSAGE_CHARACTERS)}… (cut)`
    : message
}

/** A failure told to the user: what failed and with which value (message), and what to do (hint). */
export class DeployError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly details: Readonly<Record<string, string>>
  readonly markdown: string | undefined
  readonly sourceLines: readonly SourceLine[]

  constructor(code: ErrorCode, message: string, options: DeployErrorOptions = {}) {
    super(clip(message), { cause: options.cause })
    this.name = 'DeployError'
    this.code = code
    this.hint = options.hint ?? ERRORS[code].hint
    this.details = options.details ?? {}
    this.markdown = options.markdown
    this.sourceLines = options.sourceLines ?? []
  }
}

/** Whether a thrown value is an error, of whatever realm: test runners and workers have their own `Error`. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

/** An error and what caused it, outermost first, each once; nothing for a thrown value that is no error. */
export function causesOf(thrown: unknown): readonly Error[] {
  const errors = new Set<Error>()
  for (let error = thrown; isError(error) && !errors.has(error); error = error.cause) {
    errors.add(error)
  }
  return [...errors]
}

/** Several failures as one: invalid inputs are told together, of anything else the first counts. */
export function mergeErrors(errors: readonly unknown[]): unknown {
  const distinct = [...new Set(errors)]
  const serious = distinct.find(
    (error) => !(error instanceof DeployError) || error.code !== 'INPUT_INVALID',
  )
  if (serious !== undefined) return serious
  const invalid = distinct.filter((error) => error instanceof DeployError)
  const [first] = invalid
  if (invalid.length < 2 || first === undefined) return distinct[0]
  const hints = [...new Set(invalid.map((error) => error.hint))]
  return new DeployError('INPUT_INVALID', invalid.map((error) => error.message).join('\n'), {
    hint: hints.join('\n'),
    cause: first,
  })
}
