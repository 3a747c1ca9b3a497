/** Tokens from each kind of credential: how they are made, kept, and renewed. */

import { constants, verify } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { advise } from '../../../../src/report/advice.ts'
import { DeployError } from '../../../../src/errors.ts'
import { Secret } from '../../../../src/secret.ts'
import type { Credentials } from '../../../../src/yandex/iam/token-source.ts'
import {
  answer,
  bodyText,
  connectionError,
  deferred,
  fakeCloud,
  json,
  refusal,
  rejection,
  rsaKeys,
  type Step,
} from '../../../support/fakes.ts'
import type { HttpResponse } from '../../../../src/ports.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 0, 1)

const KEY: Credentials = {
  kind: 'key',
  key: { id: 'ajek1', serviceAccountId: 'aje1', privateKey: rsaKeys().privateKey },
}
const METADATA: Credentials = { kind: 'metadata', address: new URL('http://169.254.169.254') }

const CLAIMS = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:o/r:ref:main',
  aud: 'https://github.com/o',
}
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function federation(
  token = `${encode({ alg: 'RS256' })}.${encode(CLAIMS)}.c2lnbmF0dXJl`,
): Credentials {
  return {
    kind: 'federation',
    serviceAccountId: 'aje1',
    exchangeUrl: new URL('https://auth.example/oauth/token'),
    subjectToken: () => Promise.resolve(new Secret(token)),
  }
}

function iamToken(name: string, lifetimeMs = 12 * HOUR): HttpResponse {
  return json({ iamToken: name, expiresAt: new Date(NOW + lifetimeMs).toISOString() })
}

const source = (steps: readonly Step[], credentials: Credentials = KEY) => {
  const fake = fakeCloud(steps, { credentials })
  return { ...fake, tokens: fake.cloud.tokens }
}

const failure = async (promise: Promise<unknown>): Promise<DeployError> => {
  const error = await rejection(promise)
  expect(error).toBeInstanceOf(DeployError)
  return error as DeployError
}

describe('a given token', () => {
  const given: Credentials = { kind: 'token', token: new Secret('t1.x') }

  test('is used as it is and cannot be renewed', async () => {
    const { tokens, transport } = source([], given)
    const token = await tokens.get()
    expect(token.reveal()).toBe('t1.x')
    expect(await tokens.renew(token)).toBeUndefined()
    expect(transport.requests).toEqual([])
  })
})

describe('a token', () => {
  test('is made at the first use and kept', async () => {
    const { tokens, transport } = source([iamToken('one'), iamToken('two')])
    expect(transport.requests).toEqual([])
    const [a, b] = await Promise.all([tokens.get(), tokens.get()])
    expect([a.reveal(), b, await tokens.get()]).toEqual(['one', a, a])
    expect(transport.requests).toHaveLength(1)
  })

  test('is masked before its first use, and so is the JWT', async () => {
    const { tokens, masked, transport } = source([iamToken('one')])
    await tokens.get()
    const { jwt } = transport.body(0) as { jwt: string }
    expect(masked).toEqual([jwt, 'one'])
  })

  test('is renewed a minute before it ends', async () => {
    const { tokens, clock } = source([iamToken('one', 10 * 60_000), iamToken('two')])
    await tokens.get()
    clock.advance(9 * 60_000 - 1)
    expect((await tokens.get()).reveal()).toBe('one')
    clock.advance(1)
    expect((await tokens.get()).reveal()).toBe('two')
  })

  test.each([
    ['a key', KEY, iamToken('one', HOUR)],
    ['a federation', federation(), json({ access_token: 'one', expires_in: 3600 })],
  ])(
    'of %s lasts as long when the clock of the runner is set forward',
    async (_, credentials, issued) => {
      const { tokens, clock, transport } = source([issued], credentials)
      await tokens.get()
      clock.setForwardMs = 2 * HOUR
      clock.advance(HOUR - 60_001)
      expect((await tokens.get()).reveal()).toBe('one')
      expect(transport.requests).toHaveLength(1)
    },
  )

  test('that ends is renewed once for all that ask at the same time', async () => {
    const { tokens, clock, transport } = source([iamToken('one'), iamToken('two', 24 * HOUR)])
    await tokens.get()
    clock.advance(12 * HOUR)
    const renewed = await Promise.all([tokens.get(), tokens.get(), tokens.get()])
    expect(renewed.map((token) => token.reveal())).toEqual(['two', 'two', 'two'])
    expect(transport.requests).toHaveLength(2)
  })

  test('that several calls find refused at the same time is renewed once', async () => {
    const { tokens, transport } = source([iamToken('one'), iamToken('two'), iamToken('three')])
    const refused = await tokens.get()
    const renewed = await Promise.all([1, 2, 3].map(() => tokens.renew(refused)))
    expect(renewed.map((token) => token?.reveal())).toEqual(['two', 'two', 'two'])
    expect(transport.requests).toHaveLength(2)
  })

  test('that one call finds refused while another renews it is renewed once', async () => {
    const slow = deferred<HttpResponse>()
    const { tokens, transport } = source([iamToken('one'), () => slow.promise, iamToken('three')])
    const refused = await tokens.get()
    const first = tokens.renew(refused)
    await Promise.resolve()
    const second = tokens.renew(refused)
    slow.resolve(iamToken('two'))
    expect([(await first)?.reveal(), (await second)?.reveal()]).toEqual(['two', 'two'])
    expect(transport.requests).toHaveLength(2)
  })

  test('that was refused earlier than the renewal is told apart from the one in use', async () => {
    const { tokens, transport } = source([iamToken('one'), iamToken('two'), iamToken('three')])
    const one = await tokens.get()
    const two = await tokens.renew(one)
    expect(await tokens.renew(one)).toBe(two)
    expect(transport.requests).toHaveLength(2)
  })

  test('that still holds bridges a renewal that fails, until it ends', async () => {
    const { tokens, clock } = source([iamToken('t1.a', HOUR), answer(403), answer(403)])
    expect((await tokens.get()).reveal()).toBe('t1.a')
    await clock.sleep(HOUR - 30_000)
    expect((await tokens.get()).reveal()).toBe('t1.a')
    await clock.sleep(30_000)
    expect((await failure(tokens.get())).code).toBe('AUTH_FAILED')
  })

  test('that could not be made is tried again by the next who asks', async () => {
    const down = Array.from({ length: 17 }, () => answer(503))
    const { tokens } = source([...down, iamToken('one')])
    expect((await failure(tokens.get())).code).toBe('API_UNREACHABLE')
    expect((await tokens.get()).reveal()).toBe('one')
  })

  test('whose renewal failed is renewed by the next who asks', async () => {
    const down = Array.from({ length: 17 }, () => answer(503))
    const { tokens } = source([iamToken('one'), ...down, iamToken('two')])
    const refused = await tokens.get()
    await failure(tokens.renew(refused))
    expect((await tokens.get()).reveal()).toBe('two')
  })

  test.each([
    ['no end', {}],
    ['an end that is no date', { expiresAt: 'soon' }],
  ])('with %s is taken for an hour', async (_, end) => {
    const { tokens, clock, transport } = source([
      json({ iamToken: 'one', ...end }),
      iamToken('two'),
    ])
    await tokens.get()
    clock.advance(HOUR - 60_001)
    await tokens.get()
    expect(transport.requests).toHaveLength(1)
    clock.advance(1)
    expect((await tokens.get()).reveal()).toBe('two')
  })

  test.each([
    ['no token', {}],
    ['an empty token', { iamToken: '' }],
    ['a token that is no text', { iamToken: 7 }],
    ['a list', []],
  ])('is asked for again when the answer has %s', async (_, body) => {
    const { tokens } = source([json(body), iamToken('one')])
    expect((await tokens.get()).reveal()).toBe('one')
  })
})

describe('the key of a service account', () => {
  const decode = (part: string | undefined): unknown =>
    JSON.parse(Buffer.from(part ?? '', 'base64url').toString())

  test('signs a JWT that the public key verifies with the salt that IAM wants', async () => {
    const { tokens, transport } = source([iamToken('one')])
    await tokens.get()
    const { jwt } = transport.body(0) as { jwt: string }
    const [header, claims, signature] = jwt.split('.')
    expect(decode(header)).toEqual({ typ: 'JWT', alg: 'PS256', kid: 'ajek1' })
    expect(decode(claims)).toEqual({
      iss: 'aje1',
      aud: 'https://iam.api.cloud.yandex.net/iam/v1/tokens',
      iat: NOW / 1000 - 30,
      exp: NOW / 1000 - 30 + 3600,
    })
    const isValid = (saltLength: number): boolean =>
      verify(
        'sha256',
        Buffer.from(`${header ?? ''}.${claims ?? ''}`),
        { key: rsaKeys().publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
        Buffer.from(signature ?? '', 'base64url'),
      )
    expect([isValid(32), isValid(222)]).toEqual([true, false])
  })

  test('has whole seconds in the JWT', async () => {
    const { tokens, clock, transport } = source([iamToken('one')])
    clock.advance(999)
    await tokens.get()
    const { jwt } = transport.body(0) as { jwt: string }
    expect(decode(jwt.split('.')[1])).toMatchObject({ iat: NOW / 1000 - 30 })
  })

  test('is exchanged at IAM', async () => {
    const { tokens, transport } = source([iamToken('one')])
    await tokens.get()
    const [request] = transport.requests
    expect([request?.method, request?.url.href]).toEqual([
      'POST',
      'https://iam.api.cloud.yandex.net/iam/v1/tokens',
    ])
    expect(request?.headers).toEqual({
      'content-type': 'application/json',
      accept: 'application/json',
    })
    expect(Object.keys(transport.body(0) as object)).toEqual(['jwt'])
  })

  test.each([
    [400, refusal(3, 'JWT is bad')],
    [401, refusal(16, 'The key was not found')],
    [404, refusal(5, 'no account')],
  ])('that IAM refuses is AUTH_FAILED, with what to check: HTTP %i', async (status, refused) => {
    const { tokens, transport } = source([refused])
    const error = await failure(tokens.get())
    const { jwt } = transport.body(0) as { jwt: string }
    expect(error.code).toBe('AUTH_FAILED')
    expect(error.message).toContain(
      `Could not exchange the key ajek1 of the service account aje1 for an IAM token: HTTP ${status}`,
    )
    expect(advise(error).hint).toContain('yc iam key list')
    expect(JSON.stringify([error.message, advise(error), error.details])).not.toContain(jwt)
  })
})

describe('the key of a service account at another root', () => {
  const ROOT = json({ endpoints: [{ id: 'iam', address: 'iam.root.example:443' }] })
  const USUAL = 'https://iam.api.cloud.yandex.net/iam/v1/tokens'
  const at = (...steps: Step[]) => {
    const fake = fakeCloud([ROOT, ...steps], { credentials: KEY, endpoint: 'https://root.example' })
    const audiences = (): unknown[] =>
      fake.transport.requests.slice(1).map((request) => {
        const { jwt } = JSON.parse(bodyText(request)) as { jwt: string }
        const claims = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()
        return (JSON.parse(claims) as { aud: unknown }).aud
      })
    return { ...fake, tokens: fake.cloud.tokens, audiences }
  }

  test('signs for the usual audience first', async () => {
    const { tokens, audiences } = at(iamToken('one'))
    await tokens.get()
    expect(audiences()).toEqual([USUAL])
  })

  test.each([400, 401, 403])(
    'signs once more for the audience of that root after HTTP %i',
    async (status) => {
      const { tokens, audiences, masked } = at(answer(status), iamToken('one'))
      expect((await tokens.get()).reveal()).toBe('one')
      expect(audiences()).toEqual([USUAL, 'https://iam.root.example/iam/v1/tokens'])
      expect(masked).toHaveLength(3)
    },
  )

  test('is refused when neither audience is accepted', async () => {
    const { tokens, audiences } = at(answer(400), refusal(16, 'The key was not found'))
    const error = await failure(tokens.get())
    expect(error).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringMatching(
        /HTTP 400.*\nWith the audience https:\/\/iam\.root\.example\/.*The key was not found/,
      ),
      details: { 'HTTP status': '400' },
    })
    expect(advise(error).hint).toContain('yc iam key list')
    expect(audiences()).toHaveLength(2)
  })

  test('is not signed again while IAM takes no more requests', async () => {
    const { tokens, audiences } = at(answer(429))
    await failure(tokens.get())
    expect(new Set(audiences())).toEqual(new Set([USUAL]))
  })
})

describe('a federation', () => {
  const TOKEN = json({ access_token: 't1.fed', token_type: 'Bearer', expires_in: 3600 })

  test('exchanges the OIDC token for one of the service account', async () => {
    const { tokens, transport, masked } = source([TOKEN], federation('a.b.c'))
    expect((await tokens.get()).reveal()).toBe('t1.fed')
    expect(masked).toEqual(['t1.fed'])
    const [request] = transport.requests
    expect([request?.method, request?.url.href]).toEqual([
      'POST',
      'https://auth.example/oauth/token',
    ])
    expect(request?.headers).toEqual({
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    })
    expect(Object.fromEntries(new URLSearchParams(bodyText(request)))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'aje1',
      subject_token: 'a.b.c',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    })
  })

  test('is asked again when its token ends, in seconds from now', async () => {
    const { tokens, clock, transport } = source([TOKEN], federation())
    await tokens.get()
    clock.advance(3540_000 - 1)
    await tokens.get()
    expect(transport.requests).toHaveLength(1)
    clock.advance(1)
    await tokens.get()
    expect(transport.requests).toHaveLength(2)
  })

  test.each<[string, HttpResponse, string, Record<string, string>?]>([
    [
      'in OAuth style',
      json({ error: 'invalid_grant', error_description: 'no such subject' }, { status: 400 }),
      'HTTP 400: invalid_grant: no such subject',
    ],
    ['with an error alone', json({ error: 'denied' }, { status: 401 }), 'HTTP 401: denied'],
    [
      'in the style of the API',
      refusal(7, 'not allowed'),
      'HTTP 403: not allowed',
      { 'gRPC code': 'PERMISSION_DENIED' },
    ],
    ['as text', answer(403, 'go away'), 'HTTP 403: go away'],
    ['without a word', answer(403), 'HTTP 403: no text in the body'],
  ])('that refuses %s shows what the token says of itself', async (_, refused, told, more = {}) => {
    const { tokens } = source([refused], federation())
    const error = await failure(tokens.get())
    expect(error.code).toBe('AUTH_FAILED')
    expect(error.message).toBe(
      `The exchange of the OIDC token for an IAM token of the service account aje1 was refused: ${told}`,
    )
    expect(advise(error).hint).toContain(`the subject ${CLAIMS.sub}`)
    expect(advise(error).hint).toContain(`the issuer ${CLAIMS.iss} and the audience ${CLAIMS.aud}`)
    expect(error.details).toEqual({
      ...CLAIMS,
      'HTTP status': String(refused.status),
      ...more,
    })
    expect(JSON.stringify([error.message, advise(error), error.details])).not.toContain(
      'c2lnbmF0dXJl',
    )
  })

  test.each([
    ['not.a.jwt', '(none)', '(none)'],
    ['', '(none)', '(none)'],
    [`x.${encode([])}.y`, '(none)', '(none)'],
    [`x.${encode({ sub: 5, aud: ['a', 'b'] })}.y`, '(none)', 'a, b'],
  ])('that refuses the odd token %j says so', async (token, sub, aud) => {
    const { tokens } = source([answer(400)], federation(token))
    expect((await failure(tokens.get())).details).toMatchObject({ iss: '(none)', sub, aud })
  })

  test('has its own way to fail when GitHub gives no token', async () => {
    const own = new DeployError('AUTH_FAILED', 'no id-token: write')
    const { tokens, transport } = source([TOKEN], {
      kind: 'federation',
      serviceAccountId: 'aje1',
      exchangeUrl: new URL('https://auth.example/'),
      subjectToken: () => Promise.reject(own),
    })
    expect(await rejection(tokens.get())).toBe(own)
    expect(transport.requests).toEqual([])
  })
})

describe('the metadata of a VM', () => {
  test('gives a token directly, without a proxy, with a second to connect', async () => {
    const { tokens, transport, masked } = source(
      [json({ access_token: 't1.vm', expires_in: 3600 })],
      METADATA,
    )
    expect((await tokens.get()).reveal()).toBe('t1.vm')
    expect(masked).toEqual(['t1.vm'])
    expect(transport.requests[0]).toMatchObject({
      method: 'GET',
      headers: { 'metadata-flavor': 'Google', accept: 'application/json' },
      direct: true,
      connectTimeoutMs: 1000,
    })
    expect(transport.requests[0]?.url.href).toBe(
      'http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token',
    )
  })

  test.each([
    [404, 'attach one with `yc compute instance update'],
    [403, 'Google-style requests'],
  ])('that refuses says why: HTTP %i', async (status, hint) => {
    const { tokens, transport } = source([answer(status)], METADATA)
    const error = await failure(tokens.get())
    expect(error.code).toBe('AUTH_FAILED')
    expect(error.message).toBe(
      `The metadata service at 169.254.169.254 refused a token: HTTP ${status}.`,
    )
    expect(advise(error).hint).toContain(hint)
    expect(transport.requests).toHaveLength(1)
  })

  test('that is not there is AUTH_FAILED within seconds, since this is no such VM', async () => {
    const { tokens, clock } = source([connectionError('ETIMEDOUT')], METADATA)
    const error = await failure(tokens.get())
    expect(error.code).toBe('AUTH_FAILED')
    expect(error.message).toContain('The metadata service at 169.254.169.254 did not answer: ')
    expect(advise(error).hint).toContain('self-hosted runner on a Yandex Compute VM')
    expect(clock.now() - NOW).toBeLessThanOrEqual(5_000)
  })

  test('that answers nonsense is not said to be missing', async () => {
    const { tokens } = source([answer(200, '<html>')], METADATA)
    expect((await failure(tokens.get())).code).toBe('API_UNEXPECTED')
  })
})
