/** Object Storage: uploads, look-ups, and refusals in XML. */

import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'

const BODY = Buffer.from('a package')
const MD5 = createHash('md5').update(BODY).digest()

let emulator: Emulator
let authorization: string
beforeAll(async () => {
  emulator = await startEmulator()
  authorization = `Bearer ${emulator.mintToken()}`
  emulator.addBucket({ name: 'packages' })
})
afterAll(() => emulator.close())

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function send({ method = 'PUT', path = '/packages/key.zip', headers = {} }: Sent) {
  const answer = await fetch(emulator.storageEndpoint + path, {
    method,
    headers: { authorization, ...headers },
    ...(method === 'PUT' && { body: BODY }),
  })
  const xml = method === 'HEAD' ? '' : await answer.text()
  return { answer, code: /<Code>([\w ]+)<\/Code>/.exec(xml)?.[1], xml }
}

describe('an object', () => {
  test('is put and got by its path, each segment decoded', async () => {
    const path = '/packages/pre%20fix/d4e1%2Bx/%D1%84.zip'
    const { answer } = await send({ path, headers: { 'content-md5': MD5.toString('base64') } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('etag')).toBe(`"${MD5.toString('hex')}"`)
    expect([...emulator.objects('packages').keys()]).toContain('pre fix/d4e1+x/ф.zip')
    expect((await send({ method: 'GET', path })).xml).toBe('a package')
    const head = (await send({ method: 'HEAD', path })).answer
    expect(head.headers.get('content-length')).toBe(String(BODY.length))
    expect(head.headers.get('etag')).toBe(`"${MD5.toString('hex')}"`)
  })

  test('is put only once when the condition says so', async () => {
    const put = { path: '/packages/once.zip', headers: { 'if-none-match': '*' } }
    expect((await send(put)).answer.status).toBe(200)
    const { answer, code } = await send(put)
    expect({ status: answer.status, code }).toEqual({ status: 412, code: 'Precondition Failed' })
  })

  test('is overwritten when its hash is the one expected', async () => {
    const path = '/packages/match.zip'
    await send({ path })
    const good = { path, headers: { 'if-match': `"${MD5.toString('hex')}"` } }
    expect((await send(good)).answer.status).toBe(200)
    expect((await send({ path, headers: { 'if-match': '"other"' } })).code).toBe(
      'Precondition Failed',
    )
  })
})

describe('a request', () => {
  const bad: [string, Sent, number, string | undefined][] = [
    ['without a token', { headers: { authorization: '' } }, 403, 'AccessDenied'],
    ['with a bad token', { headers: { authorization: 'Bearer t1.a.b' } }, 403, 'AccessDenied'],
    ['to an unknown bucket', { path: '/other/key' }, 404, 'NoSuchBucket'],
    ['for an unknown key', { method: 'GET', path: '/packages/no' }, 404, 'NoSuchKey'],
    ['that looks for an unknown key', { method: 'HEAD', path: '/packages/no' }, 404, undefined],
    [
      'with a wrong MD5',
      { headers: { 'content-md5': Buffer.alloc(16).toString('base64') } },
      400,
      'BadDigest',
    ],
    [
      'with an MD5 in hex',
      { headers: { 'content-md5': MD5.toString('hex') } },
      400,
      'InvalidDigest',
    ],
    ['with another condition', { headers: { 'if-none-match': '"abc"' } }, 501, 'NotImplemented'],
    ['without a key', { path: '/packages/' }, 405, 'MethodNotAllowed'],
    ['with a broken escape', { path: '/packages/%zz' }, 400, 'InvalidURI'],
    [
      'with a key over 1024 bytes',
      { path: `/packages/${'k'.repeat(1025)}` },
      400,
      'KeyTooLongError',
    ],
    ['to delete', { method: 'DELETE' }, 405, 'MethodNotAllowed'],
  ]
  test.each(bad)('%s is refused', async (_, sent, status, code) => {
    const { answer, code: given, xml } = await send(sent)
    expect({ status: answer.status, code: given }).toEqual({ status, code })
    expect(answer.headers.get('content-type')).toBe('application/xml')
    const id = answer.headers.get('x-amz-request-id') ?? ''
    expect(id).not.toBe('')
    if (sent.method !== 'HEAD') expect(xml).toContain(`<RequestId>${id}</RequestId>`)
  })

  test.each([
    [409, 'OperationAborted'],
    [412, 'Precondition Failed'],
    [501, 'NotImplemented'],
    [503, 'SlowDown'],
  ])('is refused on demand with HTTP %i in the words of the service', async (status, code) => {
    emulator.fault({ method: 'PUT', path: /ordered/, effect: { kind: 'status', status } })
    const { answer, code: given } = await send({ path: '/packages/ordered.zip' })
    expect({ status: answer.status, code: given }).toEqual({ status, code })
  })

  test('of unknown length is refused', async () => {
    const status = await new Promise((resolve, reject) => {
      const req = request(`${emulator.storageEndpoint}/packages/stream.zip`, {
        method: 'PUT',
        headers: { authorization, 'transfer-encoding': 'chunked' },
      })
      req.on('response', (res) => {
        res.resume()
        resolve(res.statusCode)
      })
      req.on('error', reject)
      req.end(BODY)
    })
    expect(status).toBe(411)
  })

  test('is recorded with its number of bytes', async () => {
    await send({ path: '/packages/recorded.zip' })
    expect(emulator.requests.at(-1)).toMatchObject({
      service: 'storage',
      method: 'PUT',
      path: '/packages/recorded.zip',
      body: BODY.length,
      status: 200,
    })
  })
})

test('is on another port than the API and the functions', () => {
  expect(new URL(emulator.storageEndpoint).port).not.toBe(new URL(emulator.endpoint).port)
})

test('a build log is read without a token, and one sent along is recorded', async () => {
  emulator.buildLogs.set('folder/1.output', 'npm ERR! missing lock file')
  const url = `${emulator.storageEndpoint}/build-logs/folder/1.output?X-Amz-Expires=172800`
  await expect((await fetch(url)).text()).resolves.toBe('npm ERR! missing lock file')
  expect(emulator.requests.at(-1)).toMatchObject({ service: 'build-logs', status: 200 })
  expect(emulator.requests.at(-1)?.headers).not.toHaveProperty('authorization')
  await fetch(url, { headers: { authorization } })
  expect(emulator.requests.at(-1)?.headers.authorization).toBe(authorization)
  expect((await fetch(`${emulator.storageEndpoint}/build-logs/other`)).status).toBe(404)
})
