/** Untrusted text is escaped in the log and in Markdown; values, lists and problems are formatted. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import {
  clip,
  formatBytes,
  hideLinks,
  listNames,
  listProblems,
  logText,
  markdownBlock,
  markdownProse,
  markdownText,
  oneLine,
  plain,
  urlPart,
  withoutValues,
} from '../../src/text.ts'
import { HOSTILE } from '../support/hostile.ts'
import { elementsOf, textOf } from '../support/html.ts'

/** Whether the runner would take a line of its log for a command, as its source has it. */
const isCommand = (line: string): boolean =>
  line.replace(/^[\s\u0085]+/, '').startsWith('::') || line.includes('##[')

describe('plain text', () => {
  test.each([
    ['a\r\nb\nc\td', 'a\nb\nc\td'],
    ['a\rb\u0000c\u001bd\u007fe\u009bf', 'a b c d e f'],
    ['a\u2028b\u2029c\u202ed\u2066e\u2069f\u202ag', 'a b c d e f g'],
    ['привет 👋 ж', 'привет 👋 ж'],
    ['\v\f\b', '   '],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(plain(text)).toBe(expected)
  })

  test('on one line has blanks for its line breaks and tabs', () => {
    expect(oneLine('a\n\n\tb\r\nc\rd')).toBe('a b c d')
  })
})

describe('links', () => {
  test.each([
    [
      'see https://s.example/op.output?Sig=abc and http://x.example/?a=b&c#d.',
      'see https://s.example/op.output?*** and http://x.example/?***',
    ],
    ['https://x.example/a', 'https://x.example/a'],
    [
      'storage.example/b/k?X-Amz-Signature=abc&X-Amz-Date=1 and Signature=d',
      'storage.example/b/k?X-Amz-Signature=***&X-Amz-Date=*** and Signature=***',
    ],
    ['what? https://x.example/', 'what? https://x.example/'],
    ['https://x.example/what?', 'https://x.example/what?'],
    ['("https://x.example/?a=(1)")', '("https://x.example/?***'],
    ["https://x.example/?a='(b)'\\c]d! more", 'https://x.example/?*** more'],
    [
      'https://x.example/?a=b?c=d https://y.example/?e',
      'https://x.example/?*** https://y.example/?***',
    ],
    ['HTTPS://x.example/a?b', 'HTTPS://x.example/a?***'],
    ['https://x.example/#access_token=abc', 'https://x.example/?***'],
    ['https://x.example/a?b=1&amp;c=2', 'https://x.example/a?***'],
    ['https://x.example/a&#63;b=1', 'https://x.example/a&?***'],
    ['https://x.example/a\\u003fb=1\\u0026c=2', 'https://x.example/a?***'],
    ['https:\\/\\/x.example\\/a?b=1', 'https:\\/\\/x.example\\/a?***'],
    [
      'https://x.example/to/https%3A%2F%2Fy%3Fsig%3Dabc',
      'https://x.example/to/https%3A%2F%2Fy?***',
    ],
    ['https://user:hunter2@x.example/a', 'https://***@x.example/a'],
    ['postgres://user:hunter2@db.example/app', 'postgres://***@db.example/app'],
    ['https://x.example,https://user:hunter2@y.example', 'https://x.example,https://***@y.example'],
    ['https://registry.npmjs.org/@types/node', 'https://registry.npmjs.org/@types/node'],
    ['', ''],
  ])('in %j have nothing that gives access', (text, hidden) => {
    expect(hideLinks(text)).toBe(hidden)
    expect(hideLinks(hidden)).toBe(hidden)
  })

  test.each([markdownText, markdownBlock, markdownProse])(
    'in Markdown have nothing that gives access: %p',
    (escape) => {
      expect(
        escape('see https://u:hunter2@x.example/a?Sig=hunter2`&b=hunter2#hunter2'),
      ).not.toContain('hunter2')
    },
  )

  test('are found in a time that grows with the text alone', () => {
    const startedAt = performance.now()
    for (const piece of ['https://', '://a@', 'a', '://?', '%3', 'https:\\/']) {
      hideLinks(piece.repeat(200_000))
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})

describe('values that nobody is to see', () => {
  test.each<[string, string, readonly string[] | undefined, string]>([
    ['are stars wherever they stand', 'sesame, and sesame', ['sesame'], '***, and ***'],
    [
      'are hidden whole where one begins with another',
      'sesame-opens',
      ['sesame', 'sesame-opens'],
      '***',
    ],
    ['are left where they are so short that they may be a word', 'the info', ['info'], 'the info'],
    ['hold no pattern', 'a.c.e.g and abcdefg', ['a.c.e.g'], '*** and abcdefg'],
    ['may be none', 'sesame', undefined, 'sesame'],
    ['are found as JSON writes them', '{"a":"pa\\"ss\\\\word"}', ['pa"ss\\word'], '{"a":"***"}'],
    [
      'are found in JSON within JSON',
      '"{\\"a\\":\\"se\\\\\\"same\\"}"',
      ['se"same'],
      '"{\\"a\\":\\"***\\"}"',
    ],
    [
      'are found line by line',
      '1: line-one\n2: line-two',
      ['line-one\r\nline-two'],
      '1: ***\n2: ***',
    ],
  ])('%s', (_, text, values, shown) => {
    expect(withoutValues(text, values)).toBe(shown)
  })
})

describe('a part of an address', () => {
  test.each([
    ['v1.2-rc_3', 'v1.2-rc_3'],
    ["a)b(c#d'e", 'a%29b%28c%23d%27e'],
    ['a/b?c', 'a%2Fb%3Fc'],
    ['b1g\ud800', 'b1g%EF%BF%BD'],
  ])('of %j is %j', (text, part) => {
    expect(urlPart(text)).toBe(part)
  })
})

test('a text is cut only when it is too long, and says so', () => {
  expect([clip('abc', 3), clip('abcd', 3)]).toEqual(['abc', 'abc… (cut)'])
})

describe('a line of the log', () => {
  test.each(HOSTILE)('is never a command: %j', (text) => {
    for (const line of logText(text).split('\n')) expect(isCommand(line)).toBe(false)
  })

  test.each(['a::b', 'std::vector', ':not', 'key: value', 'a\n  b', 'C:\\x', '#[x]'])(
    'that is none stays as it is: %j',
    (text) => {
      expect(logText(text)).toBe(text)
    },
  )

  test.each([
    ['::error::x', ':\u200b:error::x'],
    ['a\n \t::x', 'a\n \t:\u200b:x'],
    ['##[x] ##[y]', '##\u200b[x] ##\u200b[y]'],
  ])('that would be one is broken by an invisible character: %j', (text, expected) => {
    expect(logText(text)).toBe(expected)
  })

  test('is made in a time that grows with its length only', () => {
    const text = '\n'.repeat(200_000)
    expect(logText(text)).toBe(text)
    expect(logText(' '.repeat(200_000))).toHaveLength(200_000)
  })
})

describe('text in Markdown', () => {
  test.each(HOSTILE)('shows exactly its characters: %j', (text) => {
    const html = marked.parse(`| ${markdownText(text)} |\n|---|\n| ${markdownText(text)} |`, {
      async: false,
    })
    expect(elementsOf(html)).toEqual([
      '<table>',
      '<thead>',
      '<tr>',
      '<th>',
      '</th>',
      '</tr>',
      '</thead>',
      '<tbody>',
      '<tr>',
      '<td>',
      '</td>',
      '</tr>',
      '</tbody>',
      '</table>',
    ])
    const shown = oneLine(text).trim()
    expect(
      textOf(html)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ).toEqual(shown === '' ? [] : [shown, shown])
  })

  test.each(HOSTILE)('is no heading, list or quotation at the start of a line: %j', (text) => {
    const html = marked.parse(`${markdownText(text.trim())}<br>`, { async: false })
    expect(elementsOf(html)).toEqual(['<p>', '<br>', '</p>'])
  })

  test('leaves letters of any script, digits, blanks and slashes', () => {
    expect(markdownText('src/Привет 1 é')).toBe('src/Привет 1 é')
    expect(markdownText('a&b 👋')).toBe('a&#38;b &#128075;')
  })
})

describe('a block in Markdown', () => {
  test.each(HOSTILE)('shows exactly its characters: %j', (text) => {
    const html = marked.parse(`before\n\n${markdownBlock(text)}\n\nafter`, { async: false })
    expect(elementsOf(html)).toEqual(['<p>', '</p>', '<pre>', '</pre>', '<p>', '</p>'])
    const shown = /<pre>([\s\S]*)<\/pre>/.exec(textOf(html, { keep: ['pre'] }))?.[1]
    expect(shown?.replaceAll('\u200b', '')).toBe(plain(text))
  })

  test.each(['', '\n', '\n\n', 'a\n', '\n\na', 'a\n \n\t\nb'])(
    'has no blank line that would end it: %j',
    (text) => {
      const block = markdownBlock(text)
      expect(block.slice(0, -'</pre>'.length)).not.toMatch(/\n\s*\n/)
    },
  )

  test('is made in a time that grows with its length only', () => {
    expect(markdownBlock('\n'.repeat(200_000)).length).toBeGreaterThan(200_000)
  })
})

test.each([
  [0, '0 B'],
  [412, '412 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1_048_575, '1 MiB'],
  [1_048_576, '1 MiB'],
  [3_670_016, '3.5 MiB'],
  [134_217_728, '128 MiB'],
  [5_000_000_000, '4.7 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [[], ''],
  [['a'], '`a`'],
  [['a', 'b'], '`a` and `b`'],
  [['a', 'b', 'c'], '`a`, `b` and `c`'],
])('names %j are listed as %j', (names, list) => {
  expect(listNames(names)).toBe(list)
})

describe('problems', () => {
  test('are one sentence, or a list with a title', () => {
    expect(listProblems(['a'], 'inputs')).toBe('a')
    expect(listProblems(['a', 'b'], 'inputs')).toBe('2 problems with the inputs:\na\nb')
  })

  test('beyond the fiftieth are only counted', () => {
    const problems = Array.from({ length: 60 }, (_, at) => `p${at}`)
    const lines = listProblems(problems, 'inputs').split('\n')
    expect(lines).toHaveLength(1 + 50 + 1)
    expect(lines.at(-1)).toBe('and 10 more')
  })
})
