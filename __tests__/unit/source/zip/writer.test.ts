import { describe, expect, test } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'

import { MAX_ENTRIES, ZipWriter, type Packed } from '../../../../src/source/zip/writer.ts'

function stored(bytes: Uint8Array, packedBytes = bytes.length): Packed {
  return { method: 'stored', pieces: [bytes], packedBytes, sizeBytes: packedBytes, crc32: 1 }
}

describe('a zip', () => {
  test('has every field where the format wants it', () => {
    const writer = new ZipWriter()
    writer.add({ name: 'é', executable: true }, { ...stored(Buffer.from('xyz')), sizeBytes: 9 })
    const zip = Buffer.concat(writer.finish().chunks)
    const fields = [
      ...['504b0304', '1400', '0008', '0000', '0000', '2100', '01000000', '03000000', '09000000'],
      ...['0200', '0000', 'c3a9', '78797a'],
      ...['504b0102', '1403', '1400', '0008', '0000', '0000', '2100', '01000000', '03000000'],
      ...['09000000', '0200', '0000', '0000', '0000', '0000', '0000ed81', '00000000', 'c3a9'],
      ...['504b0506', '0000', '0000', '0100', '0100', '30000000', '23000000', '0000'],
    ]
    expect(zip.toString('hex')).toBe(fields.join(''))
  })

  test('is the same whatever the pieces it was made of', () => {
    const bytes = randomBytes(3_500_000)
    const zipOf = (...sizes: readonly number[]) => {
      const writer = new ZipWriter()
      writer.add({ name: 'a', executable: false }, stored(Buffer.from('first')))
      let from = 0
      const pieces = sizes.map((size) => bytes.subarray(from, (from += size)))
      writer.add(
        { name: 'b', executable: false },
        { ...stored(bytes), pieces: [...pieces, bytes.subarray(from)] },
      )
      return writer.finish()
    }
    const whole = zipOf()
    const all = Buffer.concat(whole.chunks)
    expect(whole.sha256).toBe(createHash('sha256').update(all).digest('hex'))
    expect(whole.sizeBytes).toBe(all.length)
    for (const sizes of [[1], [1 << 20], [(1 << 20) - 1, 2], [0, 700_000, 700_000, 1 << 20]]) {
      const zip = zipOf(...sizes)
      expect(zip.sha256).toBe(whole.sha256)
      expect(Buffer.concat(zip.chunks).equals(all)).toBe(true)
    }
  })

  test('takes as many entries and bytes as the format has numbers for, and no more', () => {
    const many = new ZipWriter()
    const empty = stored(Buffer.alloc(0))
    for (let at = 0; at < MAX_ENTRIES; at += 1) many.add({ name: '', executable: false }, empty)
    expect(() => {
      many.add({ name: 'one more', executable: false }, empty)
    }).toThrow('more than 65534 files or 4 GiB')

    const large = new ZipWriter()
    expect(() => {
      large.add({ name: 'large', executable: false }, stored(Buffer.alloc(0), 0xffff_ffff))
    }).toThrow('more than 65534 files or 4 GiB')
  })
})
