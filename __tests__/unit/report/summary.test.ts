/** The job summary: what is known at the end of a run, and nothing that foreign text would have it say. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import {
  DeployError,
  ERRORS,
  type DeployErrorOptions,
  type ErrorCode,
} from '../../../src/errors.ts'
import type { Archive } from '../../../src/source/source.ts'
import { failureSummary, successSummary, type Facts } from '../../../src/report/summary.ts'
import { plain } from '../../../src/text.ts'
import { HOSTILE } from '../../support/hostile.ts'
import { elementsOf, textOf } from '../../support/html.ts'

const ARCHIVE: Archive = {
  chunks: [],
  sizeBytes: 2048,
  unpackedBytes: 4096,
  sha256: 'ab'.repeat(32),
  entries: [
    { name: 'index.js', sizeBytes: 4000, packedBytes: 2000, crc32: 0 },
    { name: 'lib/a.js', sizeBytes: 96, packedBytes: 48, crc32: 0 },
  ],
}
const FUNCTION = {
  id: 'd4e1',
  folderId: 'b1g1',
  name: 'hello',
  description: '',
  labels: {},
  httpInvokeUrl: 'https://functions.example/d4e1',
  status: 'ACTIVE',
}
const FACTS: Facts = {
  function: FUNCTION,
  archive: ARCHIVE,
  runtime: 'nodejs22',
  memoryBytes: 128 * 1024 ** 2,
  operationId: 'op1',
  versionId: 'd4e2',
  isReady: true,
  durationMs: 12_345,
}
const DOCS = 'https://github.com/o/r/blob/v1/docs/TROUBLESHOOTING.md#api_rejected'

const render = (markdown: string): string => marked.parse(markdown, { async: false })
const tagsOf = (markdown: string): readonly string[] => elementsOf(render(markdown))
const linksOf = (markdown: string): readonly string[] =>
  tagsOf(markdown).filter((tag) => tag.startsWith('<a'))
const lines = (markdown: string): string[] =>
  textOf(render(markdown))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

describe('of a success', () => {
  test('tells all that is known, with a link to the console', () => {
    const summary = successSummary(FACTS)
    expect(lines(summary).slice(0, 17)).toEqual([
      'Deployed hello',
      ...['Function', 'hello (d4e1)'],
      ...['Version', 'd4e2'],
      ...['Operation', 'op1'],
      ...['Runtime', 'nodejs22'],
      ...['Memory', '128 MiB'],
      ...['Package', '2 KiB, 2 files'],
      ...['SHA-256', 'ab'.repeat(32)],
      ...['Duration', '12.3 s'],
    ])
    expect(linksOf(summary)).toEqual([
      '<a href="https://console.yandex.cloud/folders/b1g1/functions/functions/d4e1">',
    ])
    expect(summary).toContain('<details><summary>Where the bytes are</summary>')
  })

  test('that was not waited for says that it was accepted', () => {
    const summary = successSummary({ ...FACTS, isReady: false })
    expect(lines(summary)[0]).toBe('Accepted a version of hello')
  })

  test('without a package has neither its rows nor its table', () => {
    const summary = successSummary({ function: FUNCTION, runtime: 'nodejs22' })
    expect(lines(summary)).toEqual([
      'Deployed hello',
      ...['Function', 'hello (d4e1)'],
      ...['Runtime', 'nodejs22'],
    ])
  })

  test('of a function without a folder has no link', () => {
    const summary = successSummary({ function: { ...FUNCTION, folderId: '', name: '' } })
    expect(linksOf(summary)).toEqual([])
    expect(lines(summary)).toContain('d4e1 (d4e1)')
  })

  test('of which nothing is known has no table', () => {
    expect(tagsOf(successSummary({}))).toEqual(['<h3>', '</h3>'])
  })
})

describe('of a failure', () => {
  const summaryOf = (code: ErrorCode, options: DeployErrorOptions = {}, link = DOCS): string =>
    failureSummary({
      ...FACTS,
      error: new DeployError(code, 'line 1\n\nline <2>', options),
      link,
    })

  /** As our own texts are shown: what stands in backticks is code. */
  const withCode = (text: string): string => text.replaceAll(/`([^`]*)`/g, '<code>$1</code>')

  test.each(Object.keys(ERRORS) as ErrorCode[])(
    'of the code %s tells code, message, advice and where to read on',
    (code) => {
      const summary = summaryOf(code, { details: { 'operation id': 'op1' } })
      const shown = lines(summary)
      const html = textOf(render(summary), { keep: ['code', 'h3'] })
      expect(html).toContain(`<h3>${code}: ${withCode(ERRORS[code].title)}</h3>`)
      for (const line of ['line 1', 'line <2>', 'operation id: op1', `More about ${code}`]) {
        expect(shown).toContain(line)
      }
      expect(html.split('\n')).toContain(withCode(ERRORS[code].hint))
      expect(shown).toContain('hello (d4e1)')
      expect(linksOf(summary)[0]).toBe(`<a href="${DOCS}">`)
    },
  )

  test('has a path where the documentation is not on the web', () => {
    const summary = summaryOf('CANCELLED', {}, '/w/docs/TROUBLESHOOTING.md#cancelled')
    expect(lines(summary)).toContain('More about CANCELLED: /w/docs/TROUBLESHOOTING.md#cancelled')
    expect(linksOf(summary)).toHaveLength(1)
  })

  test('has the advice on the lines it has, with their indentation', () => {
    const summary = summaryOf('AUTH_FAILED', { hint: 'Add:\npermissions:\n  id-token: write' })
    expect(textOf(render(summary), { keep: ['br'] })).toContain(
      'Add:<br>\npermissions:<br>\n\u00a0\u00a0id-token: write',
    )
  })

  test('has the table of its error', () => {
    const summary = summaryOf('SOURCE_TOO_LARGE', { markdown: '| a |\n|---|\n| b |' })
    expect(render(summary)).toContain('<td>b</td>')
  })
})

describe('hostile text', () => {
  test.each(HOSTILE)('in what the cloud says is only text: %j', (text) => {
    const of = (text: string): string =>
      successSummary({
        ...FACTS,
        function: { ...FUNCTION, name: text },
        runtime: text,
        operationId: text,
        versionId: text,
      })
    expect(tagsOf(of(text))).toEqual(tagsOf(of('harmless')))
  })

  test.each(HOSTILE)('in ids is only text, and leads nowhere else: %j', (text) => {
    const hostile = { ...FACTS, function: { ...FUNCTION, id: text, folderId: text } }
    const summary = successSummary(hostile)
    expect(linksOf(summary)).toEqual([
      expect.stringMatching(
        /^<a href="https:\/\/console\.yandex\.cloud\/folders\/[^/"<>]+\/functions\/functions\/[^/"<>]+">$/,
      ),
    ])
    const shape = (markdown: string): string[] =>
      tagsOf(markdown).map((tag) => tag.replace(/ .*/, '>'))
    expect(shape(summary)).toEqual(shape(successSummary(FACTS)))
  })

  test.each(HOSTILE)('in a failure is only text: %j', (text) => {
    const of = (text: string): string =>
      failureSummary({
        error: new DeployError('API_REJECTED', text, {
          hint: text.replaceAll(/[\r\n]+/g, ' ').trim(),
          details: { [text.trim()]: text },
        }),
        link: DOCS,
      })
    // Backticks make code of a hint, and nothing else.
    const apartFromCode = (markdown: string): readonly string[] =>
      tagsOf(markdown).filter((tag) => !/^<\/?code>$/.test(tag))
    expect(apartFromCode(of(text))).toEqual(apartFromCode(of('harmless')))
    expect(tagsOf(of(text))).toEqual(tagsOf(of(text.replaceAll(/[^`]+/g, 'x'))))
    const backticks = text.split('`').length - 1
    expect(tagsOf(of(text)).filter((tag) => tag === '<code>')).toHaveLength(
      1 + Math.ceil(backticks / 2),
    )
    expect(textOf(render(of(text))).replaceAll('\u200b', '')).toContain(plain(text))
  })

  test.each(HOSTILE)('in names of files is only text: %j', (text) => {
    const of = (name: string): string =>
      successSummary({
        archive: { ...ARCHIVE, entries: [{ name, sizeBytes: 1, packedBytes: 1, crc32: 0 }] },
      })
    expect(tagsOf(of(text.replaceAll('/', '')))).toEqual(tagsOf(of('harmless')))
  })
})
