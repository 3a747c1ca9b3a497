/** The only things the world gives us: a runner, a clock, a transport. */

/** Where the run happens; every field comes from the runner's environment. */
export interface RunContext {
  /** Absolute path of the checked-out repository. */
  readonly workspace: string
  /** `owner/repo` of the workflow, if known. */
  readonly repository: string | undefined
  readonly sha: string | undefined
  readonly runId: string | undefined
  /** Where the repository is on the web, such as `https://github.com`. */
  readonly serverUrl: string | undefined
  /** The event that started the run, such as `push`, and the ref it is about. */
  readonly event: string | undefined
  readonly ref: string | undefined
  /** Where the files of the very version of the action that runs can be read: an address on the web, or a folder. */
  readonly actionRoot: string
}

/** A job's right to an OIDC token. */
export interface IdTokenRequest {
  readonly url: string
  readonly token: { reveal(): string }
}

/** An annotation at the top of the run, or on a line of a file. */
export interface Annotation {
  readonly title: string
  readonly message: string
  readonly file?: string
  readonly line?: number
}

/** What a line of the log is about; a runner may show it by a colour. */
export type Tone = 'added' | 'removed' | 'changed' | 'done'

export interface LogLine {
  readonly text: string
  readonly tone?: Tone
}

/** The CI runner, as far as a deployment needs it. */
export interface Runner {
  readonly context: RunContext
  /** Where the job's OIDC token is asked for, and with which bearer token; undefined without `id-token: write`. */
  readonly idTokenRequest: IdTokenRequest | undefined
  info(message: string, tone?: Tone): void
  debug(message: string): void
  notice(annotation: Annotation): void
  warning(annotation: Annotation): void
  error(annotation: Annotation): void
  /** Prints lines folded under a title. */
  group(title: string, lines: readonly string[]): void
  /** Hides a value in everything printed from now on. */
  mask(value: string): void
  /** The text without masked values and without what gives access in links; for texts that are cut or escaped before they are printed. */
  hide(text: string): string
  setOutput(name: string, value: string): void
  /** Writes the job summary; rejects when it cannot be written. */
  writeSummary(markdown: string): Promise<void>
}

/** Time. */
export interface Clock {
  /** Milliseconds since some moment, for durations and deadlines: nobody can set it forward or back. */
  now(): number
  /** Milliseconds since the epoch, for dates that others read or write: the runner may set it during a run. */
  wallTime(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A number in [0, 1), for jitter. */
  random(): number
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Sent one after the other with their summed length as `Content-Length`. */
  readonly body?: readonly Uint8Array[]
  readonly signal: AbortSignal
  /** Time to connect, in milliseconds. */
  readonly connectTimeoutMs?: number
  /** Never through a proxy. */
  readonly direct?: boolean
  /** An answer larger than this rejects; in bytes. */
  readonly maxResponseBytes: number
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** One HTTP exchange: no retries, no redirects, an answer of any status resolves. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>

/** What became of a comment on a pull request: its address, why it is not as it should be, or both. */
export interface CommentOutcome {
  readonly url?: string
  readonly trouble?: string
}
