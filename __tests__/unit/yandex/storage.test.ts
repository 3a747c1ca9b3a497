/** Packages in Object Storage: looked for first, put once, by a key made of their content. */

import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { DeployError } from '../../../src/errors.ts'
import { advise } from '../../../src/report/advice.ts'
import type { Credentials } from '../../../src/yandex/iam/token-source.ts'
import { findObject, putObject, type Upload } from '../../../src/yandex/storage.ts'
import {
  answer,
  bodyText,
  fakeCloud,
  json,
  rejection,
  rsaKeys,
  type Step,
} from '../../support/fakes.ts'

const UPLOAD: Upload = {
  bucket: 'my.bucket',
  key: 'функции/a b+c/?#%/x.zip',
  chunks: [Buffer.from('PK'), Buffer.from('zip')],
  sizeBytes: 5,
}

const error = (code: string, status: number): Step =>
  answer(status, `<Error><Code>${code}</Code><Message>m</Message></Error>`)

describe('looking for an object', () => {
  const find = (...steps: Step[]) => {
    const fake = fakeCloud(steps)
    return { ...fake, result: findObject(UPLOAD, fake.cloud) }
  }

  test('asks in path style, every segment encoded, with the token as bearer', async () => {
    const { result, transport } = find(answer(404))
    await result
    const [request] = transport.requests
    expect(request?.method).toBe('HEAD')
    expect(request?.url.href).toBe(
      'https://storage.yandexcloud.net/my.bucket/%D1%84%D1%83%D0%BD%D0%BA%D1%86%D0%B8%D0%B8/a%20b%2Bc/%3F%23%25/x.zip',
    )
    expect(request?.headers).toEqual({ authorization: 'Bearer t1.given' })
  })

  test.each([
    [200, { 'content-length': '5' }, 'present'],
    [200, { 'content-length': '6' }, 'other size'],
    [200, {}, 'other size'],
    [404, {}, 'absent'],
    [403, {}, 'absent'],
  ])('HTTP %i with %j means %s', async (status, headers, stored) => {
    expect(await find(answer(status, '', headers)).result).toBe(stored)
  })

  test.each([301, 307])('does not follow HTTP %i with the token', async (status) => {
    const { result, transport } = find(answer(status, '', { location: 'https://evil.example/' }))
    const error = (await rejection(result)) as DeployError
    expect(error.code).toBe('API_UNEXPECTED')
    expect(advise(error).hint).toContain('The bucket is at another address')
    expect(transport.requests).toHaveLength(1)
  })

  test('tells a refusal by what was looked for', async () => {
    expect(await rejection(find(answer(405)).result)).toMatchObject({
      code: 'API_REJECTED',
      message: `Could not look for the object ${UPLOAD.key} in the bucket my.bucket: HTTP 405: no text in the body`,
    })
  })
})

describe('putting an object', () => {
  const put = (
    steps: readonly Step[],
    upload: Partial<Parameters<typeof putObject>[0]> = {},
    credentials?: Credentials,
  ) => {
    const fake = fakeCloud(steps, { ...(credentials && { credentials }) })
    const result = putObject({ ...UPLOAD, stored: 'absent', ...upload }, fake.cloud)
    return { ...fake, result }
  }

  test('sends the pieces with their MD5, unless there is an object already', async () => {
    const { result, transport } = put([answer(200)])
    expect(await result).toBe('uploaded')
    const [request] = transport.requests
    expect(request?.method).toBe('PUT')
    expect(bodyText(request)).toBe('PKzip')
    expect(request?.headers).toEqual({
      'content-type': 'application/zip',
      'content-md5': createHash('md5').update('PKzip').digest('base64'),
      'if-none-match': '*',
      authorization: 'Bearer t1.given',
    })
  })

  test('overwrites an object of another size', async () => {
    const { result, transport } = put([answer(200)], { stored: 'other size' })
    expect(await result).toBe('uploaded')
    expect(transport.requests[0]?.headers).not.toHaveProperty('if-none-match')
  })

  test('finds that another job was faster', async () => {
    expect(await put([answer(412)]).result).toBe('present')
  })

  test('finds that the job it raced with was faster', async () => {
    const { result, transport } = put([error('OperationAborted', 409), answer(412)])
    expect(await result).toBe('present')
    expect(transport.requests).toHaveLength(2)
  })

  test('is refused when the race never ends', async () => {
    expect(await rejection(put([error('OperationAborted', 409)]).result)).toMatchObject({
      code: 'API_REJECTED',
      message: expect.stringContaining('HTTP 409 OperationAborted'),
    })
  })

  test('goes without the condition where it is not known', async () => {
    const { result, transport } = put([error('NotImplemented', 501), answer(200)])
    expect(await result).toBe('uploaded')
    expect(transport.requests.map(({ headers }) => headers['if-none-match'])).toEqual([
      '*',
      undefined,
    ])
  })

  test('is refused when it is not known without the condition either', async () => {
    const { result, transport } = put([error('NotImplemented', 501)])
    expect(await rejection(result)).toMatchObject({ code: 'API_REJECTED' })
    expect(transport.requests).toHaveLength(2)
  })

  test('finds its own object when the answer was lost', async () => {
    const { result, transport } = put([answer(503), answer(412)])
    expect(await result).toBe('present')
    expect(transport.requests).toHaveLength(2)
  })

  test.each([0, 1, 255, 257, 3_670_017])('works for a package of %i bytes', async (sizeBytes) => {
    expect(await put([answer(200)], { sizeBytes }).result).toBe('uploaded')
  })

  test.each([
    ['InternalError', 500],
    ['SlowDown', 503],
    ['TooManyRequests', 429],
    ['RequestTimeout', 400],
    ['OperationAborted', 409],
  ])('tries again after %s', async (code, status) => {
    const { result, transport } = put([error(code, status), answer(200)])
    expect(await result).toBe('uploaded')
    expect(transport.requests).toHaveLength(2)
  })

  test('gives a large package more time in all', async () => {
    const small = put([answer(503)])
    await rejection(small.result)
    const large = put([answer(503)], { sizeBytes: 128 * 1024 ** 2 })
    await rejection(large.result)
    expect(small.transport.requests.length).toBeLessThan(20)
    expect(large.transport.requests.length).toBeGreaterThan(100)
  })

  test.each([
    ['AccessDenied', 403, 'API_REJECTED'],
    ['NoSuchBucket', 404, 'API_REJECTED'],
    ['BadDigest', 400, 'API_REJECTED'],
    ['InvalidBucketState', 409, 'API_REJECTED'],
    ['InvalidToken', 400, 'AUTH_FAILED'],
    ['TokenRefreshRequired', 400, 'AUTH_FAILED'],
  ])('is refused at once by %s', async (name, status, code) => {
    const { result, transport } = put([error(name, status)])
    expect(await rejection(result)).toMatchObject({
      code,
      message: `Could not upload the object ${UPLOAD.key} to the bucket my.bucket: HTTP ${status} ${name}: m`,
    })
    expect(transport.requests).toHaveLength(1)
  })

  test('renews a token that Object Storage finds expired', async () => {
    const key = { id: 'k', serviceAccountId: 'a', privateKey: rsaKeys().privateKey }
    const { result, transport } = put(
      [json({ iamToken: '1' }), error('ExpiredToken', 400), json({ iamToken: '2' }), answer(200)],
      {},
      { kind: 'key', key },
    )
    expect(await result).toBe('uploaded')
    expect(transport.requests.at(-1)?.headers.authorization).toBe('Bearer 2')
  })
})
