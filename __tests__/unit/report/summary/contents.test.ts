/** Where the bytes of a package are: in few rows, and in names that are nothing but names. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import { contentsTable } from '../../../../src/report/summary/contents.ts'

/** Entries with these packed sizes. */
function archive(sizes: Readonly<Record<string, number>>) {
  return Object.entries(sizes).map(([name, packedBytes]) => ({ name, packedBytes }))
}

/** Many folders with a file each, of 100 bytes and more. */
function folders(count: number, prefix = 'node_modules/'): Record<string, number> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`${prefix}p${at}/index.js`, 100 + at]),
  )
}

const rowsOf = (sizes: Readonly<Record<string, number>>): readonly string[] =>
  contentsTable(archive(sizes)).slice(2)

describe('the table of what is in a package', () => {
  test('shows where the bytes are, with bars', () => {
    const table = contentsTable(
      archive({ 'lib/a/x.js': 3000, 'lib/b/y.js': 1000, 'index.js': 1000 }),
    )
    expect(table).toEqual([
      '| Folder or file | Share | Packed | Files |',
      '|---|---|--:|--:|',
      '| <code>lib/a/x&#46;js</code> | 60% ▪▪▪▪▪▪ | 2.9&nbsp;KiB | 1 |',
      '| <code>index&#46;js</code> | 20% ▪▪ | 1000&nbsp;B | 1 |',
      '| <code>lib/b/y&#46;js</code> | 20% ▪▪ | 1000&nbsp;B | 1 |',
    ])
  })

  test('takes apart a folder that has everything, and counts what has no row', () => {
    const rows = rowsOf(folders(300))
    expect(rows).toHaveLength(8)
    expect(rows[0]).toMatch(/<code>node&#95;modules\/p299\/<\/code> \|.*\| 1 \|$/)
    expect(rows[7]).toMatch(/^\| 293 more in <code>node&#95;modules\/<\/code> \|.*\| 293 \|$/)
  })

  test('counts what is left of each folder, and of further folders together', () => {
    const rows = rowsOf({
      ...{ 'a/large.js': 4_000, 'b/large.js': 4_000, 'c/large.js': 4_000 },
      ...folders(100, 'a/'),
      ...folders(100, 'b/'),
      ...folders(90, 'c/'),
      ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, 1])),
    })
    expect(rows).toHaveLength(10)
    expect(rows.slice(7)).toEqual([
      expect.stringMatching(/^\| 9\d more in <code>[ab]\/<\/code> \|.*\| 9\d \|$/),
      expect.stringMatching(/^\| 9\d more in <code>[ab]\/<\/code> \|.*\| 9\d \|$/),
      expect.stringMatching(/^\| 110 more \|.*\| 110 \|$/),
    ])
  })

  test('leaves a folder with few of the bytes in one piece', () => {
    expect(rowsOf({ 'index.js': 900, 'lib/a.js': 50, 'lib/b.js': 50 })[1]).toMatch(
      /^\| <code>lib\/<\/code> \|.*\| 2 \|$/,
    )
  })

  test('leaves a folder in one piece when nothing in it stands out', () => {
    const rows = rowsOf({ ...folders(25, 'lib/'), 'a.js': 3_000, 'b.js': 3_000 })
    expect(rows).toHaveLength(3)
    expect(rows[2]).toMatch(/^\| <code>lib\/<\/code> \|.*\| 25 \|$/)
  })

  test('names what is left when it is one', () => {
    const rows = rowsOf({ ...folders(300), 'index.js': 1 })
    expect(rows.slice(7)).toEqual([
      expect.stringMatching(/^\| 293 more in <code>node/),
      expect.stringMatching(/^\| <code>index&#46;js<\/code> \|.*\| 1 \|$/),
    ])
  })

  test('has a row for nothing', () => {
    expect(rowsOf({})).toEqual([])
    expect(rowsOf({ 'empty.txt': 0 })).toEqual([
      '| <code>empty&#46;txt</code> | 0% | 0&nbsp;B | 1 |',
    ])
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
    const html = await marked.parse(contentsTable(archive({ [name]: 1 })).join('\n'), { gfm: true })
    expect(html.match(/<tr>/g)).toHaveLength(2)
    const cell = /<code>(.*?)<\/code>/s.exec(html)?.[1] ?? ''
    expect(cell).not.toMatch(/[<`*[\]@~$\n]/)
    expect(html).not.toMatch(/<(?:a|img|script|strong|em|del)\b/)
  })
})
