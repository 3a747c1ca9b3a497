/** IAM tokens: what is exchanged, what is refused, and how long a token is good for. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'
import { field, list, object, read, signJwt, text, type JwtParts } from './harness.ts'

let emulator: Emulator
let nowMs = Date.now()
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => nowMs, tokenLifetimeSeconds: 60 })
})
afterAll(() => emulator.close())

async function exchange(body: object) {
  const response = await fetch(`${emulator.endpoint}/iam/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return read(response)
}

const now = Math.floor(nowMs / 1000)

describe('a JWT is exchanged for an IAM token', () => {
  const good: [string, JwtParts][] = [
    ['when it is what the documentation says', {}],
    ['when it lives shorter than an hour', { claims: { exp: now + 360 } }],
    ['when the clock of the client is a little ahead', { claims: { iat: now + 5 } }],
    ['when it has a not-before time', { claims: { nbf: now } }],
  ]
  test.each(good)('%s', async (_, parts) => {
    const { status, json } = await exchange({ jwt: signJwt(emulator, parts) })
    expect(status).toBe(200)
    expect(Date.parse(text(json.expiresAt))).toBe(nowMs + 60_000)
    expect(emulator.issuedTokens).toContain(json.iamToken)
  })
})

describe('a JWT is refused', () => {
  const bad: [string, JwtParts][] = [
    ['without a kid', { header: { kid: undefined } }],
    ['with the kid of another key', { header: { kid: 'aje00000000000000000' } }],
    ['that says RS256', { header: { alg: 'RS256' } }],
    ['without a typ', { header: { typ: undefined } }],
    ['with the longest salt, which node:crypto takes by default', { saltLength: 222 }],
    ['for another audience', { claims: { aud: 'https://iam.api.cloud.yandex.net' } }],
    ['by another issuer', { claims: { iss: 'aje00000000000000000' } }],
    ['that lives longer than an hour', { claims: { iat: now, exp: now + 3601 } }],
    ['that has expired', { claims: { iat: now - 3600, exp: now - 1 } }],
    ['from the future', { claims: { iat: now + 120, exp: now + 180 } }],
    ['with an expiry in milliseconds', { claims: { exp: nowMs } }],
    ['with a time that is text', { claims: { exp: String(now + 60) } }],
    ['without an issue time', { claims: { iat: undefined } }],
  ]
  test.each(bad)('%s', async (_, parts) => {
    const { status, json } = await exchange({ jwt: signJwt(emulator, parts) })
    expect({ status, code: json.code }).toEqual({ status: 401, code: 16 })
  })

  test('whose claims were changed after it was signed', async () => {
    const [header = '', , signature = ''] = signJwt(emulator).split('.')
    const claims = signJwt(emulator, { claims: { exp: now + 60 } }).split('.')[1] ?? ''
    const { status } = await exchange({ jwt: `${header}.${claims}.${signature}` })
    expect(status).toBe(401)
  })

  test.each(['', 'nonsense', 'a.b.c'])('that is no JWT: %j', async (jwt) => {
    expect((await exchange({ jwt })).status).toBe(401)
  })
})

test.each([{}, { jwt: 'a', yandexPassportOauthToken: 'b' }, { jwt: 'a', more: 1 }, { jwt: 1 }])(
  'a request that is not exactly one credential is refused: %j',
  async (body) => {
    const { status, json } = await exchange(body)
    expect({ status, code: json.code }).toEqual({ status: 400, code: 3 })
  },
)

describe('a call', () => {
  const list = async (authorization?: string) =>
    read(
      await fetch(
        `${emulator.endpoint}/functions/v1/functions?folderId=${emulator.folderId}`,
        authorization === undefined ? {} : { headers: { authorization } },
      ),
    )

  test.each([undefined, '', 'Bearer', 'Bearer nonsense', 'Api-Key AQVN'])(
    'without a valid token is refused: %j',
    async (authorization) => {
      const { status, json, headers } = await list(authorization)
      expect(status).toBe(401)
      expect(json).toMatchObject({ code: 16, message: 'Token is invalid or has expired.' })
      expect(detail(json)).toMatchObject({
        '@type': 'type.googleapis.com/google.rpc.RequestInfo',
        requestId: headers.get('x-request-id'),
      })
    },
  )

  test('with a token is answered until the token expires', async () => {
    const authorization = `Bearer ${emulator.mintToken()}`
    expect((await list(authorization)).status).toBe(200)
    nowMs += 60_000
    expect((await list(authorization)).status).toBe(401)
  })

  test('with a token that was made invalid is refused, with a newer one answered', async () => {
    const old = emulator.mintToken()
    emulator.expireTokens()
    expect((await list(`Bearer ${old}`)).status).toBe(401)
    expect((await list(`Bearer ${emulator.mintToken()}`)).status).toBe(200)
  })

  test('carries a request id and a trace id in its answer', async () => {
    const { headers } = await list(`Bearer ${emulator.mintToken()}`)
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('x-server-trace-id')).toMatch(/^[0-9a-f]{32}$/)
  })
})

test('the key file is what the command-line tool writes', () => {
  const key = object(JSON.parse(emulator.keyJson))
  expect(Object.keys(key)).toEqual([
    'id',
    'service_account_id',
    'created_at',
    'key_algorithm',
    'public_key',
    'private_key',
  ])
  expect(emulator.keyJson).toContain('Key ID \\u003c')
  expect(key.service_account_id).toBe(emulator.serviceAccountId)
  expect(key.private_key).toMatch(
    /^PLEASE DO NOT REMOVE THIS LINE! Yandex\.Cloud SA Key ID <aje\w{17}>\n-----BEGIN PRIVATE KEY-----\n/,
  )
})

function detail(json: Record<string, unknown>): Record<string, unknown> {
  return list(json.details)[0] ?? field({ none: {} }, 'none')
}
