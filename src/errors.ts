/** The one table of error codes, and the one error class that everything user-facing is thrown as. */

/** What a workflow author sees for each code: the title's plain words, and the advice when nothing better is known. */
export const ERRORS = {
  INPUT_INVALID: {
    title: 'The step has invalid inputs',
    hint: 'Correct the inputs named above; the README lists every input with its accepted form.',
  },
  AUTH_FAILED: {
    title: 'The credentials were not accepted',
    hint: 'Check the credentials of this step, and what they may do.',
  },
  SOURCE_EMPTY: {
    title: 'The package would be empty or incomplete',
    hint: 'Check `source-root` and `include`: patterns are relative to `source-root`.',
  },
  SOURCE_UNSAFE: {
    title: 'The package contains files that must not be deployed',
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
    hint: 'Read the reason above; the operation is in the list of operations of the function in the console.',
  },
  OPERATION_TIMEOUT: {
    title: 'The operation took longer than `wait-timeout`',
    hint: 'It may still finish: look it up with `yc operation get <id>`, or raise `wait-timeout`.',
  },
  CANCELLED: {
    title: 'The run was cancelled',
    hint: 'Run the job again.',
  },
  CHECK_FAILED: {
    title: 'The new version did not pass its check',
    hint: 'Read the log of the function, correct it and deploy again.',
  },
  PROMOTION_FAILED: {
    title: 'The tags could not all be moved',
    hint: 'See above what points where now, and run the job again.',
  },
  NO_PREVIOUS_VERSION: {
    title: 'There is no version to go back to',
    hint: 'Name one of the versions above as `version-id`.',
  },
  INTERNAL_ERROR: {
    title: 'The action or its runner failed',
    hint: 'This is a bug of the action. Please report it in its repository, with the log of a run that has the secret ACTIONS_STEP_DEBUG set to true.',
  },
} as const satisfies Record<string, { title: string; hint: string }>

/** The stable, public code of a failure. */
export type ErrorCode = keyof typeof ERRORS

/** Well-known failures with a section of their own in docs/TROUBLESHOOTING.md, by its anchor there. */
export type Topic = (typeof TOPICS)[number]
export const TOPICS = [
  'name-not-found',
  'runtime-unknown',
  'secret-not-found',
  'function-not-found',
  'entrypoint-not-in-package',
  'token-invalid',
  'key-refused',
  'exchange-refused',
  'no-oidc-token',
  'no-metadata-service',
  'no-service-account-on-vm',
  'include-matches-nothing',
  'ready-zip-missing',
  'private-key',
  'path-leaves-workspace',
  'ready-zip-damaged',
  'service-account-not-available',
  'folder-not-found',
  'permission-denied',
  'storage-access-denied',
  'no-such-bucket',
  'secret-refused',
  'quota-of-functions',
  'quota-of-tags',
  'quota-of-operations',
  'too-many-requests',
  'request-too-large',
  'build-limits',
  'npm-ci',
  'go-build',
  'invalid-zip',
  'not-exposed',
  'outputs-not-written',
] as const

/** What a failure was found in, for the report to show: data, never markup. */
export type Evidence =
  | { readonly kind: 'build log'; readonly text: string }
  | {
      readonly kind: 'largest files'
      readonly entries: readonly { name: string; sizeBytes: number; packedBytes: number }[]
    }

export interface DeployErrorOptions {
  /** What to do about it, where the thrower knows; left out, the report advises. */
  readonly hint?: string | undefined
  readonly cause?: unknown
  /** The inputs that are to be corrected, when the failure is theirs. */
  readonly inputs?: readonly string[] | undefined
  /** The section of the documentation; that of the code when left out. */
  readonly topic?: Topic | undefined
  /** Facts for a support ticket, such as `operation id`, `x-request-id`; shown as a list, in this order. */
  readonly details?: Readonly<Record<string, string>>
  /** What the report shows below the message. */
  readonly evidence?: Evidence | undefined
}

/** A failure told to the user: what failed and with which value (message), and what to do (hint). */
export class DeployError extends Error {
  readonly code: ErrorCode
  /** Empty where the message says what to do; undefined where the report advises. */
  readonly hint: string | undefined
  readonly inputs: readonly string[]
  readonly topic: Topic | undefined
  readonly details: Readonly<Record<string, string>>
  readonly evidence: Evidence | undefined

  constructor(code: ErrorCode, message: string, options: DeployErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'DeployError'
    this.code = code
    this.hint = options.hint
    this.inputs = options.inputs ?? []
    this.topic = options.topic
    this.details = options.details ?? {}
    this.evidence = options.evidence
  }

  /** The same failure, told otherwise; it becomes the cause. */
  with({
    code,
    message,
    ...options
  }: Omit<DeployErrorOptions, 'cause'> & { code?: ErrorCode; message?: string }): DeployError {
    const { hint, inputs, topic, details, evidence } = this
    const all = { hint, inputs, topic, details, evidence, cause: this, ...options }
    return new DeployError(code ?? this.code, message ?? this.message, all)
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
  const isInvalid = (error: unknown): error is DeployError =>
    error instanceof DeployError && error.code === 'INPUT_INVALID'
  const serious = distinct.find((error) => !isInvalid(error))
  const invalid = distinct.filter(isInvalid)
  const [first] = invalid
  if (serious !== undefined || !first || invalid.length < 2) return serious ?? first
  const hints = new Set(invalid.map(({ hint }) => hint ?? ERRORS.INPUT_INVALID.hint))
  hints.delete('')
  const topics = new Set(invalid.map((error) => error.topic))
  return first.with({
    message: invalid.map((error) => error.message).join('\n'),
    hint: [...hints].join('\n'),
    inputs: [...new Set(invalid.flatMap((error) => error.inputs))],
    topic: topics.size === 1 ? first.topic : undefined,
    details: {},
  })
}
