/** A plain client of the emulator for its own tests: real sockets, no code of the action. */

import { constants, createPrivateKey, sign } from 'node:crypto'
import { ZipArchive } from 'archiver'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/index.ts'

/** Starts an emulator for the duration of `use`. */
export async function withEmulator(
  options: EmulatorOptions,
  use: (emulator: Emulator, api: Client) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(options)
  try {
    await use(emulator, new Client(emulator))
  } finally {
    await emulator.close()
  }
}

/** A JSON object of which nothing is known. */
export type Json = Record<string, unknown>

/** An answer, read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: Json
}

/** A call of the API. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
}

/** Calls the API with a valid token. */
export class Client {
  readonly #emulator: Emulator
  token: string

  constructor(emulator: Emulator) {
    this.#emulator = emulator
    this.token = emulator.mintToken()
  }

  async call(request: ApiRequest): Promise<Answer> {
    const { method, path, body, headers } = request
    const response = await fetch(this.#emulator.endpoint + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return read(response)
  }

  get(path: string): Promise<Answer> {
    return this.call({ method: 'GET', path })
  }

  post(path: string, body: Json): Promise<Answer> {
    return this.call({ method: 'POST', path, body })
  }

  /** Polls an operation until it is done. */
  async done(operation: Json): Promise<Json> {
    let current = operation
    while (current.done !== true) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      current = (await this.get(`/operations/${text(operation.id)}`)).json
    }
    return current
  }

  /** Creates a function and gives its id. */
  async createFunction(name: string): Promise<string> {
    const { folderId } = this.#emulator
    const { json } = await this.post('/functions/v1/functions', { folderId, name })
    return text(field(await this.done(json), 'response').id)
  }

  /** Asks for a version of a function. */
  createVersion(functionId: string, changes: Json = {}): Promise<Answer> {
    return this.post('/functions/v1/versions', versionBody(functionId, changes))
  }
}

/** A valid body of createVersion; a change to `undefined` leaves a field out. */
export function versionBody(functionId: string, changes: Json = {}): Json {
  return {
    functionId,
    runtime: 'nodejs22',
    entrypoint: 'index.handler',
    resources: { memory: '134217728' },
    executionTimeout: '5s',
    content: HELLO.toString('base64'),
    ...changes,
  }
}

/** Reads an answer whose body is a JSON object. */
export async function read(response: Response): Promise<Answer> {
  const json: unknown = await response.json()
  return { status: response.status, headers: response.headers, json: object(json) }
}

export function object(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object')
  return { ...value }
}

export function field(of: Json, name: string): Json {
  return object(of[name])
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : []
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a string')
  return value
}

/** A zip with these files. */
export async function zip(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = new ZipArchive()
  for (const [name, content] of Object.entries(files)) archive.append(content, { name })
  await archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A package whose function answers its own version id. */
export const HELLO = await zip({
  'index.js': `exports.handler = async (event, context) =>
    ({ statusCode: 200, headers: { 'X-Version': context.functionVersion }, body: 'hello' })`,
})

/** What a JWT for IAM is made of; every part can be spoilt. */
export interface JwtParts {
  readonly header?: Json
  readonly claims?: Json
  readonly saltLength?: number
}

/** Signs a JWT with the emulator's key, correct but for the parts given. */
export function signJwt(emulator: Emulator, parts: JwtParts = {}): string {
  const key = object(JSON.parse(emulator.keyJson))
  const now = Math.floor(Date.now() / 1000)
  const header = { typ: 'JWT', alg: 'PS256', kid: key.id, ...parts.header }
  const claims = {
    iss: key.service_account_id,
    aud: 'https://iam.api.cloud.yandex.net/iam/v1/tokens',
    iat: now,
    exp: now + 3600,
    ...parts.claims,
  }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode(header)}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(signed), {
    key: createPrivateKey(text(key.private_key)),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: parts.saltLength ?? 32,
  })
  return `${signed}.${signature.toString('base64url')}`
}
