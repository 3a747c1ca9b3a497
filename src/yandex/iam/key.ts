/** An IAM token for a service account's authorized key: a signed JWT exchanged at IAM. */

import { constants, sign, type KeyObject } from 'node:crypto'
import { DeployError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import { ApiError } from '../http/api-error.ts'
import type { CredentialDeps, IamToken } from './token-source.ts'
import { readJson } from '../http/json.ts'
import { asObject, textOf } from '../wire.ts'

/** The parts of an authorized key that sign. */
export interface ServiceAccountKey {
  readonly id: string
  readonly serviceAccountId: string
  readonly privateKey: KeyObject
}

/** The audience at the usual root: https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa */
const JWT_AUDIENCE = 'https://iam.api.cloud.yandex.net/iam/v1/tokens'

/** The longest life that IAM accepts, in seconds. */
const JWT_LIFETIME_SECONDS = 3600

/** Runners' clocks run ahead now and then; a JWT from the future is refused. */
const CLOCK_SKEW_SECONDS = 30

/** Throws DeployError AUTH_FAILED when IAM refuses the key. */
export async function exchangeKey(key: ServiceAccountKey, deps: CredentialDeps): Promise<IamToken> {
  const { host } = await deps.endpoints('iam')
  try {
    return await exchange({ key, audience: JWT_AUDIENCE }, deps)
  } catch (error) {
    const audience = `https://${host}/iam/v1/tokens`
    const isRefused = error instanceof ApiError && error.httpStatus < 429
    if (!isRefused || audience === JWT_AUDIENCE) throw error
    // Official SDKs disagree on the audience at other roots: some use the usual one, some that of the root itself.
    try {
      return await exchange({ key, audience }, deps)
    } catch (second) {
      if (!(second instanceof ApiError)) throw second
      const message = `${error.message}\nWith the audience ${audience}: ${second.message}`
      const { hint, details } = error
      throw new DeployError('AUTH_FAILED', message, { cause: error, hint, details })
    }
  }
}

async function exchange(
  { key, audience }: { key: ServiceAccountKey; audience: string },
  deps: CredentialDeps,
): Promise<IamToken> {
  const jwt = signJwt(key, { audience, nowMs: deps.clock.wallTime() })
  deps.mask(jwt)
  const what = `exchange the key ${key.id} of the service account ${key.serviceAccountId} for an IAM token`
  return deps.send({
    what,
    method: 'POST',
    url: new URL('/iam/v1/tokens', await deps.endpoints('iam')),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: [Buffer.from(JSON.stringify({ jwt }))],
    read: (answer) => readIamToken(readJson(answer), { field: 'iamToken', deps }),
    refuse: (answer) =>
      new ApiError(answer, { what, code: 'AUTH_FAILED', hint: KEY_HINT, topic: 'key-refused' }),
  })
}

const KEY_HINT =
  'Check that the key still exists (`yc iam key list --service-account-id …`), belongs to this cloud, and that the clock of the runner is right. A new one: `yc iam key create --service-account-name … -o key.json`.'

/** PS256 with a salt as long as the digest: Node's default salt makes a signature that IAM refuses. */
function signJwt(
  key: ServiceAccountKey,
  { audience, nowMs }: { audience: string; nowMs: number },
): string {
  const issuedAt = Math.floor(nowMs / 1000) - CLOCK_SKEW_SECONDS
  const header = { typ: 'JWT', alg: 'PS256', kid: key.id }
  const claims = {
    iss: key.serviceAccountId,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + JWT_LIFETIME_SECONDS,
  }
  const content = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(content), {
    key: key.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  })
  return `${content}.${signature.toString('base64url')}`
}

/** Tokens live for up to 12 hours; an answer without a readable end is taken for an hour. */
const FALLBACK_LIFETIME_MS = 3_600_000

/** A token out of an answer, masked; its end stands in `expiresAt` (RFC 3339) or `expires_in` (seconds). */
export function readIamToken(
  json: unknown,
  { field, deps }: { field: string; deps: CredentialDeps },
): IamToken {
  const answer = asObject(json) ?? {}
  const value = textOf(answer, field)
  if (value === '') throw new TypeError(`"${field}" is missing`)
  deps.mask(value)
  const expiresIn = answer.expires_in
  const lifetimeMs =
    typeof expiresIn === 'number'
      ? expiresIn * 1000
      : Date.parse(textOf(answer, 'expiresAt')) - deps.clock.wallTime()
  return {
    token: new Secret(value),
    expiresAtMs: deps.clock.now() + (Number.isNaN(lifetimeMs) ? FALLBACK_LIFETIME_MS : lifetimeMs),
  }
}
