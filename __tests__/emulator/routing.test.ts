/** Calling a function: who may, which version answers, how it is told, and answers that are behind the times. */

import { describe, expect, test } from '@jest/globals'
import type { Emulator, EmulatorOptions } from '../../emulator/index.ts'
import { field, read, text, withEmulator, zip, type Client, type Json } from './harness.ts'

const PUBLIC = {
  roleId: 'functions.functionInvoker',
  subject: { id: 'allUsers', type: 'system' },
}

/** Starts an emulator with a function and calls it. */
function withFunction(
  options: EmulatorOptions,
  use: (tools: {
    readonly emulator: Emulator
    readonly api: Client
    readonly functionId: string
    /** Creates a version and gives its id. */
    readonly deploy: (code?: string, changes?: Json) => Promise<string>
    readonly call: (query?: string, token?: string) => Promise<Response>
  }) => Promise<void>,
): Promise<void> {
  return withEmulator({ buildMs: 0, ...options }, async (emulator, api) => {
    const functionId = await api.createFunction('hello')
    const url = emulator.functions()[0]?.httpInvokeUrl ?? ''
    await use({
      emulator,
      api,
      functionId,
      deploy: async (code = "return { statusCode: 200, body: 'ok' }", changes = {}) => {
        const file = { 'index.js': `exports.handler = async () => { ${code} }` }
        const content = (await zip(file)).toString('base64')
        const { json } = await api.createVersion(functionId, { content, ...changes })
        return text(field(json, 'response').id)
      },
      call: (query = '', token = api.token) =>
        fetch(url + query, token === '' ? {} : { headers: { authorization: `Bearer ${token}` } }),
    })
  })
}

const versionOf = (response: Response) => response.headers.get('x-function-version-id')

describe('a private function', () => {
  test('answers those who have the right, and 403 to everybody else', () =>
    withFunction({}, async ({ emulator, deploy, call }) => {
      await deploy()
      const account = (roles: readonly string[]) =>
        emulator.mintToken(emulator.addServiceAccount({ name: 'caller', roles }).id)
      const statuses = await Promise.all(
        [
          call(),
          call('', account(['functions.functionInvoker'])),
          call('', account(['functions.editor'])),
          call('', account(['functions.viewer'])),
          call('', account([])),
          call('', 't1.made-up'),
          call('', ''),
        ].map(async (answer) => (await answer).status),
      )
      expect(statuses).toEqual([200, 200, 200, 403, 403, 403, 403])
    }))

  test('says so in JSON, without naming a version', () =>
    withFunction({}, async ({ deploy, call }) => {
      await deploy()
      const answer = await call('', '')
      expect(versionOf(answer)).toBeNull()
      expect((await read(answer)).json).toMatchObject({ errorCode: 403, errorType: 'ClientError' })
    }))

  test.each(['functions.functionInvoker', 'serverless.functions.invoker'])(
    'becomes public by the role %s for everybody',
    (roleId) =>
      withFunction({}, async ({ emulator, functionId, deploy, call }) => {
        await deploy()
        emulator.setAccessBindings(functionId, [{ ...PUBLIC, roleId }])
        expect((await call('', '')).status).toBe(200)
        expect((await call('', 't1.made-up')).status).toBe(403)
      }),
  )

  test('answers any account once all of them have the right', () =>
    withFunction({}, async ({ emulator, functionId, deploy, call }) => {
      await deploy()
      const subject = { id: 'allAuthenticatedUsers', type: 'system' }
      emulator.setAccessBindings(functionId, [{ ...PUBLIC, subject }])
      const { id } = emulator.addServiceAccount({ name: 'stranger' })
      expect((await call('', emulator.mintToken(id))).status).toBe(200)
      expect((await call('', '')).status).toBe(403)
    }))

  test('is there for everybody when the folder is public, though it has no binding of its own', () =>
    withFunction({ publicFunctions: true }, async ({ emulator, functionId, deploy, call }) => {
      await deploy()
      expect((await call('', '')).status).toBe(200)
      expect(emulator.accessBindings(functionId)).toEqual([])
    }))
})

describe('an answer', () => {
  test('names the function, the version and the request', () =>
    withFunction({}, async ({ functionId, deploy, call }) => {
      const one = await deploy(undefined, { tag: ['stable'] })
      const two = await deploy()
      const answer = await call()
      expect(answer.headers.get('x-function-id')).toBe(functionId)
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(versionOf(answer)).toBe(two)
      expect(versionOf(await call('?tag=stable'))).toBe(one)
    }))

  test('cannot have these headers forged by the function', () =>
    withFunction({}, async ({ functionId, deploy, call }) => {
      const names = ['X-Function-Id', 'x-function-version-id', 'X-REQUEST-ID', 'X-Function-Error']
      const headers = JSON.stringify(Object.fromEntries(names.map((name) => [name, 'forged'])))
      const id = await deploy(`return { statusCode: 200, headers: ${headers}, body: '' }`)
      const answer = await call()
      expect(versionOf(answer)).toBe(id)
      expect(answer.headers.get('x-function-id')).toBe(functionId)
      expect(answer.headers.get('x-request-id')).not.toBe('forged')
      expect(answer.headers.get('x-function-error')).toBeNull()
    }))

  const failures: [string, string, string, Json][] = [
    [
      'that throws',
      "throw new RangeError('boom')",
      'true',
      { errorMessage: 'boom', errorType: 'RangeError', stackTrace: expect.any(Array) },
    ],
    [
      'whose result has another shape, with the result',
      "return { hello: 'secret' }",
      'null',
      { errorType: 'ProxyIntegrationError', payload: { hello: 'secret' } },
    ],
  ]
  test.each(failures)('of a function %s is a 502 of its version', (_, code, error, body) =>
    withFunction({}, async ({ deploy, call }) => {
      const id = await deploy(code)
      const answer = await call()
      expect(answer.status).toBe(502)
      expect(String(answer.headers.get('x-function-error'))).toBe(error)
      expect(versionOf(answer)).toBe(id)
      expect((await read(answer)).json).toMatchObject(body)
    }),
  )

  test('of a crash has a trace of frames, not of lines', () =>
    withFunction({}, async ({ deploy, call }) => {
      await deploy("throw new Error('boom')")
      const { json } = await read(await call())
      expect(JSON.stringify(json.stackTrace)).not.toContain('sandbox')
      expect(json.stackTrace).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ line: 1, file: '/function/code/index.js' }),
        ]),
      )
    }))

  test('of a raw call is 200 with the result alone, and a crash is still a 502', () =>
    withFunction({}, async ({ deploy, call }) => {
      await deploy("return { statusCode: 500, headers: { 'x-a': '1' } }")
      const answer = await call('?integration=raw')
      expect({ status: answer.status, header: answer.headers.get('x-a') }).toEqual({
        status: 200,
        header: null,
      })
      expect(await answer.json()).toEqual({ statusCode: 500, headers: { 'x-a': '1' } })
      await deploy("throw new Error('boom')")
      const crash = await call('?integration=raw')
      expect(crash.status).toBe(502)
      expect(crash.headers.get('x-function-error')).toBe('true')
    }))

  test('of a slow function is a 504 of its version', () =>
    withFunction({}, async ({ deploy, call }) => {
      const never = 'await new Promise(() => setInterval(() => {}, 9))'
      const id = await deploy(never, { executionTimeout: '0.2s' })
      const answer = await call()
      expect({ status: answer.status, version: versionOf(answer) }).toEqual({
        status: 504,
        version: id,
      })
    }))

  test('to a body over 3.5 MB is a 413', () =>
    withFunction({}, async ({ emulator, api, deploy }) => {
      await deploy()
      const answer = await fetch(emulator.functions()[0]?.httpInvokeUrl ?? '', {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}` },
        body: Buffer.alloc(3_670_017),
      })
      expect(answer.status).toBe(413)
    }))
})

describe('faults of calls', () => {
  test('make another version answer: the former holder of the tag, or the one named', () =>
    withFunction({}, async ({ emulator, deploy, call }) => {
      const one = await deploy(undefined, { tag: ['stable'] })
      const two = await deploy()
      const three = await deploy(undefined, { tag: ['stable'] })
      emulator.fault({ service: 'invocation', effect: { kind: 'stale' } })
      expect(versionOf(await call('?tag=stable'))).toBe(one)
      emulator.fault({ service: 'invocation', effect: { kind: 'stale', versionId: two } })
      expect(versionOf(await call('?tag=stable'))).toBe(two)
      expect(versionOf(await call('?tag=stable'))).toBe(three)
    }))

  test('are a 404 for a tag that was on no version before', () =>
    withFunction({}, async ({ emulator, deploy, call }) => {
      await deploy(undefined, { tag: ['candidate'] })
      emulator.fault({ service: 'invocation', effect: { kind: 'stale' } })
      expect((await call('?tag=candidate')).status).toBe(404)
      expect((await call('?tag=candidate')).status).toBe(200)
    }))

  test('disturb the calls of one tag, for as many times as they say', () =>
    withFunction({}, async ({ emulator, deploy, call }) => {
      await deploy(undefined, { tag: ['candidate'] })
      const query = { tag: 'candidate' }
      for (const status of [403, 404, 429, 503]) {
        emulator.fault({ service: 'invocation', query, effect: { kind: 'status', status } })
      }
      expect((await call()).status).toBe(200)
      const seen: unknown[] = []
      for (let count = 0; count < 5; count++) {
        const answer = await call('?tag=candidate')
        seen.push(answer.status)
        if (answer.status !== 200) expect(await answer.json()).toHaveProperty('errorMessage')
      }
      expect(seen).toEqual([403, 404, 429, 503, 200])
    }))

  test('make the first call slow', () =>
    withFunction({}, async ({ emulator, deploy, call }) => {
      await deploy()
      emulator.fault({ service: 'invocation', effect: { kind: 'delay', ms: 300 } })
      const started = performance.now()
      expect((await call()).status).toBe(200)
      expect(performance.now() - started).toBeGreaterThanOrEqual(290)
    }))

  test('leave headers out', () =>
    withFunction({}, async ({ emulator, deploy, call }) => {
      await deploy()
      const names = ['X-Function-Version-Id']
      emulator.fault({ service: 'invocation', effect: { kind: 'without-headers', names } })
      const answer = await call()
      expect({ status: answer.status, version: versionOf(answer) }).toEqual({
        status: 200,
        version: null,
      })
    }))
})

describe('propagation', () => {
  test('makes calls see a tag as it was a while ago', () => {
    let now = Date.now()
    return withFunction({ clock: () => now }, async ({ emulator, api, deploy, call }) => {
      const one = await deploy(undefined, { tag: ['stable'] })
      now += 10_000
      const two = await deploy(undefined, { tag: ['fresh'] })
      await api.post(`/functions/v1/versions/${two}:setTag`, { tag: 'stable' })
      emulator.delayPropagation(5_000)
      expect(versionOf(await call('?tag=stable'))).toBe(one)
      expect(versionOf(await call())).toBe(one)
      expect((await call('?tag=fresh')).status).toBe(404)
      now += 5_001
      expect(versionOf(await call('?tag=stable'))).toBe(two)
      expect((await call('?tag=fresh')).status).toBe(200)
    })
  })

  test('makes calls of a new function a 403 for a while, and ends with the faults', () => {
    let now = Date.now()
    return withFunction({ clock: () => now }, async ({ emulator, deploy, call }) => {
      emulator.delayPropagation(5_000)
      await deploy()
      expect((await call()).status).toBe(403)
      emulator.clearFaults()
      expect((await call()).status).toBe(200)
      emulator.delayPropagation(5_000)
      now += 5_001
      expect((await call()).status).toBe(200)
    })
  })
})
