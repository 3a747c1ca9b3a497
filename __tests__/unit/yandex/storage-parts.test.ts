/** Parts of objects: asked for by range, and told apart by what the answer says of them. */

import { describe, expect, test } from '@jest/globals'
import { readObject, type ObjectRange } from '../../../src/yandex/storage.ts'
import { answer, connectionError, fakeCloud, rejection, type Step } from '../../support/fakes.ts'

const read = (range: ObjectRange, ...steps: Step[]) => {
  const fake = fakeCloud(steps)
  const result = readObject({ bucket: 'my.bucket', key: 'a b/x.zip', range }, fake.cloud)
  return { ...fake, result }
}

const part = (body: string, contentRange?: string): Step =>
  answer(206, body, contentRange === undefined ? {} : { 'content-range': contentRange })

describe('a part of an object', () => {
  test.each<[ObjectRange, string]>([
    [{ last: 65557 }, 'bytes=-65557'],
    [{ from: 0, to: 10 }, 'bytes=0-9'],
    [{ from: 7, to: 8 }, 'bytes=7-7'],
  ])('%j is asked for as %s, with the token', async (range, header) => {
    const { result, transport } = read(range, answer(404))
    await result
    expect(transport.lines).toEqual(['GET /my.bucket/a%20b/x.zip'])
    expect(transport.requests[0]?.headers).toEqual({
      range: header,
      authorization: 'Bearer t1.given',
    })
  })

  test('says where it is, and how large the object', async () => {
    const found = await read({ last: 3 }, part('zip', 'bytes 97-99/100')).result
    expect(found).toEqual({ bytes: Buffer.from('zip'), start: 97, sizeBytes: 100 })
  })

  test('may be the whole object, from a server that does not know ranges', async () => {
    const found = await read({ last: 3 }, answer(200, 'whole zip')).result
    expect(found).toEqual({ bytes: Buffer.from('whole zip'), start: 0, sizeBytes: 9 })
  })

  test.each([403, 404, 416])('is none with HTTP %i', async (status) => {
    expect(await read({ last: 3 }, answer(status)).result).toBeUndefined()
  })

  test.each([
    ['without its range', part('zip')],
    ['of an unknown object', part('zip', 'bytes 97-99/*')],
    ['of another length', part('zi', 'bytes 97-99/100')],
  ])('%s is not taken', async (_, step) => {
    expect(await rejection(read({ last: 3 }, step).result)).toMatchObject({
      code: 'API_UNEXPECTED',
    })
  })

  test('is not waited for as long as what a deployment needs', async () => {
    const { result, clock } = read({ last: 3 }, connectionError('ECONNRESET'))
    expect(await rejection(result)).toMatchObject({ code: 'API_UNREACHABLE' })
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(2_000)
  })

  test('is not looked for at another address', async () => {
    const { result, transport } = read({ last: 3 }, answer(307, '', { location: 'https://x.y/' }))
    expect(await rejection(result)).toMatchObject({ code: 'API_UNEXPECTED' })
    expect(transport.requests).toHaveLength(1)
  })
})
