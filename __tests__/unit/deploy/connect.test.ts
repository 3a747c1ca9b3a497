/** Signing in: where each credential gets its token from, and that nothing goes on after the run. */

import { describe, expect, test } from '@jest/globals'
import { Secret } from '../../../src/secret.ts'
import { connect } from '../../../src/deploy/connect.ts'
import {
  bodyText,
  FakeClock,
  FakeRunner,
  FakeTransport,
  json,
  keyFile,
  rejection,
  thrown,
  type Step,
} from '../../support/fakes.ts'
import { inputsOf } from '../../support/inputs.ts'

const TOKEN = json({ access_token: 't1.made', iamToken: 't1.made', expires_in: 3600 })

function start(given: Record<string, string>, metadataAddress?: string, steps: Step[] = [TOKEN]) {
  const transport = new FakeTransport(...steps)
  const runner = new FakeRunner()
  runner.idTokenRequest = { url: 'https://oidc.example/token?v=2', token: new Secret('right') }
  const connection = connect(inputsOf(given), {
    runner,
    log: () => undefined,
    clock: new FakeClock(),
    transport: transport.send,
    signal: new AbortController().signal,
    metadataAddress,
  })
  if (!connection) throw new TypeError('there is no credential')
  return { ...connection, transport, runner }
}

describe('a credential', () => {
  test('that is a token is used as it is', async () => {
    const { cloud, transport } = start({})
    expect((await cloud.tokens.get()).reveal()).toBe('t1.token')
    expect(transport.requests).toEqual([])
  })

  test('that is a key is exchanged at IAM', async () => {
    const key = JSON.stringify(keyFile())
    const { cloud, transport, runner } = start({
      'yc-iam-token': '',
      'yc-sa-json-credentials': key,
    })
    expect((await cloud.tokens.get()).reveal()).toBe('t1.made')
    expect(transport.requests[0]?.url.host).toBe('iam.api.cloud.yandex.net')
    expect(runner.masked).toContain('t1.made')
  })

  test.each([
    ['', 'GET /token?v=2'],
    ['https://aud.example', 'GET /token?v=2&audience=https%3A%2F%2Faud.example'],
  ])(
    'that is a federation asks GitHub for a token for the audience %j',
    async (audience, asked) => {
      const given = { 'yc-iam-token': '', 'yc-sa-id': 'aje1', 'oidc-audience': audience }
      const { cloud, transport, runner } = start(given, undefined, [json({ value: 'jwt' }), TOKEN])
      expect((await cloud.tokens.get()).reveal()).toBe('t1.made')
      expect(transport.requests[0]?.url.host).toBe('oidc.example')
      expect(transport.lines[0]).toBe(asked)
      expect(transport.requests[0]?.headers.authorization).toBe('Bearer right')
      const form = new URLSearchParams(bodyText(transport.requests[1]))
      expect(form.get('subject_token')).toBe('jwt')
      expect(runner.masked).toEqual(['right', 'jwt', 't1.made'])
    },
  )

  test.each([
    [undefined, 'http://169.254.169.254'],
    ['', 'http://169.254.169.254'],
    ['127.0.0.1:81', 'http://127.0.0.1:81'],
    ['http://localhost:82', 'http://localhost:82'],
  ])('that is the metadata of a VM is read at %j', async (address, origin) => {
    const { cloud, transport } = start(
      { 'yc-iam-token': '', 'yc-instance-metadata': 'true' },
      address,
    )
    expect((await cloud.tokens.get()).reveal()).toBe('t1.made')
    expect(transport.requests[0]?.url.origin).toBe(origin)
  })

  test('that is metadata at no address says so', () => {
    const given = { 'yc-iam-token': '', 'yc-instance-metadata': 'true' }
    expect(thrown(() => start(given, 'a b'))).toMatchObject({
      code: 'INPUT_INVALID',
      message: 'YC_METADATA_ADDR is "a b", not host[:port].',
    })
  })
})

test('a connection that is closed sends nothing more', async () => {
  const { cloud, close, transport } = start({})
  close()
  await rejection(
    cloud.api.call({
      what: 'ask',
      service: 'serverless-functions',
      method: 'GET',
      path: '/',
      read: (value) => value,
    }),
  )
  expect(cloud.signal.aborted).toBe(true)
  expect(transport.requests).toEqual([])
})
