/** Calls of the JSON API: tokens, idempotency keys, pages. */

import { describe, expect, test } from '@jest/globals'
import type { HttpResponse } from '../../../../src/ports.ts'
import type { Credentials } from '../../../../src/yandex/iam/token-source.ts'
import {
  answer,
  connectionError,
  fakeCloud,
  json,
  refusal,
  rejection,
  rsaKeys,
  type FakeCloud,
  type Step,
} from '../../../support/fakes.ts'
import { readNamed } from '../../../../src/yandex/lookup.ts'

const UUID4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

const KEY: Credentials = {
  kind: 'key',
  key: { id: 'ajek1', serviceAccountId: 'aje1', privateKey: rsaKeys().privateKey },
}

const token = (iamToken: string): HttpResponse =>
  json({ iamToken, expiresAt: '2026-01-02T00:00:00Z' })

const CREATE = {
  what: 'create the thing',
  service: 'serverless-functions',
  method: 'POST',
  path: '/functions/v1/functions',
  body: { name: 'x' },
  read: readNamed,
} as const

const header = ({ transport }: FakeCloud, name: string): (string | undefined)[] =>
  transport.requests.map(({ headers }) => headers[name])

describe('a call', () => {
  test('goes to its service with token, body and key', async () => {
    const fake = fakeCloud([json({ id: 'd4e1', name: 'x' })])
    expect(await fake.cloud.api.call(CREATE)).toEqual({ id: 'd4e1', name: 'x' })
    const [request] = fake.transport.requests
    expect(request?.url.href).toBe(
      'https://serverless-functions.api.cloud.yandex.net/functions/v1/functions',
    )
    expect(request?.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: 'Bearer t1.given',
      'idempotency-key': expect.stringMatching(UUID4),
    })
    expect(fake.transport.body(0)).toEqual({ name: 'x' })
  })

  test('that only reads has neither body nor key, and its query encoded', async () => {
    const fake = fakeCloud([json({ id: 'i' })])
    const { body, ...rest } = CREATE
    expect(body).toBeDefined()
    await fake.cloud.api.call({ ...rest, method: 'GET', query: { filter: 'name="a&b"', x: 'é' } })
    const [request] = fake.transport.requests
    expect(request?.url.search).toBe('?filter=name%3D%22a%26b%22&x=%C3%A9')
    expect(Object.keys(request?.headers ?? {})).toEqual(['accept', 'authorization'])
    expect(request?.body).toBeUndefined()
  })

  test.each(['POST', 'PATCH'] as const)(
    'that changes keeps its key over retries: %s',
    async (method) => {
      const fake = fakeCloud([
        answer(503),
        connectionError('ECONNRESET'),
        refusal(8, 'operations'),
        answer(200, 'damaged'),
        json({ id: 'i' }),
      ])
      await fake.cloud.api.call({ ...CREATE, method })
      const keys = header(fake, 'idempotency-key')
      expect(keys).toHaveLength(5)
      expect(new Set(keys).size).toBe(1)
      expect(keys[0]).toMatch(UUID4)
    },
  )

  test('keeps its key when its token is renewed', async () => {
    const fake = fakeCloud(
      [token('one'), refusal(16, 'expired'), token('two'), json({ id: 'i' })],
      { credentials: KEY },
    )
    await fake.cloud.api.call(CREATE)
    const keys = header(fake, 'idempotency-key')
    expect(keys[1]).toMatch(UUID4)
    expect(keys).toEqual([undefined, keys[1], undefined, keys[1]])
    expect(header(fake, 'authorization')).toEqual([
      undefined,
      'Bearer one',
      undefined,
      'Bearer two',
    ])
  })

  test('has a key of its own', async () => {
    const fake = fakeCloud([json({ id: 'i' })])
    await fake.cloud.api.call(CREATE)
    await fake.cloud.api.call(CREATE)
    expect(new Set(header(fake, 'idempotency-key')).size).toBe(2)
  })

  test('that is refused twice for its token is not tried a third time', async () => {
    const fake = fakeCloud(
      [token('one'), refusal(16, 'expired'), token('two'), refusal(16, 'expired too')],
      { credentials: KEY },
    )
    expect(await rejection(fake.cloud.api.call(CREATE))).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining('expired too'),
    })
    expect(fake.transport.requests).toHaveLength(4)
  })

  test('with a given token is refused at once', async () => {
    const fake = fakeCloud([refusal(16, 'expired')])
    expect(await rejection(fake.cloud.api.call(CREATE))).toMatchObject({ code: 'AUTH_FAILED' })
    expect(fake.transport.requests).toHaveLength(1)
  })

  test('that is refused for another reason does not renew', async () => {
    const fake = fakeCloud([token('one'), refusal(7, 'no')], { credentials: KEY })
    expect(await rejection(fake.cloud.api.call(CREATE))).toMatchObject({ code: 'API_REJECTED' })
    expect(fake.transport.requests).toHaveLength(2)
  })
})

describe('a list', () => {
  const LIST = {
    what: 'list the things',
    service: 'iam',
    path: '/iam/v1/things',
    query: { folderId: 'b1g1' },
    field: 'things',
    read: readNamed,
  } as const
  const list = (...steps: Step[]) => {
    const fake = fakeCloud(steps)
    return { ...fake, result: fake.cloud.api.list(LIST) }
  }

  test('is read over all pages', async () => {
    const { result, transport } = list(
      json({ things: [{ id: '1' }], nextPageToken: 'p 2' }),
      json({ nextPageToken: 'p3' }),
      json({ things: [{ id: '2' }, { id: '3', name: 'c' }] }),
    )
    expect(await result).toEqual([
      { id: '1', name: '' },
      { id: '2', name: '' },
      { id: '3', name: 'c' },
    ])
    expect(transport.lines).toEqual([
      'GET /iam/v1/things?folderId=b1g1&pageSize=1000',
      'GET /iam/v1/things?folderId=b1g1&pageSize=1000&pageToken=p+2',
      'GET /iam/v1/things?folderId=b1g1&pageSize=1000&pageToken=p3',
    ])
  })

  test('may be empty', async () => {
    expect(await list(json({})).result).toEqual([])
  })

  test('that never ends is given up after 200 pages', async () => {
    let page = 0
    const { result, transport } = list(() => json({ nextPageToken: `p${page++}` }))
    expect(await rejection(result)).toMatchObject({
      code: 'API_UNEXPECTED',
      message: 'Could not list the things: the list has more than 200 pages.',
    })
    expect(transport.requests).toHaveLength(200)
  })

  test.each([
    ['the same page again', ['a', 'a']],
    ['a circle', ['a', 'b', 'a']],
  ])('that goes in a circle ends: %s', async (_, tokens) => {
    const { result, transport } = list(...tokens.map((nextPageToken) => json({ nextPageToken })))
    expect(await rejection(result)).toMatchObject({
      code: 'API_UNEXPECTED',
      message: 'Could not list the things: the API returned the same page token twice.',
    })
    expect(transport.requests).toHaveLength(tokens.length)
  })

  test.each([
    ['a list', []],
    ['an item without an id', { things: [{ name: 'x' }] }],
    ['an item that is none', { things: [null] }],
    ['items that are no list', { things: {} }],
    ['a token that is no text', { nextPageToken: 1 }],
  ])('of another shape is API_UNEXPECTED: %s', async (_, page) => {
    expect(await rejection(list(json(page)).result)).toMatchObject({ code: 'API_UNEXPECTED' })
  })
})

describe('the same connection under another signal', () => {
  test('keeps its token and ends with that signal', async () => {
    const fake = fakeCloud([token('one'), json({ id: 'i' })], { credentials: KEY })
    await fake.cloud.api.call(CREATE)
    const over = fake.cloud.withSignal(AbortSignal.abort(new RangeError('over')))
    expect(await rejection(over.api.call(CREATE))).toMatchObject({ message: 'over' })
    const going = fake.cloud.withSignal(new AbortController().signal)
    await going.api.call(CREATE)
    expect(header(fake, 'authorization')).toEqual([undefined, 'Bearer one', 'Bearer one'])
  })
})
