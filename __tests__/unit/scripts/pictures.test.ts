/** The pictures of the README: small, of GitHub's width, and what Chromium drew. */

import { deflateSync, inflateSync } from 'node:zlib'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { pageOf } from '../../../scripts/pictures/page.ts'
import { withPalette } from '../../../scripts/pictures/palette.ts'

const PICTURES = new URL('../../../docs/pictures/', import.meta.url)

/** The data of the chunks of a PNG with that name. */
function chunksOf(png: Buffer, name: string): Buffer {
  const found: Buffer[] = []
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const end = at + 8 + png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === name) found.push(png.subarray(at + 8, end))
  }
  return Buffer.concat(found)
}

/** A PNG of 2 × 2 dots in red, green and blue, whose second line is filtered as given. */
function tinyPng(filter: number, lines: readonly (readonly number[])[]): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)])
  }
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0])
  const [first = [], second = []] = lines
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, ...first, filter, ...second]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('a palette', () => {
  const first = [10, 20, 30, 40, 50, 60]
  test.each([
    ['none', 0, [10, 20, 30, 1, 2, 3]],
    ['the dot to the left', 1, [10, 20, 30, 247, 238, 229]],
    ['the dot above', 2, [0, 0, 0, 217, 208, 199]],
    ['the average', 3, [5, 10, 15, 232, 223, 214]],
    ['the nearest of three', 4, [0, 0, 0, 217, 208, 199]],
  ])('keeps every dot of a line that is filtered by %s', (_, filter, second) => {
    const png = withPalette(tinyPng(filter, [first, second]))
    const palette = chunksOf(png, 'PLTE')
    const lines = inflateSync(chunksOf(png, 'IDAT'))
    const dotAt = (x: number, y: number): readonly number[] => {
      const index = lines[y * 3 + 1 + x] ?? -1
      return [...palette.subarray(index * 3, index * 3 + 3)]
    }
    expect([dotAt(0, 0), dotAt(1, 0), dotAt(0, 1), dotAt(1, 1)]).toEqual([
      [10, 20, 30],
      [40, 50, 60],
      [10, 20, 30],
      [1, 2, 3],
    ])
  })

  test('is refused for a picture of another kind', () => {
    const png = tinyPng(0, [first, first])
    png[24] = 16
    expect(() => withPalette(png)).toThrow(TypeError)
  })
})

describe('a page', () => {
  test('has the text as GitHub renders it, in the colours of its theme', () => {
    const page = pageOf('| a |\n|---|\n| b |', { theme: 'dark', frame: 'comment', width: 400 })
    expect(page).toContain('<td>b</td>')
    expect(page).toContain('color-scheme: dark')
    expect(page).toContain('.page { width: 400px; }')
  })
})

describe('the pictures of the README', () => {
  test.each(['summary-light.png', 'summary-dark.png', 'comment-light.png', 'comment-dark.png'])(
    '%s has GitHub’s width and less than 150 KB',
    (name) => {
      const png = readFileSync(new URL(name, PICTURES))
      expect(png.toString('latin1', 1, 4)).toBe('PNG')
      expect(png.readUInt32BE(16)).toBe(1320)
      expect(png.length).toBeLessThan(150_000)
    },
  )

  test('are all that there is in their folder', () => {
    expect(readdirSync(PICTURES)).toHaveLength(4)
  })
})
