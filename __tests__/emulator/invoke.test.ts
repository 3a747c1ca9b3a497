/** Invocation: a deployed function really runs, with the event, context and environment of the cloud. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'
import { Client, read, zip, type Json } from './harness.ts'

let emulator: Emulator
let api: Client
beforeAll(async () => {
  emulator = await startEmulator({
    buildMs: 0,
    publicFunctions: true,
    quotas: { functionsPerCloud: 100 },
  })
  api = new Client(emulator)
})
afterAll(() => emulator.close())

let count = 0

/** Deploys a function and gives its address. */
async function deploy(files: Record<string, string>, changes: Json = {}): Promise<string> {
  count += 1
  const id = await api.createFunction(`function-${count}`)
  const content = (await zip(files)).toString('base64')
  const { json } = await api.createVersion(id, { content, ...changes })
  expect(json).not.toHaveProperty('error')
  return emulator.functions().find((f) => f.id === id)?.httpInvokeUrl ?? ''
}

const ECHO = `exports.handler = async (event, context) =>
  ({ statusCode: 200, body: JSON.stringify({ event, context, env: process.env }) })`

describe('a handler', () => {
  test('gets the event of the call', async () => {
    const url = await deploy({ 'index.js': ECHO })
    const { json } = await read(
      await fetch(`${url}?a=1&a=2&b=%20x`, {
        method: 'POST',
        headers: { 'x-custom': 'yes', cookie: 'a=secret', authorization: `Bearer ${api.token}` },
        body: 'hello',
      }),
    )
    expect(json.event).toMatchObject({
      httpMethod: 'POST',
      headers: { 'X-Custom': 'yes' },
      multiValueHeaders: { 'X-Custom': ['yes'] },
      queryStringParameters: { a: '2', b: ' x' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: [' x'] },
      requestContext: { httpMethod: 'POST', requestId: expect.any(String) },
      body: 'hello',
      isBase64Encoded: false,
    })
    expect(JSON.stringify(json.event)).not.toContain('secret')
    expect(JSON.stringify(json.event)).not.toContain(api.token)
  })

  test('gets bytes in base64', async () => {
    const url = await deploy({ 'index.js': ECHO })
    const body = Buffer.from([0xff, 0x00, 0xfe])
    const { json } = await read(await fetch(url, { method: 'POST', body }))
    expect(json.event).toMatchObject({ body: '/wD+', isBase64Encoded: true })
  })

  test('gets its context, environment and secrets, and nothing of ours', async () => {
    const secret = emulator.addSecret({ name: 'db', versions: [{ password: 'new' }] })
    const url = await deploy(
      { 'index.js': ECHO },
      {
        resources: { memory: String(256 * 1024 * 1024) },
        serviceAccountId: emulator.serviceAccountId,
        environment: { GREETING: 'hello' },
        secrets: [
          {
            id: secret.id,
            versionId: secret.versionIds[0],
            key: 'password',
            environmentVariable: 'PASSWORD',
          },
        ],
      },
    )
    const { json } = await read(await fetch(url))
    const functionId = url.split('/').at(-1)
    expect(json.context).toMatchObject({
      functionName: functionId,
      functionVersion: emulator.versions(functionId ?? '')[0]?.id,
      memoryLimitInMB: '256',
      requestId: expect.any(String),
      token: { access_token: expect.stringMatching(/^t1\./), token_type: 'Bearer' },
    })
    expect(json.env).toMatchObject({ GREETING: 'hello', PASSWORD: 'new' })
    expect(json.env).not.toHaveProperty('HOME')
  })

  const modules: [string, Record<string, string>, string][] = [
    [
      'a CommonJS module',
      { 'index.js': "exports.handler = () => ({ statusCode: 200, body: 'ok' })" },
      'index.handler',
    ],
    [
      'a CommonJS module with another file',
      {
        'src/main.cjs': "module.exports = require('../lib.js')",
        'lib.js': "exports.run = () => ({ statusCode: 200, body: 'ok' })",
      },
      'src/main.run',
    ],
    [
      'an ES module by extension',
      { 'index.mjs': "export const handler = async () => ({ statusCode: 200, body: 'ok' })" },
      'index.handler',
    ],
    [
      'an ES module by its manifest',
      {
        'package.json': '{"type":"module"}',
        'index.js': "export async function handler() { return { statusCode: 200, body: 'ok' } }",
      },
      'index.handler',
    ],
  ]
  test.each(modules)('can be in %s', async (_, files, entrypoint) => {
    const answer = await fetch(await deploy(files, { entrypoint }))
    await expect(answer.text()).resolves.toBe('ok')
  })
})

describe('the answer', () => {
  const handler = (code: string) => ({ 'index.js': `exports.handler = async () => {${code}}` })

  test('has the status, headers and body of the result', async () => {
    const result = `return { statusCode: 201, headers: { 'X-A': 1 }, body: 'привет' }`
    const answer = await fetch(await deploy(handler(result)))
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-a')).toBe('1')
    await expect(answer.text()).resolves.toBe('привет')
  })

  test('has bytes given in base64', async () => {
    const result = `return { statusCode: 200, body: '/wD+', isBase64Encoded: true }`
    const answer = await fetch(await deploy(handler(result)))
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00, 0xfe]))
  })

  const failures: [string, string, number, Json][] = [
    [
      'an exception',
      `throw new RangeError('boom')`,
      502,
      { errorMessage: 'boom', errorType: 'RangeError' },
    ],
    ['a thrown text', `throw 'boom'`, 502, { errorMessage: 'boom' }],
    ['an exit', 'process.exit(3)', 502, { errorMessage: 'Function exited with code 3' }],
    ['a result that is text', `return 'hello'`, 502, { errorType: 'ProxyIntegrationError' }],
    ['no result', '', 502, { errorType: 'ProxyIntegrationError' }],
    [
      'a result without a status',
      `return { body: '' }`,
      502,
      { errorType: 'ProxyIntegrationError' },
    ],
    [
      'a body that is an object',
      `return { statusCode: 200, body: {} }`,
      502,
      { errorType: 'ProxyIntegrationError' },
    ],
    [
      'a header that is a list',
      `return { statusCode: 200, headers: { a: [] } }`,
      502,
      { errorType: 'ProxyIntegrationError' },
    ],
  ]
  test.each(failures)('to %s is a 502', async (_, code, status, expected) => {
    const answer = await read(await fetch(await deploy(handler(code))))
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject(expected)
    const isUserError = !('errorType' in expected) || expected.errorType === 'RangeError'
    expect(answer.headers.get('x-function-error')).toBe(isUserError ? 'true' : null)
  })

  test('to a handler that is not in the module is a 502', async () => {
    const url = await deploy({ 'index.js': 'exports.other = 1' })
    const { status, json } = await read(await fetch(url))
    expect({ status, type: json.errorType }).toEqual({ status: 502, type: 'TypeError' })
  })

  test('to a module that does not parse is a 502', async () => {
    const { status, json } = await read(await fetch(await deploy({ 'index.js': 'exports.=' })))
    expect({ status, type: json.errorType }).toEqual({ status: 502, type: 'SyntaxError' })
  })

  test('to a handler that takes too long is a 504', async () => {
    const url = await deploy(handler('await new Promise(() => setInterval(() => {}, 9))'), {
      executionTimeout: '0.3s',
    })
    expect((await fetch(url)).status).toBe(504)
  })

  test('of a raw call is the result itself', async () => {
    const url = await deploy({ 'index.js': 'exports.handler = async (event) => event.a + 1' })
    const answer = await fetch(`${url}?integration=raw`, { method: 'POST', body: '{"a":1}' })
    await expect(answer.text()).resolves.toBe('2')
  })

  test('of another runtime is that it is not emulated', async () => {
    const changes = { runtime: 'python312', entrypoint: 'main.handler' }
    const { status, json } = await read(await fetch(await deploy({ 'main.py': '' }, changes)))
    expect({ status, type: json.errorType }).toEqual({ status: 501, type: 'NotEmulated' })
  })
})

test('a tag chooses the version, and $latest is the default', async () => {
  const of = async (body: string) =>
    (
      await zip({ 'index.js': `exports.handler = () => ({ statusCode: 200, body: '${body}' })` })
    ).toString('base64')
  const id = await api.createFunction('tagged')
  const url = emulator.functions().find((f) => f.id === id)?.httpInvokeUrl ?? ''
  expect((await fetch(url)).status).toBe(404)
  await api.createVersion(id, { content: await of('one'), tag: ['stable'] })
  await api.createVersion(id, { content: await of('two') })
  const answers = ['', '?tag=stable', '?tag=%24latest'].map(async (query) =>
    (await fetch(url + query)).text(),
  )
  expect(await Promise.all(answers)).toEqual(['two', 'one', 'two'])
  expect((await fetch(`${url}?tag=other`)).status).toBe(404)
  expect((await fetch(new URL('/d4e1', url))).status).toBe(404)
})
