/** What the log shows of a package. */

import { describe, expect, test } from '@jest/globals'
import { describePackage } from '../../../src/report/log.ts'
import type { Archive } from '../../../src/source/source.ts'

function archive(sizes: Readonly<Record<string, number>>): Archive {
  const entries = Object.entries(sizes).map(([name, packedBytes]) => ({
    name,
    packedBytes,
    sizeBytes: packedBytes * 3,
    crc32: 0,
  }))
  const total = entries.reduce((sum, { packedBytes }) => sum + packedBytes, 0)
  return { chunks: [], sizeBytes: total + 100, sha256: '', entries, unpackedBytes: total * 3 }
}

describe('the lines about a package', () => {
  const selection = { files: [], warnings: [] }

  test('stand under how much goes in', () => {
    const packed = archive({ 'a.js': 1000, 'b/c.js': 2048 })
    const { title } = describePackage({
      archive: packed,
      selection: { ...selection, excluded: [] },
    })
    expect(title).toBe('Package: 2 files, 8.9 KiB; zip 3.1 KiB')
  })

  test('say which files are the largest, and what each rule left out', () => {
    const excluded = [
      { rule: 'built-in .git', count: 0, folders: 1 },
      { rule: 'exclude *.log', count: 2, folders: 0 },
      { rule: '.ycignore tmp', count: 1, folders: 3 },
    ]
    const { lines } = describePackage({
      archive: archive({ 'a.js': 1000, 'b/c.js': 2048 }),
      selection: { ...selection, excluded },
    })
    expect(lines).toEqual([
      'Largest, packed and unpacked:',
      '       2 KiB      6 KiB  `b/c.js`',
      '      1000 B    2.9 KiB  `a.js`',
      'Left out:',
      '  `built-in .git`: 1 folder with everything below',
      '  `exclude *.log`: 2 files',
      '  `.ycignore tmp`: 1 file, 3 folders with everything below',
    ])
  })

  test('name ten files at most, and nothing more when nothing was left out', () => {
    const sizes = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`f${at}`, at + 1]))
    const { lines } = describePackage({
      archive: archive(sizes),
      selection: { ...selection, excluded: [] },
    })
    expect(lines).toHaveLength(1 + 10)
  })

  test('cannot be broken by a name', () => {
    const excluded = [{ rule: 'exclude \u0085::error::', count: 1, folders: 0 }]
    const { lines } = describePackage({
      archive: archive({ 'a\n::error::x': 1, 'a\u2028b': 1 }),
      selection: { ...selection, excluded },
    })
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
  })
})
