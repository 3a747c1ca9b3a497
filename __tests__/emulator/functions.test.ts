/** Functions: names, lists, filters, pages, changes. */

import { describe, expect, test } from '@jest/globals'
import { field, list, object, text, withEmulator, type Json } from './harness.ts'

const PATH = '/functions/v1/functions'

describe('creating a function', () => {
  const bad: [string, Json, string][] = [
    ['a name that begins with a digit', { name: '1abc' }, 'name'],
    ['a name of two characters', { name: 'ab' }, 'name'],
    ['a name with capitals', { name: 'Hello' }, 'name'],
    ['a name that ends with a hyphen', { name: 'hello-' }, 'name'],
    ['a name of 64 characters', { name: 'a'.repeat(64) }, 'name'],
    ['a name that is no text', { name: 1 }, 'name'],
    ['a description of 601 characters', { description: 'x'.repeat(601) }, 'description'],
    ['an unknown field', { nmae: 'hello' }, 'nmae'],
    ['a label with a capital in its value', { labels: { team: 'Core' } }, 'labels.team'],
    ['a label with a bad key', { labels: { '1': 'x' } }, 'labels.1'],
    ['a label that is no text', { labels: { team: 1 } }, 'labels.team'],
    ['labels as a list', { labels: [] }, 'labels'],
    [
      'more than 64 labels',
      { labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, ''])) },
      'labels',
    ],
  ]
  test.each(bad)('is refused with %s', (_, body, name) =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const { status, json } = await api.post(PATH, { folderId: emulator.folderId, ...body })
      expect({ status, code: json.code }).toEqual({ status: 400, code: 3 })
      const [, badRequest] = list(json.details)
      expect(list(badRequest?.fieldViolations).map((v) => v.field)).toEqual([name])
      expect(emulator.functions()).toEqual([])
    }),
  )

  test('is refused in an unknown folder, which is named', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const { status, json } = await api.post(PATH, { folderId: 'default', name: 'hello' })
      expect(status).toBe(404)
      expect(json).toMatchObject({ code: 5, message: 'Folder with id default not found' })
    }))

  test('is refused when the name is taken, even by one that is still being created', () =>
    withEmulator({ buildMs: 200 }, async ({ folderId, functions }, api) => {
      const body = { folderId, name: 'hello', labels: { team: 'core' } }
      const both = await Promise.all([api.post(PATH, body), api.post(PATH, body)])
      expect(both.map((answer) => answer.status).sort()).toEqual([200, 409])
      expect(both.find((answer) => answer.status === 409)?.json).toMatchObject({ code: 6 })
      expect(functions()).toHaveLength(1)
    }))

  test('needs no name', () =>
    withEmulator({ buildMs: 0 }, async ({ folderId, functions }, api) => {
      await api.post(PATH, { folderId })
      await api.post(PATH, { folderId })
      expect(functions().map((f) => f.name)).toEqual(['', ''])
    }))

  test('is answered when it is done if operations take no time', () =>
    withEmulator({ buildMs: 0 }, async ({ folderId }, api) => {
      const { json } = await api.post(PATH, { folderId, name: 'hello' })
      expect(json).toMatchObject({ done: true, response: { name: 'hello', status: 'ACTIVE' } })
    }))

  test('comes before creating a version of it', () =>
    withEmulator({ buildMs: 1000 }, async ({ folderId }, api) => {
      const { json } = await api.post(PATH, { folderId, name: 'hello' })
      const id = text(field(json, 'metadata').functionId)
      const version = await api.createVersion(id)
      expect(version).toMatchObject({ status: 400, json: { code: 9 } })
    }))
})

describe('listing functions', () => {
  test('pages through everything in the order of creation', () =>
    withEmulator({ buildMs: 0, quotas: { functionsPerCloud: 100 } }, async (emulator, api) => {
      const names = Array.from({ length: 7 }, (_, i) => `hello-${i}`)
      for (const name of names) await api.createFunction(name)
      const seen: unknown[] = []
      let token = ''
      do {
        const query = `folderId=${emulator.folderId}&pageSize=3&pageToken=${token}`
        const { json } = await api.get(`${PATH}?${query}`)
        seen.push(list(json.functions).map((f) => f.name))
        token = typeof json.nextPageToken === 'string' ? json.nextPageToken : ''
      } while (token !== '')
      expect(seen).toEqual([names.slice(0, 3), names.slice(3, 6), names.slice(6)])
    }))

  test('finds one by its exact name', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      for (const name of ['hello', 'hello-2']) await api.createFunction(name)
      const filter = encodeURIComponent('name="hello"')
      const { json } = await api.get(`${PATH}?folderId=${emulator.folderId}&filter=${filter}`)
      expect(list(json.functions).map((f) => f.name)).toEqual(['hello'])
    }))

  test('leaves out an empty list', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      expect((await api.get(`${PATH}?folderId=${emulator.folderId}`)).json).toEqual({})
    }))

  const bad: [string, string, number][] = [
    ['no folder', '', 400],
    ['an unknown folder', 'folderId=b1g', 404],
    ['a page too large', 'folderId=F&pageSize=1001', 400],
    ['a page size that is no number', 'folderId=F&pageSize=ten', 400],
    ['a made-up page token', 'folderId=F&pageToken=abc', 400],
    ['an unknown parameter', 'folderId=F&page=2', 400],
    ['a parameter given twice', 'folderId=F&folderId=F', 400],
    ['a filter with single quotes', "folderId=F&filter=name='hello'", 400],
    ['a filter with spaces', 'folderId=F&filter=name%20=%20"hello"', 400],
    ['a filter without quotes', 'folderId=F&filter=name=hello', 400],
    ['a filter on another field', 'folderId=F&filter=status="ACTIVE"', 400],
  ]
  test.each(bad)('is refused with %s', (_, query, status) =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const answer = await api.get(`${PATH}?${query.replaceAll('=F', `=${emulator.folderId}`)}`)
      expect(answer.status).toBe(status)
    }),
  )
})

describe('changing a function', () => {
  const before = { name: 'hello', description: 'old', labels: { team: 'core' } }
  const cases: [string, Json, Json][] = [
    [
      'changes what the mask names',
      { updateMask: 'description', description: 'new' },
      { ...before, description: 'new' },
    ],
    [
      'leaves alone what is sent outside the mask',
      { updateMask: 'description', description: 'new', name: 'other' },
      { ...before, description: 'new' },
    ],
    [
      'resets what the mask names and the body lacks',
      { updateMask: 'description,labels' },
      { name: 'hello', description: '', labels: {} },
    ],
    [
      'resets everything not sent when there is no mask',
      { description: 'new' },
      { name: '', description: 'new', labels: {} },
    ],
  ]
  test.each(cases)('%s', (_, body, after) =>
    withEmulator({ buildMs: 0 }, async ({ folderId, functions }, api) => {
      const { json } = await api.post(PATH, { folderId, ...before })
      const id = text(field(json, 'response').id)
      const patched = await api.call({ method: 'PATCH', path: `${PATH}/${id}`, body })
      expect(patched.status).toBe(200)
      expect(functions()).toMatchObject([after])
      expect(object((await api.get(`${PATH}/${id}`)).json)).toMatchObject({ id })
    }),
  )

  test.each([{ updateMask: 'runtime' }, { updateMask: 'labels.team' }, { id: 'x' }])(
    'is refused: %j',
    (body) =>
      withEmulator({ buildMs: 0 }, async (_, api) => {
        const path = `${PATH}/${await api.createFunction('hello')}`
        expect((await api.call({ method: 'PATCH', path, body })).status).toBe(400)
      }),
  )
})

test('a deleted function is gone with its versions', () =>
  withEmulator({ buildMs: 0 }, async (emulator, api) => {
    const id = await api.createFunction('hello')
    await api.createVersion(id)
    const deleted = await api.call({ method: 'DELETE', path: `${PATH}/${id}` })
    expect(deleted.json).toMatchObject({
      done: true,
      response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    })
    expect((await api.get(`${PATH}/${id}`)).status).toBe(404)
    expect(emulator.versions(id)).toEqual([])
  }))

test.each(['not json', '"text"', '[]', ''])(
  'a body that is no JSON object is refused: %j',
  (body) =>
    withEmulator({}, async (emulator, api) => {
      const answer = await fetch(emulator.endpoint + PATH, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
        body,
      })
      expect(answer.status).toBe(400)
    }),
)
