/** The build step: packages that build, packages that do not, and where they come from. */

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'
import { Client, HELLO, withEmulator, zip, type Json } from './harness.ts'

let emulator: Emulator
let api: Client
let functionId: string
beforeAll(async () => {
  emulator = await startEmulator({ buildMs: 0 })
  api = new Client(emulator)
  functionId = await api.createFunction('hello')
  emulator.addBucket({ name: 'packages' })
  await put('hello.zip', HELLO)
  await put('big.zip', await zip({ 'a.txt': 'no handler' }))
})
afterAll(() => emulator.close())

async function put(key: string, body: Buffer): Promise<void> {
  await fetch(`${emulator.storageEndpoint}/packages/${key}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${api.token}` },
    body,
  })
}

const content = (bytes: Buffer): Json => ({ content: bytes.toString('base64') })

describe('an entrypoint', () => {
  const found: [string, string, string][] = [
    ['nodejs22', 'index.handler', 'index.js'],
    ['nodejs22', 'index.handler', 'index.mjs'],
    ['nodejs22', 'index.handler', 'index.cjs'],
    ['nodejs18', 'src/app/main.handler', 'src/app/main.js'],
    ['python312', 'main.handler', 'main.py'],
    ['php82', 'index.handler', 'index.php'],
    ['golang123', 'cmd/main.Handler', 'cmd/main.go'],
    ['r43', 'main.handler', 'main.R'],
    ['bash-2204', 'handler.sh', 'handler.sh'],
    ['java21', 'com.example.Handler', 'app.jar'],
    ['kotlin20', 'com.example.HandlerKt::handle', 'app.jar'],
    ['dotnet8', 'Function.Handler', 'Function.dll'],
  ]
  test.each(found)('of %s %s is found in %s', async (runtime, entrypoint, name) => {
    const changes = { runtime, entrypoint, ...content(await zip({ [name]: '' })) }
    const { json } = await api.createVersion(functionId, changes)
    expect(json).toMatchObject({ done: true, response: { runtime, entrypoint } })
  })

  const missing: [string, string, string][] = [
    ['nodejs22', 'index.handler', 'hello/index.js'],
    ['nodejs22', 'index', 'index.js'],
    ['nodejs22', 'index.handler', 'index.ts'],
    ['python312', 'main.handler', 'Main.py'],
    ['bash-2204', 'handler', 'handler.sh'],
  ]
  test.each(missing)('of %s %s is not found in %s', async (runtime, entrypoint, name) => {
    const changes = { runtime, entrypoint, ...content(await zip({ [name]: '' })) }
    const { status, json } = await api.createVersion(functionId, changes)
    expect(status).toBe(200)
    expect(json).toMatchObject({
      done: true,
      error: { code: 3, message: expect.stringContaining(entrypoint) },
    })
  })
})

describe('a damaged package fails the build', () => {
  const flipped = Buffer.from(HELLO)
  const data = 30 + 'index.js'.length + 10
  flipped.writeUInt8((flipped[data] ?? 0) ^ 0xff, data)
  const bad: [string, Buffer][] = [
    ['no bytes', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['a zip without its end', HELLO.subarray(0, HELLO.length - 30)],
    ['a zip with a changed byte', flipped],
  ]
  test.each(bad)('%s', async (_, bytes) => {
    const before = emulator.versions(functionId).length
    const { json } = await api.createVersion(functionId, content(bytes))
    expect(json).toMatchObject({
      done: true,
      error: { code: 3, message: 'Исходный архив не является валидным ZIP архивом' },
    })
    expect(emulator.versions(functionId)).toHaveLength(before)
  })

  test('as does an empty one', async () => {
    const { json } = await api.createVersion(functionId, content(await zip({})))
    expect(json).toMatchObject({ done: true, error: { code: 3 } })
  })

  test('unless packages are not checked', () =>
    withEmulator({ buildMs: 0, checkPackages: false }, async (_, api) => {
      const id = await api.createFunction('hello')
      const { json } = await api.createVersion(id, content(Buffer.from('hello')))
      expect(json).toMatchObject({ done: true, response: { status: 'ACTIVE' } })
    }))
})

describe('a package in a bucket', () => {
  const sha256 = createHash('sha256').update(HELLO).digest('hex')
  const from = (object: Json): Json => ({
    content: undefined,
    package: { bucketName: 'packages', objectName: 'hello.zip', ...object },
  })

  test.each([{}, { sha256 }])('is built: %j', async (object) => {
    const { json } = await api.createVersion(functionId, from(object))
    expect(json).toMatchObject({ done: true, response: { imageSize: '4096' } })
    expect(emulator.versions(functionId).at(-1)?.zip).toEqual(HELLO)
  })

  test('fails the build when its hash is another', async () => {
    const { json } = await api.createVersion(functionId, from({ sha256: 'a'.repeat(64) }))
    expect(json).toMatchObject({ done: true, error: { code: 3 } })
  })

  test.each([{ objectName: 'other.zip' }, { bucketName: 'other' }])(
    'is refused when it is not there: %j',
    async (object) => {
      expect((await api.createVersion(functionId, from(object))).status).toBe(400)
    },
  )
})

test('a build fails with what a test planned for it, in order', async () => {
  const message = 'Build failed, see https://storage.example/build-logs/1.output?X-Amz-Expires=1'
  emulator.failNextBuild({ code: 3, message })
  emulator.failNextBuild({ code: 13, message: 'again' })
  expect((await api.createVersion(functionId)).json).toMatchObject({ error: { code: 3, message } })
  expect((await api.createVersion(functionId)).json).toMatchObject({ error: { code: 13 } })
  expect((await api.createVersion(functionId)).json).not.toHaveProperty('error')
})
