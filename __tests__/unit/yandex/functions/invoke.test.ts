import { describe, expect, test } from '@jest/globals'
import { DeployError } from '../../../../src/errors.ts'
import {
  callableUrl,
  callFunction,
  type FunctionCall,
} from '../../../../src/yandex/functions/invoke.ts'
import { answer, bodyText, connectionError, fakeCloud, rejection } from '../../../support/fakes.ts'

const CALL: FunctionCall = {
  url: new URL('https://functions.yandexcloud.net/d4f1'),
  tag: 'candidate',
  query: undefined,
  body: undefined,
  isRaw: false,
  needsToken: true,
  timeoutMs: 1_000,
}

const LOCAL = 'http://127.0.0.1:8080'

describe('the address of a function', () => {
  test.each([
    ['https://functions.yandexcloud.net/d4f1', undefined, true],
    ['https://functions.example:8443/d4f1', LOCAL, true],
    ['http://127.0.0.1:9000/d4f1', LOCAL, true],
    ['http://localhost:9000/d4f1', LOCAL, true],
    ['http://127.0.0.1:9000/d4f1', undefined, false],
    ['http://127.0.0.1.example/d4f1', LOCAL, false],
    ['http://functions.yandexcloud.net/d4f1', undefined, false],
    ['http://functions.yandexcloud.net/d4f1', LOCAL, false],
    ['https://user@functions.yandexcloud.net/d4f1', undefined, false],
    ['https://:hunter2@functions.yandexcloud.net/d4f1', undefined, false],
    ['ftp://functions.yandexcloud.net/d4f1', undefined, false],
    ['functions.yandexcloud.net/d4f1', undefined, false],
    ['', undefined, false],
  ])('%s of an API at %s can be called: %s', async (httpInvokeUrl, endpoint, expected) => {
    const endpoints = answer(
      200,
      JSON.stringify({ endpoints: [{ id: 'serverless-functions', address: '127.0.0.1:8080' }] }),
    )
    const { cloud } = fakeCloud([endpoints], endpoint === undefined ? {} : { endpoint })
    const url = await callableUrl(httpInvokeUrl, cloud)
    expect(url?.href).toBe(expected ? httpInvokeUrl : undefined)
  })
})

describe('a call', () => {
  test.each<[Partial<FunctionCall>, string]>([
    [{}, 'GET /d4f1?tag=candidate'],
    [{ query: 'a=1&b=x y' }, 'GET /d4f1?tag=candidate&a=1&b=x%20y'],
    [{ query: '#a?b' }, 'GET /d4f1?tag=candidate&%23a?b'],
    [{ isRaw: true }, 'GET /d4f1?tag=candidate&integration=raw'],
    [{ body: '{}', isRaw: true }, 'POST /d4f1?tag=candidate&integration=raw'],
    [{ url: new URL('https://f.example/d4f1?x=1#y') }, 'GET /d4f1?tag=candidate'],
  ])('with %j is %s', async (changes, line) => {
    const { cloud, transport } = fakeCloud([answer(200)])
    await callFunction({ ...CALL, ...changes }, cloud)
    expect(transport.lines).toEqual([line])
    expect(transport.requests[0]?.url.hash).toBe('')
  })

  test.each([
    ['{"a": [1]}', 'application/json'],
    ['a=1', 'text/plain; charset=utf-8'],
  ])('with the body %s says that it is %s', async (body, type) => {
    const { cloud, transport } = fakeCloud([answer(200)])
    await callFunction({ ...CALL, body }, cloud)
    expect(transport.requests[0]?.headers).toMatchObject({ 'content-type': type })
    expect(bodyText(transport.requests[0])).toBe(body)
  })

  test.each([
    [true, 'Bearer t1.given'],
    [false, undefined],
  ])('that needs a token (%s) has the header %s', async (needsToken, authorization) => {
    const { cloud, transport } = fakeCloud([answer(200)])
    await callFunction({ ...CALL, needsToken }, cloud)
    expect(transport.requests[0]?.headers.authorization).toBe(authorization)
  })

  test.each([200, 302, 403, 404, 429, 500, 502, 503])(
    'that is answered with %i is made once, and neither repeated nor redirected',
    async (status) => {
      const given = answer(status, 'body', { location: 'https://elsewhere.example/' })
      const { cloud, transport } = fakeCloud([given])
      expect(await callFunction(CALL, cloud)).toEqual({ kind: 'answered', answer: given })
      expect(transport.requests).toHaveLength(1)
    },
  )

  test.each([
    ['a reset', connectionError('ECONNRESET', 'hang up'), 'unanswered', 'ECONNRESET: hang up'],
    ['too large an answer', new RangeError('it is larger'), 'oversized', 'it is larger'],
  ])('that ends in %s is made once', async (_, error, kind, reason) => {
    const { cloud, transport } = fakeCloud([error])
    expect(await callFunction(CALL, cloud)).toMatchObject({ kind, reason })
    expect(transport.requests).toHaveLength(1)
  })

  test('that takes too long is not answered', async () => {
    const { cloud } = fakeCloud([
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error)
          })
        }),
    ])
    expect(await callFunction({ ...CALL, timeoutMs: 20 }, cloud)).toMatchObject({
      kind: 'unanswered',
      reason: 'no answer within 0 s',
    })
  })

  test('accepts no more than a function can answer', async () => {
    const { cloud, transport } = fakeCloud([answer(200)])
    await callFunction(CALL, cloud)
    expect(transport.requests[0]?.maxResponseBytes).toBe(4 * 1024 ** 2)
  })

  test('of a run that is cancelled throws the reason', async () => {
    const reason = new DeployError('CANCELLED', 'The run was cancelled.')
    const { cloud } = fakeCloud([connectionError('ECONNRESET')], {
      signal: AbortSignal.abort(reason),
    })
    expect(await rejection(callFunction(CALL, cloud))).toBe(reason)
  })

  test('through a proxy that cannot be used throws what the network says', async () => {
    const error = new DeployError('INPUT_INVALID', 'no proxy')
    const { cloud } = fakeCloud([error])
    expect(await rejection(callFunction(CALL, cloud))).toBe(error)
  })
})
