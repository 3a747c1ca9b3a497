/** A whole deployment against the emulator, from the key to the function's answer. */

import { describe, expect, test } from '@jest/globals'
import { field, list, object, read, signJwt, text, versionBody, withEmulator } from './harness.ts'

describe('a deployment', () => {
  test('goes from the key to the answer of the function', () =>
    withEmulator({ buildMs: 150 }, async (emulator, api) => {
      const endpoints = await read(await fetch(`${emulator.endpoint}/endpoints`))
      const addresses = new Map(list(endpoints.json.endpoints).map((e) => [e.id, text(e.address)]))
      const token = await read(
        await fetch(`http://${addresses.get('iam') ?? ''}/iam/v1/tokens`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ jwt: signJwt(emulator) }),
        }),
      )
      expect(token.status).toBe(200)
      api.token = text(token.json.iamToken)
      expect(api.token).toMatch(/^t1\.[A-Z0-9a-z_-]+[=]{0,2}\.[A-Z0-9a-z_-]{86}[=]{0,2}$/)

      const created = await api.post('/functions/v1/functions', {
        folderId: emulator.folderId,
        name: 'hello',
      })
      expect(created.json).not.toHaveProperty('done')
      expect(emulator.functions()).toMatchObject([{ name: 'hello', status: 'CREATING' }])
      const stored = field(await api.done(created.json), 'response')
      expect(stored).toMatchObject({ name: 'hello', status: 'ACTIVE' })

      const started = await api.createVersion(text(stored.id), { tag: ['stable'] })
      const versionId = field(started.json, 'metadata').functionVersionId
      expect(emulator.versions(text(stored.id))).toMatchObject([
        { id: versionId, status: 'CREATING', tags: [] },
      ])
      const done = await api.done(started.json)
      expect(done).not.toHaveProperty('error')
      expect(field(done, 'response')).toMatchObject({
        '@type': 'type.googleapis.com/yandex.cloud.serverless.functions.v1.Version',
        id: versionId,
        status: 'ACTIVE',
        tags: ['$latest', 'stable'],
        resources: { memory: '134217728' },
        executionTimeout: '5s',
      })

      const answer = await fetch(`${text(stored.httpInvokeUrl)}?tag=stable`, {
        headers: { authorization: `Bearer ${api.token}` },
      })
      expect(answer.headers.get('x-version')).toBe(versionId)
      await expect(answer.text()).resolves.toBe('hello')
      expect(emulator.requests.map((r) => r.service)).toEqual(
        expect.arrayContaining(['endpoint', 'iam', 'serverless-functions', 'operation']),
      )
      const recorded = emulator.requests.find((r) => r.path === '/functions/v1/versions')
      expect(object(recorded?.body)).toEqual(versionBody(text(stored.id), { tag: ['stable'] }))
    }))
})
