/** IAM: a signed JWT of a service account's key is exchanged for an IAM token. */

import type { KeyObject } from 'node:crypto'
import type { Route } from '../http/route.ts'
import { unauthenticated } from '../http/status.ts'
import { readMessage } from '../messages/read.ts'
import type { Message } from '../messages/schema.ts'
import type { Cloud } from '../state.ts'
import { decodeJwt, isPs256, type DecodedJwt } from './jwt.ts'
import { issueToken } from './tokens.ts'

/** The only audience that IAM takes, https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa. */
const AUDIENCE = 'https://iam.api.cloud.yandex.net/iam/v1/tokens'
const MAX_LIFETIME_SECONDS = 3600
/** How far ahead of our clock a token's `iat` may be; the real tolerance is not documented. */
const SKEW_SECONDS = 30

const CREATE_TOKEN = {
  fields: {
    jwt: { kind: 'string', maxLength: 8000 },
    yandexPassportOauthToken: { kind: 'string', maxLength: 4000 },
  },
  oneofs: [{ fields: ['jwt', 'yandexPassportOauthToken'], required: true }],
} as const satisfies Message

/** An authorized key: its public half and whose it is. */
export interface AuthorizedKey {
  readonly id: string
  readonly serviceAccountId: string
  readonly publicKey: KeyObject
}

/** `POST /iam/v1/tokens`. */
export function iamRoutes(cloud: Cloud, keys: ReadonlyMap<string, AuthorizedKey>): Route[] {
  return [
    {
      method: 'POST',
      path: '/iam/v1/tokens',
      isOpen: true,
      handle: ({ json }) => {
        const { jwt } = readMessage(CREATE_TOKEN, json)
        const decoded = decodeJwt(jwt)
        if (!decoded) throw unauthenticated('The token is invalid')
        const key = signer(decoded, keys)
        checkClaims(decoded, { key, nowSeconds: cloud.settings.clock() / 1000 })
        const { token, expiresAtMs } = issueToken(cloud, key.serviceAccountId)
        return { iamToken: token, expiresAt: new Date(expiresAtMs).toISOString() }
      },
    },
  ]
}

function signer(jwt: DecodedJwt, keys: ReadonlyMap<string, AuthorizedKey>): AuthorizedKey {
  const { kid, alg, typ } = jwt.header
  if (typeof kid !== 'string') {
    throw unauthenticated("The required field 'kid' is missing from the JWT header")
  }
  if (alg !== 'PS256') throw unauthenticated('The JWT must be signed with PS256')
  if (typ !== 'JWT') throw unauthenticated("The field 'typ' of the JWT header must be JWT")
  const key = keys.get(kid)
  if (!key) throw unauthenticated(`Key ${kid} not found`)
  if (!isPs256(jwt, key.publicKey)) throw unauthenticated('The JWT signature is invalid')
  return key
}

function checkClaims(
  jwt: DecodedJwt,
  { key, nowSeconds }: { readonly key: AuthorizedKey; readonly nowSeconds: number },
): void {
  const { iss, aud, iat, exp } = jwt.claims
  if (iss !== key.serviceAccountId) {
    throw unauthenticated('The JWT issuer is not the owner of the key')
  }
  if (aud !== AUDIENCE) throw unauthenticated(`The JWT audience must be ${AUDIENCE}`)
  if (!Number.isInteger(iat) || typeof iat !== 'number') {
    throw unauthenticated("The JWT claim 'iat' must be an integer")
  }
  if (!Number.isInteger(exp) || typeof exp !== 'number') {
    throw unauthenticated("The JWT claim 'exp' must be an integer")
  }
  if (exp - iat > MAX_LIFETIME_SECONDS || exp <= iat) {
    throw unauthenticated('The JWT lifetime must be at most 3600 seconds')
  }
  if (exp <= nowSeconds) throw unauthenticated('The JWT has expired')
  if (iat > nowSeconds + SKEW_SECONDS) throw unauthenticated('The JWT was issued in the future')
}
