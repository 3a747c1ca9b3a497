/** The log behind the link in a failed build: fetched without a token, its query never shown. */

import { describe, expect, test } from '@jest/globals'
import { readBuildLog } from '../../../../src/yandex/functions/build-log.ts'
import { answer, connectionError, fakeCloud, json, type Step } from '../../../support/fakes.ts'

const LINK = 'https://storage.yandexcloud.net/build-logs/b1g/d4e/op.output?X-Amz-Signature=abc'

interface Told {
  readonly message?: string
  readonly details?: unknown[]
  /** Root of the API; the usual one when left out. */
  readonly endpoint?: string
}

function read({ endpoint, ...status }: Told, ...steps: Step[]) {
  const fake = fakeCloud(steps, { ...(endpoint !== undefined && { endpoint }) })
  const masked: string[] = []
  const log = readBuildLog(
    { code: 13, message: '', details: [], ...status },
    { ...fake.cloud, mask: (value) => masked.push(value) },
  )
  return { ...fake, log, masked }
}

describe('the link', () => {
  test.each<[string, { message?: string; details?: unknown[] }]>([
    ['the message', { message: `Build failed, see ${LINK}` }],
    ['a sentence', { message: `Build failed (see ${LINK}).` }],
    ['the end of a sentence', { message: `Build failed: ${LINK}.` }],
    ['quotes', { message: `Build failed: "${LINK}", sorry` }],
    ['the details', { details: [{ a: [{ b: `log at ${LINK}` }] }] }],
    ['one of several', { message: `https://docs.example/help ${LINK}` }],
  ])('is found in %s, and fetched as it is', async (_, status) => {
    const { log, transport } = read(status, answer(200, 'npm ERR!'))
    expect(await log).toBe('npm ERR!')
    expect(transport.requests.map(({ url }) => url.href)).toEqual([LINK])
  })

  test('is fetched without a token', async () => {
    const { log, transport } = read({ message: LINK }, answer(200, 'x'))
    await log
    expect(transport.requests[0]).toMatchObject({
      method: 'GET',
      headers: { accept: 'text/plain' },
    })
    expect(transport.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  test('has its query masked before it is used', async () => {
    const { log, masked, logged } = read({ message: LINK }, answer(503))
    await log
    expect(masked).toEqual(['X-Amz-Signature=abc'])
    expect(logged.join('\n')).not.toContain('abc')
  })

  test('without a query has nothing to mask', async () => {
    const { log, masked } = read({ message: 'https://s3.yandexcloud.net/op.log' }, answer(200, 'x'))
    expect(await log).toBe('x')
    expect(masked).toEqual([])
  })

  const storageAt = (address: string): Step => json({ endpoints: [{ id: 'storage', address }] })

  test('to the storage of a local API may be http', async () => {
    const { log } = read(
      { endpoint: 'http://127.0.0.1:1', message: 'http://127.0.0.1:2/build.log' },
      storageAt('127.0.0.1:2'),
      answer(200, 'x'),
    )
    expect(await log).toBe('x')
  })

  test('to the storage of another root is followed', async () => {
    const { log } = read(
      { endpoint: 'https://root.example', message: 'https://s3.root.example/build.log' },
      storageAt('s3.root.example:443'),
      answer(200, 'x'),
    )
    expect(await log).toBe('x')
  })

  test.each([
    ['http://127.0.0.1:1', 'http://127.0.0.1:3/build.log'],
    ['https://root.example', 'http://127.0.0.1:2/build.log'],
    ['https://root.example', 'http://s3.root.example/build.log'],
    ['https://root.example', 'https://s3.root.example:8443/build.log'],
  ])('at the root %s is not followed to %s', async (endpoint, message) => {
    const address = endpoint.startsWith('http:') ? '127.0.0.1:2' : 's3.root.example:443'
    const { log, transport } = read({ endpoint, message }, storageAt(address), answer(200, 'x'))
    expect(await log).toBeUndefined()
    expect(transport.lines).toEqual(['GET /endpoints'])
  })

  test.each([301, 302, 307])('is not followed on by HTTP %i', async (status) => {
    const elsewhere = answer(status, 'moved', { location: 'http://127.0.0.1/log' })
    const { log, transport } = read({ message: LINK }, elsewhere)
    expect(await log).toBeUndefined()
    expect(transport.requests).toHaveLength(1)
  })

  test.each([
    '',
    'no link at all',
    'http://storage.yandexcloud.net/build-logs/op.output?sig=1',
    'ftp://storage.yandexcloud.net/op.log',
    'https://storage.yandexcloud.net/help',
    'https://storage.example/op.log',
    'https://storage.yandexcloud.net.example/op.log',
    'https://storage.yandexcloud.net@example.com/op.log',
    'https://storage.yandexcloud.net:8443/op.log',
    'http://127.0.0.1:1/op.log',
    'https://127.0.0.1:1/op.log',
    'http://169.254.169.254/op.log',
    'https://login.example',
    'https://[zz]/op.log',
  ])('is not followed in %j', async (message) => {
    const { log, transport } = read({ message }, answer(200, 'x'))
    expect(await log).toBeUndefined()
    expect(transport.requests).toEqual([])
  })
})

describe('details', () => {
  test('nested deeper than the stack is are searched all the same', async () => {
    const depth = 20_000
    const nested: unknown = JSON.parse(`${'['.repeat(depth)}"${LINK}"${']'.repeat(depth)}`)
    const { log } = read({ details: [nested] }, answer(200, 'npm ERR!'))
    expect(await log).toBe('npm ERR!')
  })
})

describe('a log that cannot be had', () => {
  test.each<[string, Step]>([
    ['HTTP 403', answer(403)],
    ['HTTP 503', answer(503)],
    ['a connection that fails', connectionError('ECONNREFUSED')],
    ['a certificate that is not accepted', connectionError('CERT_HAS_EXPIRED')],
  ])('does not fail the failure further: %s', async (_, step) => {
    const { log, clock } = read({ message: LINK }, step)
    const startedAt = Date.UTC(2026, 0, 1)
    expect(await log).toBeUndefined()
    expect(clock.now() - startedAt).toBeLessThanOrEqual(2_000)
  })
})
