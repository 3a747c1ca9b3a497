/** An IAM token for a service account's authorized key: a signed JWT exchanged at IAM. */

import { constants, sign, type KeyObject } from 'node:crypto'
import { readJson } from '../http/answer.ts'
import { ApiError } from '../http/api-error.ts'
import { readIamToken, type IamToken, type TokenDeps } from './token.ts'

/** The parts of an authorized key that are needed to sign. */
export interface ServiceAccountKey {
  readonly id: string
  readonly serviceAccountId: string
  readonly privateKey: KeyObject
}

/** The audience at the default root: https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa */
const JWT_AUDIENCE = 'https://iam.api.cloud.yandex.net/iam/v1/tokens'

/** The longest lifetime that IAM accepts, in seconds. */
const JWT_LIFETIME_SECONDS = 3600

/** IAM refuses a JWT from the future, and the clock of a runner may be fast. */
const CLOCK_SKEW_SECONDS = 30

/** Throws DeployError AUTH_FAILED when IAM refuses the key. */
export async function exchangeKey(key: ServiceAccountKey, deps: TokenDeps): Promise<IamToken> {
  const { host } = await deps.endpoints('iam')
  try {
    return await exchange({ key, audience: JWT_AUDIENCE }, deps)
  } catch (error) {
    const audience = `https://${host}/iam/v1/tokens`
    const isRefused = error instanceof ApiError && error.httpStatus < 429
    if (!isRefused || audience === JWT_AUDIENCE) throw error
    // Official SDKs disagree on the audience at other roots: some use the default one, some that of the root itself.
    try {
      return await exchange({ key, audience }, deps)
    } catch (second) {
      if (!(second instanceof ApiError)) throw second
      throw error.with({
        message: `${error.message}\nWith the audience ${audience}: ${second.message}`,
      })
    }
  }
}

async function exchange(
  { key, audience }: { key: ServiceAccountKey; audience: string },
  deps: TokenDeps,
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
    refuse: (answer) => new ApiError(answer, { what, code: 'AUTH_FAILED', topic: 'key-refused' }),
  })
}

/** PS256 with a salt as long as the digest: IAM refuses a signature with Node's default salt. */
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
