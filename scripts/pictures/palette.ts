/** Makes pictures of text small: with a palette of their most frequent colours, where Chromium writes three bytes a dot. */

import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** A palette of PNG has one byte for a dot. */
const MAX_COLOURS = 256

/** The same picture. Takes what Chromium writes: 8 bits a channel, not interlaced. Throws TypeError for any other. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, channels, dots } = readPng(png)
  const counts = new Map<number, number>()
  for (let at = 0; at < dots.length; at += channels) {
    const colour = dots.readUIntBE(at, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_COLOURS)
    .map(([colour]) => colour)
  const indexOf = new Map(palette.map((colour, index) => [colour, index]))
  for (const colour of counts.keys()) {
    if (!indexOf.has(colour)) indexOf.set(colour, nearestIndex(colour, palette))
  }
  const lines = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = dots.readUIntBE((y * width + x) * channels, 3)
      lines[y * (width + 1) + 1 + x] = indexOf.get(colour) ?? 0
    }
  }
  const header = Buffer.from(png.subarray(16, 29))
  // Color type 3: a palette.
  header[9] = 3
  const colours = Buffer.alloc(palette.length * 3)
  for (const [index, colour] of palette.entries()) colours.writeUIntBE(colour, index * 3, 3)
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function nearestIndex(colour: number, palette: readonly number[]): number {
  const distances = palette.map((other) =>
    [0, 8, 16].reduce((sum, shift) => {
      const by = ((colour >> shift) & 255) - ((other >> shift) & 255)
      return sum + by * by
    }, 0),
  )
  return distances.indexOf(Math.min(...distances))
}

interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  /** Line by line, `channels` bytes a dot. */
  readonly dots: Buffer
}

function readPng(png: Buffer): Picture {
  const [depth, type, , , interlaced] = png.subarray(24, 29)
  if (depth !== 8 || interlaced !== 0 || (type !== 2 && type !== 6)) {
    throw new TypeError('the picture is not one of 8 bits a channel, in red, green and blue')
  }
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const channels = type === 2 ? 3 : 4
  const data: Buffer[] = []
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const name = png.toString('latin1', at + 4, at + 8)
    if (name === 'IDAT') data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const dots = unfilter(inflateSync(Buffer.concat(data)), { width, height, channels })
  return { width, height, channels, dots }
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfilter(lines: Buffer, { width, height, channels }: Omit<Picture, 'dots'>): Buffer {
  const length = width * channels
  const dots = Buffer.alloc(height * length)
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (length + 1)] ?? 0
    for (let x = 0; x < length; x++) {
      const at = y * length + x
      const left = x < channels ? 0 : (dots[at - channels] ?? 0)
      const up = y === 0 ? 0 : (dots[at - length] ?? 0)
      const corner = x < channels || y === 0 ? 0 : (dots[at - length - channels] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
      dots[at] = (lines[y * (length + 1) + 1 + x] ?? 0) + guess
    }
  }
  return dots
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const distances = [left, up, corner].map((value) => Math.abs(estimate - value))
  const least = Math.min(...distances)
  return [left, up, corner][distances.indexOf(least)] ?? 0
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
