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

  test('is shown with the headers that it was put with', async () => {
    const path = '/packages/described.zip'
    await send({ path, headers: { 'content-type': 'application/zip', 'x-amz-meta-run': '42' } })
    for (const method of ['HEAD', 'GET']) {
      const { answer } = await send({ method, path })
      expect(answer.headers.get('content-type')).toBe('application/zip')
      expect(answer.headers.get('x-amz-meta-run')).toBe('42')
      expect(answer.headers.get('accept-ranges')).toBe('bytes')
      expect(answer.headers.get('content-length')).toBe(String(BODY.length))
    }
  })

  const ranges: [string, string, string][] = [
    ['bytes=0-0', 'a', 'bytes 0-0/9'],
    ['bytes=2-4', 'pac', 'bytes 2-4/9'],
    ['bytes=5-', 'kage', 'bytes 5-8/9'],
    ['bytes=5-100', 'kage', 'bytes 5-8/9'],
    ['bytes=-3', 'age', 'bytes 6-8/9'],
    ['bytes=-100', 'a package', 'bytes 0-8/9'],
  ]
  test.each(ranges)('is read in part by the range %s', async (range, text, shown) => {
    await send({ path: '/packages/part.zip' })
    const { answer, xml } = await send({
      method: 'GET',
      path: '/packages/part.zip',
      headers: { range },
    })
    expect({ status: answer.status, xml, shown: answer.headers.get('content-range') }).toEqual({
      status: 206,
      xml: text,
      shown,
    })
    expect(answer.headers.get('content-length')).toBe(String(text.length))
  })

  test.each(['bytes=9-', 'bytes=9-10', 'bytes=-0'])(
    'has nothing for the range %s',
    async (range) => {
      await send({ path: '/packages/part.zip' })
      const sent = { method: 'GET', path: '/packages/part.zip', headers: { range } }
      const { answer, code } = await send(sent)
      expect({ status: answer.status, code }).toEqual({ status: 416, code: 'InvalidRange' })
      expect(answer.headers.get('content-range')).toBe('bytes */9')
    },
  )

  test.each(['bytes=0-1,3-4', 'bytes=4-2', 'lines=1-2', 'bytes=-'])(
    'is read whole for the range %s, which cannot be honoured',
    async (range) => {
      await send({ path: '/packages/part.zip' })
      const sent = { method: 'GET', path: '/packages/part.zip', headers: { range } }
      const { answer, xml } = await send(sent)
      expect({ status: answer.status, xml }).toEqual({ status: 200, xml: 'a package' })
    },
  )

  test('is not read when it is no longer the one that was meant', async () => {
    await send({ path: '/packages/part.zip' })
    const headers = { range: 'bytes=0-1', 'if-match': '"other"' }
    const { answer } = await send({ method: 'GET', path: '/packages/part.zip', headers })
    expect(answer.status).toBe(412)
  })

  test('can be gone', async () => {
    await send({ path: '/packages/gone.zip' })
    emulator.deleteObject({ bucket: 'packages', name: 'gone.zip' })
    expect((await send({ method: 'GET', path: '/packages/gone.zip' })).code).toBe('NoSuchKey')
  })

  test('needs storage.uploader to be put and storage.viewer to be read', async () => {
    const token = (roles: readonly string[]) =>
      `Bearer ${emulator.mintToken(emulator.addServiceAccount({ name: 'other', roles }).id)}`
    const status = async (method: string, roles: readonly string[]) => {
      const headers = { authorization: token(roles) }
      return (await send({ method, path: '/packages/rights.zip', headers })).answer.status
    }
    expect(await status('PUT', ['functions.admin'])).toBe(403)
    expect(await status('PUT', ['storage.viewer'])).toBe(403)
    expect(await status('PUT', ['storage.uploader'])).toBe(200)
    expect(await status('GET', ['storage.viewer'])).toBe(200)
    expect(await status('GET', ['functions.admin'])).toBe(403)
  })

  test.each([
    [409, 'OperationAborted'],
    [412, 'Precondition Failed'],
    [416, 'InvalidRange'],
    [501, 'NotImplemented'],
    [503, 'SlowDown'],
  ])(
    'can be refused with a %d on order, in the documented spelling %s',
    async (status, spelling) => {
      emulator.fault({ service: 'storage', effect: { kind: 'status', status } })
      const { answer, code } = await send({ path: '/packages/fault.zip' })
      expect({ status: answer.status, code }).toEqual({ status, code: spelling })
    },
  )

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
