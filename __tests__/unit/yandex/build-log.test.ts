/** The log behind the link in a failed build: fetched without a token, its query never shown. */

import { describe, expect, test } from '@jest/globals'
import { readBuildLog } from '../../../src/yandex/build-log.ts'
import { answer, connectionError, fakeCloud, type Step } from '../../support/fakes.ts'

const LINK = 'https://storage.example/build-logs/b1g/d4e/op.output?X-Amz-Signature=abc'

function read(status: { message?: string; details?: unknown[] }, ...steps: Step[]) {
  const fake = fakeCloud(steps)
  const masked: string[] = []
  const log = readBuildLog(
    { code: 13, message: '', details: [], ...status },
    { send: fake.cloud.send, mask: (value) => masked.push(value) },
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
    const { log, masked } = read({ message: 'https://x.example/op.log' }, answer(200, 'x'))
    expect(await log).toBe('x')
    expect(masked).toEqual([])
  })

  test('to this machine may be http', async () => {
    const { log } = read({ message: 'http://127.0.0.1:1/build.log' }, answer(200, 'x'))
    expect(await log).toBe('x')
  })

  test.each([
    '',
    'no link at all',
    'http://storage.example/build-logs/op.output?sig=1',
    'ftp://storage.example/op.log',
    'https://docs.example/help',
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
