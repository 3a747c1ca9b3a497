/** Operations: their states, repeated calls, cancelling, quotas. */

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { field, list, text, versionBody, withEmulator, type Json } from './harness.ts'

const FUNCTIONS = '/functions/v1/functions'
const VERSIONS = '/functions/v1/versions'

describe('an operation', () => {
  test('is pending, without done, and then done with its response', () =>
    withEmulator({ buildMs: 100 }, async ({ serviceAccountId }, api) => {
      const id = await api.createFunction('hello')
      const { json } = await api.createVersion(id)
      expect(json).toEqual({
        id: expect.stringMatching(/^d4e\w{17}$/),
        description: 'Create function version',
        createdAt: json.modifiedAt,
        createdBy: serviceAccountId,
        modifiedAt: expect.any(String),
        metadata: {
          '@type':
            'type.googleapis.com/yandex.cloud.serverless.functions.v1.CreateFunctionVersionMetadata',
          functionVersionId: expect.any(String),
        },
      })
      const done = await api.done(json)
      expect(done).toMatchObject({ id: json.id, done: true, metadata: json.metadata })
      expect(done).not.toHaveProperty('error')
      expect(text(done.modifiedAt) > text(done.createdAt)).toBe(true)
    }))

  test('that fails shows its error before it is done, and leaves no version', () =>
    withEmulator({ buildMs: 100 }, async ({ failNextBuild, versions }, api) => {
      const id = await api.createFunction('hello')
      failNextBuild({ code: 9, message: 'npm ci failed', details: [{ hint: 'x' }] })
      const { json } = await api.createVersion(id)
      const path = `/operations/${text(json.id)}`
      const states: Json[] = []
      let current = json
      while (current.done !== true) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        current = (await api.get(path)).json
        states.push(current)
      }
      const error = { code: 9, message: 'npm ci failed', details: [{ hint: 'x' }] }
      expect(states.some((state) => 'error' in state && !('done' in state))).toBe(true)
      expect(states.find((state) => 'error' in state)).toMatchObject({ error })
      expect(states.find((state) => 'error' in state)).not.toHaveProperty('done')
      expect(current).toMatchObject({ done: true, error })
      expect(versions(id)).toEqual([])
      const next = await api.createVersion(id)
      expect(await api.done(next.json)).not.toHaveProperty('error')
    }))

  test.each(['GET', 'POST'])('is cancelled by %s, and leaves no version', (method) =>
    withEmulator({ buildMs: 5000 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      const { json } = await api.createVersion(id)
      const path = `/operations/${text(json.id)}`
      const cancelled = await api.call({ method, path: `${path}:cancel` })
      expect(cancelled.json).toMatchObject({ done: true, error: { code: 1 } })
      expect((await api.get(path)).json).toEqual(cancelled.json)
      expect(versions(id)).toEqual([])
    }),
  )

  test('that is done is not changed by cancelling', () =>
    withEmulator({ buildMs: 0 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      const { json } = await api.createVersion(id)
      const path = `/operations/${text(json.id)}:cancel`
      expect((await api.call({ method: 'POST', path })).json).toEqual(json)
      expect(versions(id)).toHaveLength(1)
    }))

  test('is listed with its function', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id)
      const { json } = await api.get(`${FUNCTIONS}/${id}/operations`)
      expect(list(json.operations).map((o) => o.description)).toEqual([
        'Create function version',
        'Create function',
      ])
    }))

  test('that does not exist is not found', () =>
    withEmulator({}, async (_, api) => {
      expect(await api.get('/operations/d4e1')).toMatchObject({ status: 404, json: { code: 5 } })
    }))
})

describe('an idempotency key', () => {
  test('gives a repeated call the operation of the first, with its state of now', () =>
    withEmulator({ buildMs: 100 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      const call = {
        method: 'POST',
        path: VERSIONS,
        body: versionBody(id),
        headers: { 'idempotency-key': randomUUID() },
      }
      const [first, second] = await Promise.all([api.call(call), api.call(call)])
      expect(second.json.id).toBe(first.json.id)
      const done = await api.done(first.json)
      expect((await api.call(call)).json).toEqual(done)
      expect(versions(id)).toHaveLength(1)
    }))

  test('makes the creation of a function repeatable', () =>
    withEmulator({ buildMs: 0 }, async ({ folderId, functions }, api) => {
      const call = {
        method: 'POST',
        path: FUNCTIONS,
        body: { folderId, name: 'hello' },
        headers: { 'idempotency-key': randomUUID() },
      }
      expect((await api.call(call)).status).toBe(200)
      expect((await api.call(call)).status).toBe(200)
      expect(functions()).toHaveLength(1)
    }))

  test('of a refused call can be used again', () =>
    withEmulator({ buildMs: 0 }, async ({ folderId }, api) => {
      const headers = { 'idempotency-key': randomUUID() }
      const call = { method: 'POST', path: FUNCTIONS, headers }
      expect((await api.call({ ...call, body: { folderId, name: 'A' } })).status).toBe(400)
      expect((await api.call({ ...call, body: { folderId, name: 'abc' } })).status).toBe(200)
    }))

  test.each(['1', 'x'.repeat(36), '5b2c3d4e-0000-1000-8000-000000000000'])(
    'that is no UUID of version 4 is refused: %s',
    (key) =>
      withEmulator({ buildMs: 0 }, async ({ folderId, functions }, api) => {
        const headers = { 'idempotency-key': key }
        const body = { folderId, name: 'hello' }
        const answer = await api.call({ method: 'POST', path: FUNCTIONS, body, headers })
        expect(answer).toMatchObject({ status: 400, json: { code: 3 } })
        expect(functions()).toEqual([])
      }),
  )
})

describe('a quota', () => {
  const usage: [string, Json, string, number][] = [
    ['a function', {}, 'serverless.concurrentFunctionOperations', 10],
    ['a folder', { operationsPerFunction: 99 }, 'serverless.concurrentFolderOperations', 15],
    [
      'a cloud',
      { operationsPerFunction: 99, operationsPerFolder: 99 },
      'serverless.concurrentCloudOperations',
      20,
    ],
  ]
  test.each(usage)('bounds the operations running at once on %s', (_, quotas, name, limit) =>
    withEmulator({ buildMs: 1000, quotas }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      const answers = await Promise.all(
        Array.from({ length: limit + 2 }, () => api.createVersion(id)),
      )
      const refused = answers.filter((answer) => answer.status === 429)
      expect(refused).toHaveLength(2)
      expect(refused[0]?.json).toMatchObject({
        code: 8,
        message: `Quota limit ${name} exceeded`,
        details: [
          {},
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [{ description: expect.stringContaining(`limit ${limit}`) }],
          },
        ],
      })
      for (const { json } of answers.filter((answer) => answer.status === 200)) await api.done(json)
      expect(versions(id)).toHaveLength(limit)
      expect((await api.createVersion(id)).status).toBe(200)
    }),
  )

  test('bounds the functions of a cloud', () =>
    withEmulator({ buildMs: 0 }, async ({ folderId, functions }, api) => {
      for (let i = 0; i < 10; i += 1) await api.createFunction(`hello-${i}`)
      const { status, json } = await api.post(FUNCTIONS, { folderId, name: 'one-more' })
      expect(status).toBe(429)
      expect(json).toMatchObject({
        code: 8,
        message: 'Quota limit serverless.functions.count exceeded',
      })
      expect(functions()).toHaveLength(10)
    }))

  test('bounds the tags of a function, not counting $latest or one that moves', () =>
    withEmulator({ buildMs: 0 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      const tags = Array.from({ length: 10 }, (_, i) => `v${i}`)
      expect((await api.createVersion(id, { tag: tags })).status).toBe(200)
      expect((await api.createVersion(id, { tag: tags.slice(0, 2) })).status).toBe(200)
      expect((await api.createVersion(id, { tag: ['v11'] })).status).toBe(429)
      const last = versions(id).at(-1)?.id ?? ''
      const set = await api.post(`${VERSIONS}/${last}:setTag`, { tag: 'v11' })
      expect(set).toMatchObject({ status: 429, json: { code: 8 } })
      expect(field(set.json, 'details')).toBeDefined()
    }))
})
