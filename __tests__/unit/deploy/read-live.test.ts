/** What is live: the holders of all tags, and the package that runs, where it can still be read. */

import { describe, expect, test } from '@jest/globals'
import { readHolders, readLivePackage } from '../../../src/deploy/read-live.ts'
import { ZipWriter } from '../../../src/source/zip/writer.ts'
import { readVersion } from '../../../src/yandex/functions/versions.ts'
import { answer, fakeCloud, json, refusal, rejection, type Step } from '../../support/fakes.ts'

const SHA = 'ab'.repeat(32)

describe('the holders of tags', () => {
  test('are asked for side by side, the latest version among them', async () => {
    const held: Readonly<Record<string, string>> = { $latest: 'd4e2', stable: 'd4e1' }
    const { cloud, transport } = fakeCloud([
      ({ url }) => {
        const id = held[url.searchParams.get('tag') ?? '']
        return id === undefined ? refusal(5, 'not found') : json({ id })
      },
    ])
    const holders = await readHolders({ functionId: 'f', tags: ['stable', 'new'] }, cloud)
    expect([...holders].map(([tag, { id }]) => [tag, id])).toEqual(Object.entries(held))
    expect(transport.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET'])
  })

  test('are not guessed without the right to see them', async () => {
    const { cloud } = fakeCloud([refusal(7, 'denied')])
    expect(await rejection(readHolders({ functionId: 'f', tags: [] }, cloud))).toMatchObject({
      code: 'API_REJECTED',
    })
  })
})

describe('the live package', () => {
  const read = (
    steps: readonly Step[],
    changes: Partial<Parameters<typeof readLivePackage>[0]> = {},
  ) => {
    const fake = fakeCloud(steps)
    const live = readVersion({
      id: 'd4e1',
      functionId: 'd4f1',
      description: `mine [sha256:${SHA} run:1]`,
    })
    const delivery = { kind: 'bucket', bucket: 'bbb', prefix: 'p/' } as const
    const result = readLivePackage({ delivery, live, ...changes }, fake.cloud)
    return { ...fake, result }
  }

  test('is read by the key that its fingerprint makes', async () => {
    const writer = new ZipWriter()
    const pieces = [Buffer.from('x')]
    writer.add(
      { name: 'index.js', executable: false },
      { method: 'stored', pieces, packedBytes: 1, sizeBytes: 1, crc32: 7 },
    )
    const zip = Buffer.concat(writer.finish().chunks)
    const { result, transport } = read([{ status: 200, headers: {}, body: zip }])
    expect(await result).toEqual({
      sizeBytes: zip.length,
      files: [{ name: 'index.js', sizeBytes: 1, crc32: 7 }],
    })
    expect(transport.lines).toEqual([`GET /bbb/p/d4f1/${SHA}.zip`])
  })

  test.each<[string, Parameters<typeof read>[1]]>([
    ['inline', { delivery: { kind: 'inline' } }],
    [
      'of an unknown package',
      { live: readVersion({ id: 'd4e1', functionId: 'd4f1', description: 'by hand' }) },
    ],
  ])('is not asked for when it is %s', async (_, changes) => {
    const { result, transport } = read([answer(500)], changes)
    expect(await result).toBeUndefined()
    expect(transport.requests).toEqual([])
  })

  test.each<[string, Step, number]>([
    ['gone', answer(404), 0],
    ['not for this account to read', answer(403), 0],
    ['at another address', answer(301), 1],
    ['no zip', answer(200, 'x'.repeat(100)), 0],
  ])('that is %s does not stop a plan', async (_, step, notes) => {
    const { result, logged } = read([step])
    expect(await result).toBeUndefined()
    expect(logged).toHaveLength(notes)
  })

  test('is not waited for once the run is cancelled', async () => {
    const reason = new Error('cancelled')
    const { cloud } = fakeCloud([answer(404)], { signal: AbortSignal.abort(reason) })
    const live = readVersion({
      id: 'd4e1',
      functionId: 'd4f1',
      description: `mine [sha256:${SHA} run:1]`,
    })
    const delivery = { kind: 'bucket', bucket: 'bbb', prefix: '' } as const
    const request = { delivery, live }
    expect(await rejection(readLivePackage(request, cloud))).toBe(reason)
  })
})
