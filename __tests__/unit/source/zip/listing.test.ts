/** The files of a zip that is far away, read by as few bytes as it takes. */

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { diffFiles } from '../../../../src/deploy/plan/package.ts'
import { listRemoteZip, type ReadPart } from '../../../../src/source/zip/listing.ts'
import { ZipWriter } from '../../../../src/source/zip/writer.ts'

function zipOf(files: readonly { name: string; crc32: number; content?: Uint8Array }[]): Buffer {
  const writer = new ZipWriter()
  for (const { name, crc32, content = Buffer.from('x') } of files) {
    const { length } = content
    writer.add(
      { name, executable: false },
      { method: 'stored', pieces: [content], packedBytes: length, sizeBytes: length, crc32 },
    )
  }
  return Buffer.concat(writer.finish().chunks)
}

const FEW = [
  { name: 'index.js', crc32: 0xffffffff },
  { name: 'lib/ключ.js', crc32: 0 },
]
/** More names than the end of a zip has room for. */
const MANY = Array.from({ length: 15_000 }, (_, index) => ({
  name: `node_modules/some-package/dist/file-${index}.js`,
  crc32: index,
}))

/** A server that knows ranges, and what it was asked for. */
function remote(zip: Buffer) {
  const asked: string[] = []
  let sentBytes = 0
  const read: ReadPart = (range) => {
    const from = 'last' in range ? Math.max(0, zip.length - range.last) : range.from
    const bytes = zip.subarray(from, 'last' in range ? zip.length : range.to)
    asked.push('last' in range ? 'end' : 'directory')
    sentBytes += bytes.length
    return Promise.resolve({ bytes, start: from, sizeBytes: zip.length })
  }
  return { read, asked, sentBytes: () => sentBytes }
}

describe('the files of a remote zip', () => {
  test('of few files are in its end, whatever its size', async () => {
    const content = Buffer.alloc(1_000_000)
    const zip = zipOf([...FEW, { name: 'large.bin', crc32: 7, content }])
    const { read, asked, sentBytes } = remote(zip)
    expect(await listRemoteZip(read)).toEqual({
      sizeBytes: zip.length,
      files: [
        ...FEW.map((file) => ({ ...file, sizeBytes: 1 })),
        { name: 'large.bin', crc32: 7, sizeBytes: content.length },
      ],
    })
    expect(asked).toEqual(['end'])
    expect(sentBytes()).toBeLessThan(66_000)
  })

  test('of many files take one more read, of nothing but the directory', async () => {
    const zip = zipOf(MANY)
    const { read, asked, sentBytes } = remote(zip)
    const listing = await listRemoteZip(read)
    expect(listing?.files).toHaveLength(MANY.length)
    expect(asked).toEqual(['end', 'directory'])
    expect(sentBytes()).toBe(zip.length - zip.readUInt32LE(zip.length - 6))
  })

  test('are those of the zip, for any names', async () => {
    const names = fc.stringMatching(/^[^/\\]{1,20}$/u)
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(names), fc.nat({ max: 0xffff_fffe }), async (given, crc) => {
        const files = given
          .map((name) => Buffer.from(name).toString())
          .filter((name, index, all) => all.indexOf(name) === index)
          .map((name) => ({ name, crc32: crc }))
        const listing = await listRemoteZip(remote(zipOf(files)).read)
        expect(listing?.files).toEqual(files.map((file) => ({ ...file, sizeBytes: 1 })))
      }),
    )
  })

  test('are the same when the whole zip is sent in place of a part', async () => {
    const zip = zipOf(MANY)
    const whole: ReadPart = () => Promise.resolve({ bytes: zip, start: 0, sizeBytes: zip.length })
    expect((await listRemoteZip(whole))?.files).toHaveLength(MANY.length)
  })

  test('do not count folders', async () => {
    const zip = zipOf([{ name: 'lib/', crc32: 0 }, ...FEW])
    expect((await listRemoteZip(remote(zip).read))?.files).toHaveLength(2)
  })

  test('are compared with 15,000 others well within a second', async () => {
    const live = remote(zipOf(MANY))
    const after = MANY.map((file, index) => ({
      ...file,
      sizeBytes: 1,
      crc32: index % 100 === 0 ? 1 : file.crc32,
    }))
    const startedAt = performance.now()
    const listing = await listRemoteZip(live.read)
    const diff = diffFiles(listing?.files ?? [], after)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(diff.changed).toHaveLength(150)
  })
})

describe('no files are listed', () => {
  const cut = (zip: Buffer, change: (zip: Buffer) => void): Buffer => {
    const copy = Buffer.from(zip)
    change(copy)
    return copy
  }
  const few = zipOf(FEW)
  const end = few.length - 22

  test.each<[string, Buffer]>([
    ['of nothing', Buffer.alloc(0)],
    ['of what is no zip', Buffer.from('<html>not found</html>'.repeat(10))],
    ['of a zip without its end', few.subarray(0, -1)],
    ['of a directory larger than any', cut(few, (zip) => zip.writeUInt32LE(0xffff_ffff, end + 12))],
    ['of a directory behind the end', cut(few, (zip) => zip.writeUInt32LE(0xffff_fff0, end + 16))],
    ['of more entries than there are', cut(few, (zip) => zip.writeUInt16LE(3, end + 10))],
    ['of fewer entries than there are', cut(few, (zip) => zip.writeUInt16LE(1, end + 10))],
    [
      'of a name that goes beyond the directory',
      cut(few, (zip) => zip.writeUInt16LE(0xffff, zip.readUInt32LE(end + 16) + 28)),
    ],
  ])('%s', async (_, zip) => {
    expect(await listRemoteZip(remote(zip).read)).toBeUndefined()
  })

  test('when the end cannot be had', async () => {
    expect(await listRemoteZip(() => Promise.resolve(undefined))).toBeUndefined()
  })

  test.each<[string, (part: { bytes: Buffer; start: number; sizeBytes: number }) => unknown]>([
    ['is gone meanwhile', () => undefined],
    ['is of another zip meanwhile', (part) => ({ ...part, sizeBytes: part.sizeBytes + 1 })],
    ['comes in another length', (part) => ({ ...part, bytes: part.bytes.subarray(1) })],
  ])('when the directory %s', async (_, spoil) => {
    const { read } = remote(zipOf(MANY))
    const spoilt = (async (range) => {
      const part = await read(range)
      return 'last' in range ? part : spoil(part as never)
    }) as ReadPart
    expect(await listRemoteZip(spoilt)).toBeUndefined()
  })
})
