/** Faults on demand, records, and latency. */

import { describe, expect, test } from '@jest/globals'
import type { FaultEffect } from '../../emulator/index.ts'
import { withEmulator } from './harness.ts'

const PATH = '/functions/v1/functions'

describe('a fault', () => {
  test('answers in place of the effect', () =>
    withEmulator({ buildMs: 0 }, async ({ fault, functions, folderId }, api) => {
      fault({
        method: 'POST',
        path: /^\/functions\/v1\/functions$/,
        effect: { kind: 'status', status: 503, headers: { 'retry-after': '1' } },
      })
      const refused = await api.post(PATH, { folderId, name: 'hello' })
      expect(refused).toMatchObject({ status: 503, json: { code: 14 } })
      expect(refused.headers.get('retry-after')).toBe('1')
      expect(functions()).toEqual([])
      expect((await api.post(PATH, { folderId, name: 'hello' })).status).toBe(200)
    }))

  test.each([
    ['<html></html>', '<html></html>'],
    [{ error: { grpcCode: 14 } }, '{"error":{"grpcCode":14}}'],
  ])('answers with the body that was asked for: %j', (body, expected) =>
    withEmulator({}, async ({ fault, endpoint }) => {
      fault({ path: /endpoints/, effect: { kind: 'status', status: 502, body } })
      const answer = await fetch(`${endpoint}/endpoints`)
      expect(answer.status).toBe(502)
      await expect(answer.text()).resolves.toBe(expected)
    }),
  )

  const broken: [FaultEffect['kind'], FaultEffect, number][] = [
    ['drop', { kind: 'drop' }, 0],
    ['lose-answer', { kind: 'lose-answer' }, 1],
    ['truncate', { kind: 'truncate' }, 1],
  ]
  test.each(broken)('of kind %s breaks the answer', (_, effect, made) =>
    withEmulator({ buildMs: 0 }, async ({ fault, functions, folderId, requests }, api) => {
      fault({ path: /functions$/, effect })
      await expect(api.post(PATH, { folderId, name: 'hello' })).rejects.toThrow()
      expect(functions()).toHaveLength(made)
      expect(requests).toHaveLength(1)
    }),
  )

  test('replaces the answer after the effect', () =>
    withEmulator({ buildMs: 0 }, async ({ fault, functions, folderId, endpoint }, api) => {
      fault({ path: /functions$/, effect: { kind: 'raw', body: '<html>', status: 200 } })
      const answer = await fetch(endpoint + PATH, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ folderId, name: 'hello' }),
      })
      await expect(answer.text()).resolves.toBe('<html>')
      expect(functions()).toHaveLength(1)
    }))

  test('delays', () =>
    withEmulator({}, async ({ fault, endpoint, requests }) => {
      fault({ path: /endpoints/, effect: { kind: 'delay', ms: 80 } })
      expect((await fetch(`${endpoint}/endpoints`)).status).toBe(200)
      expect(requests[0]?.durationMs).toBeGreaterThanOrEqual(79)
    }))

  test('lets requests through first, and strikes as often as it says', () =>
    withEmulator({}, async ({ fault, clearFaults, endpoint }) => {
      const status = async () => (await fetch(`${endpoint}/endpoints`)).status
      const effect = { kind: 'status', status: 500 } as const
      fault({ path: /endpoints/g, skip: 1, times: 2, effect })
      expect([await status(), await status(), await status(), await status()]).toEqual([
        200, 500, 500, 200,
      ])
      fault({ path: /endpoints/, times: Infinity, effect })
      expect([await status(), await status(), await status()]).toEqual([500, 500, 500])
      clearFaults()
      expect(await status()).toBe(200)
    }))

  test('is for one method and path, on every listener', () =>
    withEmulator({}, async ({ fault, storageEndpoint, addBucket }, api) => {
      addBucket({ name: 'packages' })
      fault({ method: 'PUT', path: /^\/packages\//, effect: { kind: 'status', status: 503 } })
      const url = `${storageEndpoint}/packages/a.zip`
      const headers = { authorization: `Bearer ${api.token}` }
      expect((await fetch(url, { headers })).status).toBe(404)
      const answer = await fetch(url, { method: 'PUT', body: 'x', headers })
      expect(answer.status).toBe(503)
      await expect(answer.text()).resolves.toContain('<Code>SlowDown</Code>')
    }))
})

test('latency is added to calls of the API', () =>
  withEmulator({ latencyMs: 60 }, async ({ endpoint, requests }) => {
    await Promise.all([fetch(`${endpoint}/endpoints`), fetch(`${endpoint}/endpoints`)])
    for (const { durationMs } of requests) expect(durationMs).toBeGreaterThanOrEqual(59)
  }))

test('requests are recorded in order of arrival', () =>
  withEmulator({}, async ({ folderId, requests }, api) => {
    const before = Date.now()
    await api.get(`${PATH}?folderId=${folderId}&pageSize=5`)
    await api.post(PATH, { folderId, name: 'A' })
    expect(requests).toMatchObject([
      { service: 'serverless-functions', method: 'GET', path: PATH, body: 0, status: 200 },
      { method: 'POST', path: PATH, body: { folderId, name: 'A' }, status: 400 },
    ])
    expect(requests[0]?.query.get('pageSize')).toBe('5')
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${api.token}`)
    expect(requests[0]?.atMs).toBeGreaterThanOrEqual(before - 50)
    expect(requests[0]?.atMs).toBeLessThanOrEqual(Date.now() + 50)
  }))

test('an emulator closes at once, even with an operation running and a request waiting', async () => {
  const started = Date.now()
  await withEmulator({ buildMs: 60_000 }, async ({ endpoint, folderId, fault }, api) => {
    await api.post(PATH, { folderId, name: 'hello' })
    fault({ path: /endpoints/, effect: { kind: 'delay', ms: 60_000 } })
    fetch(`${endpoint}/endpoints`).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
  })
  expect(Date.now() - started).toBeLessThan(5000)
})
