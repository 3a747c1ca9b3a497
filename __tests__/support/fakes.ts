/** The world in memory: a clock that sleeping moves, a transport that is scripted, a runner that records. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { Masks } from '../../src/github/masks.ts'
import type {
  Annotation,
  Clock,
  HttpRequest,
  HttpResponse,
  RunContext,
  Runner,
  Transport,
} from '../../src/ports.ts'
import { Secret } from '../../src/secret.ts'
import { hideLinks } from '../../src/text.ts'
import { openCloud, type Cloud } from '../../src/yandex/cloud.ts'
import type { Credentials } from '../../src/yandex/iam/token-source.ts'
import { DEFAULT_ENDPOINT } from '../../src/yandex/http/endpoints.ts'
import type { RetryPolicy } from '../../src/yandex/http/http.ts'

const MAX_SLEEPS = 5_000

/** Time that passes only when somebody sleeps, or when a test says so. */
export class FakeClock implements Clock {
  /** How long each sleep was, in milliseconds. */
  readonly sleeps: number[] = []
  /** What {@link FakeClock.random} gives. */
  jitter = 1
  /** How far the wall clock was set forward, in milliseconds. */
  setForwardMs = 0
  #nowMs: number

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs
  }

  wallTime(): number {
    return this.#nowMs + this.setForwardMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    // A loop that never ends would not let go of the event loop either.
    if (this.sleeps.length >= MAX_SLEEPS) return Promise.reject(new RangeError('sleeps for ever'))
    this.sleeps.push(ms)
    this.#nowMs += ms
    return Promise.resolve()
  }

  random(): number {
    return this.jitter
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}

/** One step of a script: an answer, an error to reject with, or a function that makes one. */
export type Step =
  HttpResponse | Error | ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>)

/** Plays the steps one after the other; the last one is repeated. */
export class FakeTransport {
  readonly requests: HttpRequest[] = []
  readonly #steps: readonly Step[]

  constructor(...steps: Step[]) {
    this.#steps = steps
  }

  readonly send: Transport = async (request) => {
    this.requests.push(request)
    const step = this.#steps[Math.min(this.requests.length, this.#steps.length) - 1]
    if (step === undefined) throw new TypeError('the script is empty')
    if (typeof step !== 'function') return resolveOrThrow(step)
    return resolveOrThrow(await step(request))
  }

  /** `GET /path?query` of each request. */
  get lines(): string[] {
    return this.requests.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)
  }

  /** The JSON body of a request. */
  body(index: number): unknown {
    return JSON.parse(bodyText(this.requests[index]))
  }
}

function resolveOrThrow(step: HttpResponse | Error): HttpResponse {
  if ('status' in step) return step
  throw step
}

/** The body of a request as text. */
export function bodyText(request: HttpRequest | undefined): string {
  return Buffer.concat(request?.body ?? []).toString()
}

/** An answer with a body of text. */
export function answer(
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return { status, headers, body: Buffer.from(body) }
}

/** An answer with a JSON body. */
export function json(
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): HttpResponse {
  return answer(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

/** A refusal in the API's own form, with the HTTP status that belongs to the gRPC code. */
export function refusal(
  code: number,
  message: string,
  details: readonly unknown[] = [],
): HttpResponse {
  const statuses = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500]
  return json({ code, message, details }, { status: statuses[code] ?? 401 })
}

/** An error of a connection, as an HTTP client wraps it. */
export function connectionError(code: string, message = 'socket trouble'): Error {
  return new Error('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

export const CONTEXT: RunContext = {
  workspace: '/work',
  repository: 'octo-org/hello',
  sha: '0123456789abcdef',
  runId: '42',
  serverUrl: 'https://github.com',
  event: 'push',
  ref: 'refs/heads/main',
  actionRoot: 'https://github.com/octo-org/action/blob/v1',
}

/** Records everything that a deployment tells its runner. */
export class FakeRunner implements Runner {
  readonly context: RunContext
  idTokenRequest: Runner['idTokenRequest']
  /** Every line printed, in order: lines, debug lines, and groups with their titles. */
  readonly log: string[] = []
  readonly lines: string[] = []
  readonly debugged: string[] = []
  readonly notices: Annotation[] = []
  readonly warnings: Annotation[] = []
  readonly errors: Annotation[] = []
  readonly groups: { title: string; lines: readonly string[] }[] = []
  readonly masked: string[] = []
  readonly #masks = new Masks()
  readonly outputs: Record<string, string> = {}
  readonly summaries: string[] = []
  /** When set, the summary cannot be written. */
  summaryError: Error | undefined

  constructor(context: Partial<RunContext> = {}) {
    this.context = { ...CONTEXT, ...context }
  }

  info(message: string): void {
    this.log.push(message)
    this.lines.push(message)
  }

  debug(message: string): void {
    this.log.push(message)
    this.debugged.push(message)
  }

  notice(annotation: Annotation): void {
    this.notices.push(annotation)
  }

  warning(annotation: Annotation): void {
    this.warnings.push(annotation)
  }

  error(annotation: Annotation): void {
    this.errors.push(annotation)
  }

  group(title: string, lines: readonly string[]): void {
    this.log.push(title, ...lines)
    this.groups.push({ title, lines })
  }

  mask(value: string): void {
    this.#masks.add(value)
    this.masked.push(value)
  }

  hide(text: string): string {
    return hideLinks(this.#masks.hide(text))
  }

  setOutput(name: string, value: string): void {
    this.outputs[name] = value
  }

  writeSummary(markdown: string): Promise<void> {
    if (this.summaryError !== undefined) return Promise.reject(this.summaryError)
    this.summaries.push(markdown)
    return Promise.resolve()
  }
}

export interface FakeCloud {
  readonly cloud: Cloud
  readonly transport: FakeTransport
  readonly clock: FakeClock
  readonly logged: string[]
  readonly masked: string[]
}

/** A connection over a scripted transport, with a token that cannot be renewed unless said otherwise. */
export function fakeCloud(
  steps: readonly Step[],
  options: {
    credentials?: Credentials
    endpoint?: string
    signal?: AbortSignal
    retry?: Partial<RetryPolicy>
  } = {},
): FakeCloud {
  const transport = new FakeTransport(...steps)
  const clock = new FakeClock()
  const logged: string[] = []
  const masked: string[] = []
  const credentials = options.credentials ?? { kind: 'token', token: new Secret('t1.given') }
  const cloud = openCloud(
    { credentials, endpoint: new URL(options.endpoint ?? DEFAULT_ENDPOINT) },
    {
      transport: transport.send,
      clock,
      signal: options.signal ?? new AbortController().signal,
      log: (message) => logged.push(message),
      mask: (value) => masked.push(value),
      retry: options.retry,
    },
  )
  return { cloud, transport, clock, logged, masked }
}

/** What a promise rejects with; fails when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new TypeError('the promise was expected to reject')
}

/** What a function throws; fails when it returns. */
export function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new TypeError('the function was expected to throw')
}

let rsa: { privateKey: KeyObject; publicKey: KeyObject } | undefined

/** One RSA key for all tests of a file, since making one takes a while. */
export function rsaKeys(): { privateKey: KeyObject; publicKey: KeyObject } {
  return (rsa ??= generateKeyPairSync('rsa', { modulusLength: 2048 }))
}

/** The file that `yc iam key create` writes. */
export function keyFile(pem = pemOf(rsaKeys().privateKey)): Record<string, string> {
  return {
    id: 'ajek0000000000000000',
    service_account_id: 'aje00000000000000000',
    created_at: '2026-01-01T00:00:00Z',
    key_algorithm: 'RSA_2048',
    public_key: rsaKeys().publicKey.export({ type: 'spki', format: 'pem' }) as string,
    private_key: `PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajek0000000000000000>\n${pem}`,
  }
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

/** A promise that is settled from outside. */
export function deferred<T>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (reason: Error) => void
} {
  let settle: { resolve: (value: T) => void; reject: (reason: Error) => void } | undefined
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  if (!settle) throw new TypeError('a promise runs its executor at once')
  return { promise, ...settle }
}
