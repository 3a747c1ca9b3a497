/** The OIDC token of a job, asked for through a scripted transport. */

import { describe, expect, test } from '@jest/globals'
import { readIdToken } from '../../../src/github/id-token.ts'
import { Secret } from '../../../src/secret.ts'
import { answer, fakeCloud, FakeRunner, json, rejection, type Step } from '../../support/fakes.ts'

function ask(step: Step, audience?: string) {
  const { cloud, transport } = fakeCloud([step], { retry: { totalMs: 0 } })
  const masked: string[] = []
  const runner = Object.assign(new FakeRunner(), {
    idTokenRequest: { url: 'https://oidc.example/token?api-version=2.0', token: new Secret('r') },
    mask: (value: string) => masked.push(value),
  })
  return { token: readIdToken(audience, { runner, send: cloud.send }), transport, masked }
}

describe('the OIDC token', () => {
  test.each([
    [undefined, 'GET /token?api-version=2.0'],
    ['a b&c', 'GET /token?api-version=2.0&audience=a+b%26c'],
  ])('is asked for the audience %j', async (audience, line) => {
    const { token, transport, masked } = ask(json({ value: 'jwt' }), audience)
    expect((await token).reveal()).toBe('jwt')
    expect(transport.lines).toEqual([line])
    expect(transport.requests[0]?.headers.authorization).toBe('Bearer r')
    expect(masked).toEqual(['r', 'jwt'])
  })

  test.each([
    ['a refusal', answer(403, 'no'), /HTTP 403: no/],
    ['a server in trouble', answer(503), /HTTP 503/],
    ['an answer without a token', json({}), /unreadable/],
  ])('is missed after %s', async (_, step, message) => {
    const error = await rejection(ask(step).token)
    expect(error).toMatchObject({ code: 'AUTH_FAILED' })
    expect(String(error)).toMatch(message)
  })

  test.each(['', 'no address', 'ftp://oidc.example/token', 'https://[zz]/'])(
    'cannot be asked for at %j, which GitHub does not set',
    async (url) => {
      const { cloud, transport } = fakeCloud([json({ value: 'jwt' })])
      const idTokenRequest = { url, token: new Secret('r') }
      const runner = Object.assign(new FakeRunner(), { idTokenRequest })
      expect(await rejection(readIdToken(undefined, { runner, send: cloud.send }))).toMatchObject({
        code: 'AUTH_FAILED',
        message: 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL of http(s).',
      })
      expect(transport.requests).toEqual([])
    },
  )

  test('needs a permission, whose block is told', async () => {
    const { cloud, transport } = fakeCloud([json({})])
    const token = readIdToken(undefined, { runner: new FakeRunner(), send: cloud.send })
    expect(await rejection(token)).toMatchObject({
      code: 'AUTH_FAILED',
      hint: expect.stringContaining('permissions:\n  id-token: write\n'),
    })
    expect(transport.requests).toEqual([])
  })
})
