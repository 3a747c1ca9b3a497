import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'

import { describeSelection, largestFolders } from '../../../src/report/package.ts'
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

describe('the lines about a selection', () => {
  const selection = { files: [], warnings: [] }

  test('say how much goes in, the largest files, and what each rule left out', () => {
    const lines = describeSelection(
      {
        ...selection,
        excluded: [
          { rule: 'built-in .git', count: 0, folders: 1 },
          { rule: 'exclude *.log', count: 2, folders: 0 },
          { rule: '.ycignore tmp', count: 1, folders: 3 },
        ],
      },
      archive({ 'a.js': 1000, 'b/c.js': 2048 }),
    )
    expect(lines).toEqual([
      '2 files, 8.9 KiB; zip 3.1 KiB',
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
    const lines = describeSelection({ ...selection, excluded: [] }, archive(sizes))
    expect(lines).toHaveLength(2 + 10)
    expect(lines[0]).toMatch(/^15 files/)
  })

  test('cannot be broken by a name', () => {
    const lines = describeSelection(
      { ...selection, excluded: [{ rule: 'exclude \u0085::error::', count: 1, folders: 0 }] },
      archive({ 'a\n::error::x': 1, 'a\u2028b': 1 }),
    )
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
  })
})

describe('the table of the largest folders', () => {
  test('shows where the bytes are, with bars', () => {
    const table = largestFolders(
      archive({ 'node_modules/a/x.js': 3000, 'node_modules/b/y.js': 1000, 'index.js': 1000 }),
    )
    expect(table.split('\n')).toEqual([
      '| Folder or file | Files | Packed | Share |',
      '|---|--:|--:|---|',
      '| <code>node&#95;modules/a/</code> | 1 | 2.9 KiB | ████████████████████ 60% |',
      '| <code>index&#46;js</code> | 1 | 1000 B | ███████ 20% |',
      '| <code>node&#95;modules/b/</code> | 1 | 1000 B | ███████ 20% |',
    ])
  })

  test('takes the largest folder apart, and sums up what does not fit', () => {
    const sizes: Record<string, number> = { 'src/index.js': 5 }
    for (let at = 0; at < 30; at += 1) sizes[`node_modules/p${at}/index.js`] = 100 + at
    const rows = largestFolders(archive(sizes)).split('\n').slice(2)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatch(/node&#95;modules\/<\/code> \| 30 \|/)

    delete sizes['src/index.js']
    const split = largestFolders(archive(sizes)).split('\n').slice(2)
    expect(split).toHaveLength(11)
    expect(split[0]).toMatch(/node&#95;modules\/p29\//)
    expect(split[10]).toMatch(/^\| <code>&#8230;<\/code> \| 20 \|/)
  })

  test('has a row for nothing', () => {
    expect(largestFolders(archive({})).split('\n')).toHaveLength(2)
    expect(largestFolders(archive({ 'empty.txt': 0 }))).toContain('| 0 B | ▏ 0% |')
  })

  test.each([
    '<img src=x onerror=alert(1)>',
    '</code><script>x</script>',
    '| a | b |',
    '`x`',
    '**bold**',
    '[text](https://example.com)',
    'https://example.com',
    'www.example.com',
    'a@example.com',
    '@someone',
    '#1',
    '<!-- x',
    '&lt;b&gt;',
    '\u202Etxt.exe',
    'a\nb',
    '$$x$$',
    '~~x~~',
    ':tada:',
  ])('takes the name %s for nothing but a name', async (name) => {
    const html = await marked.parse(largestFolders(archive({ [name]: 1 })), { gfm: true })
    expect(html.match(/<tr>/g)).toHaveLength(2)
    const cell = /<code>(.*?)<\/code>/s.exec(html)?.[1] ?? ''
    expect(cell).not.toMatch(/[<`*[\]@~$\n]/)
    expect(html).not.toMatch(/<(?:a|img|script|strong|em|del)\b/)
  })
})
