/** How the code reaches the cloud: in the request, through a bucket, or as that of another version. */

import { describe, expect, test } from '@jest/globals'
import { findStored, uploadCode, type PreparedCode } from '../../../src/deploy/code.ts'
import type { FoundTarget } from '../../../src/deploy/function.ts'
import type { Stored } from '../../../src/yandex/storage.ts'
import { FUNCTION, PACKED } from '../../support/facts.ts'
import { answer, fakeCloud, rejection, type Step } from '../../support/fakes.ts'

const KEY = `pre/d4e1/${PACKED.archive.sha256}.zip`
const BUCKET = { kind: 'bucket', bucket: 'my-bucket', prefix: 'pre/' } as const
const inBucket = (stored: Stored): PreparedCode => ({ ...BUCKET, packed: PACKED, stored })

function upload(code: PreparedCode, ...steps: Step[]) {
  const fake = fakeCloud(steps)
  return { ...fake, result: uploadCode({ code, functionId: 'd4e1' }, fake.cloud) }
}

describe('the code', () => {
  test.each<PreparedCode>([
    { kind: 'inline', packed: PACKED },
    { kind: 'version', versionId: 'd4e0', sha256: undefined },
  ])('that goes into the request is not uploaded: $kind', async (code) => {
    const { result, transport } = upload(code)
    expect(await result).toBe(code)
    expect(transport.requests).toEqual([])
  })

  test('goes into a bucket under a key of function and content', async () => {
    const { result, transport } = upload(inBucket('absent'), answer(200))
    expect(await result).toEqual({
      kind: 'bucket',
      bucket: 'my-bucket',
      key: KEY,
      sha256: PACKED.archive.sha256,
      outcome: 'uploaded',
    })
    expect(transport.lines).toEqual([`PUT /my-bucket/${KEY}`])
  })

  test('is not sent again when the bucket has it', async () => {
    const { result, transport } = upload(inBucket('present'))
    expect(await result).toMatchObject({ key: KEY, outcome: 'present' })
    expect(transport.requests).toEqual([])
  })

  test('that the bucket refuses is a failure', async () => {
    const { result } = upload(inBucket('absent'), answer(403))
    expect(await rejection(result)).toMatchObject({ code: 'API_REJECTED' })
  })
})

describe('the look-up of the package in the bucket', () => {
  const look = (target: FoundTarget) => {
    const fake = fakeCloud([answer(200, '', { 'content-length': '2048' })])
    return { ...fake, result: findStored({ delivery: BUCKET, packed: PACKED, target }, fake.cloud) }
  }

  test('asks for the key of function and content', async () => {
    const { result, transport } = look({ function: FUNCTION, folderId: 'b', name: 'f' })
    expect(await result).toBe('present')
    expect(transport.lines).toEqual([`HEAD /my-bucket/${KEY}`])
  })

  test('is left out for a function that is to be created', async () => {
    const { result, transport } = look({ function: undefined, folderId: 'b', name: 'f' })
    expect(await result).toBe('absent')
    expect(transport.requests).toEqual([])
  })
})
