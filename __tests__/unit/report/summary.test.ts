/** The job summary: what is known at the end of a run, and nothing that foreign text would have it say. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import type { KnownFacts } from '../../../src/deploy/progress.ts'
import {
  DeployError,
  ERRORS,
  type DeployErrorOptions,
  type ErrorCode,
} from '../../../src/errors.ts'
import { failureSummary, successSummary } from '../../../src/report/summary.ts'
import { plain } from '../../../src/text.ts'
import { FACTS, FUNCTION, PACKED } from '../../support/facts.ts'
import { HOSTILE } from '../../support/hostile.ts'
import { elementsOf, textOf } from '../../support/html.ts'

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

const success = (changes: KnownFacts = {}): string =>
  successSummary({ ...FACTS, ...changes }, 12_345)

/** The facts with a function that differs from the usual one. */
const withFunction = (fields: Partial<typeof FUNCTION>): KnownFacts => ({
  function: { function: { ...FUNCTION, ...fields }, origin: 'found' },
})

describe('the summary of a run that succeeds', () => {
  test('says that a version was accepted when its build is not waited for', () => {
    const summary = success({ version: { id: 'd4e2', isReady: false } })
    expect(lines(summary)[0]).toBe('Accepted a version of hello')
  })

  test('without a package has neither its rows nor its table', () => {
    const summary = successSummary({ function: FACTS.function, inputs: FACTS.inputs }, 12_345)
    expect(lines(summary)).toEqual([
      'Deployed hello',
      ...['Function', 'hello (d4e1)'],
      ...['Runtime', 'nodejs22'],
      ...['Memory', '128 MiB'],
      ...['Duration', '12.3 s'],
    ])
  })

  test('has no link to the console when the folder is unknown', () => {
    const summary = success(withFunction({ folderId: '', name: '' }))
    expect(linksOf(summary)).toEqual([])
    expect(lines(summary)).toContain('d4e1 (d4e1)')
  })
})

describe('the summary of a run that fails', () => {
  const summaryOf = (code: ErrorCode, options: DeployErrorOptions = {}, link = DOCS): string =>
    failureSummary({
      error: new DeployError(code, 'line 1\n\nline <2>', options),
      link,
      buildLog: undefined,
      known: FACTS,
      durationMs: 12_345,
    })

  test('shows the backticks of a title and a hint as code', () => {
    const { hint } = ERRORS.OPERATION_TIMEOUT
    const html = textOf(render(summaryOf('OPERATION_TIMEOUT', { hint })), { keep: ['code', 'h3'] })
    expect(html).toContain(
      '<h3>OPERATION_TIMEOUT: The operation took longer than <code>wait-timeout</code></h3>',
    )
    expect(html).toContain('look it up with <code>yc operation get <id></code>')
  })

  test('has a path where the documentation is not on the web', () => {
    const summary = summaryOf('CANCELLED', {}, '/w/docs/TROUBLESHOOTING.md#cancelled')
    expect(lines(summary)).toContain('More about CANCELLED: /w/docs/TROUBLESHOOTING.md#cancelled')
    expect(linksOf(summary)).toHaveLength(1)
  })

  test('keeps the lines of a hint and their indentation', () => {
    const summary = summaryOf('AUTH_FAILED', { hint: 'Add:\npermissions:\n  id-token: write' })
    expect(textOf(render(summary), { keep: ['br'] })).toContain(
      'Add:<br>\npermissions:<br>\n\u00a0\u00a0id-token: write',
    )
  })

  test('shows which folders of a package that is too large are the largest', () => {
    const { entries } = PACKED.archive
    const summary = summaryOf('SOURCE_TOO_LARGE', { evidence: { kind: 'largest files', entries } })
    expect(lines(summary)).toEqual(expect.arrayContaining(['index.js', 'lib/']))
  })
})

describe('hostile text', () => {
  test.each(HOSTILE)('in what the cloud says is only text: %j', (text) => {
    const of = (text: string): string =>
      success({
        ...withFunction({ name: text }),
        inputs: { ...FACTS.inputs, settings: { ...FACTS.inputs.settings, runtime: text } },
        build: { ...FACTS.build, operation: { ...FACTS.build.operation, id: text } },
        version: { id: text, isReady: true },
      })
    expect(tagsOf(of(text))).toEqual(tagsOf(of('harmless')))
  })

  test.each(HOSTILE)('in ids is only text, and leads nowhere else: %j', (text) => {
    const summary = success(withFunction({ id: text, folderId: text }))
    expect(linksOf(summary)).toEqual([
      expect.stringMatching(
        /^<a href="https:\/\/console\.yandex\.cloud\/folders\/[^/"<>]+\/functions\/functions\/[^/"<>]+">$/,
      ),
    ])
    const shape = (markdown: string): string[] =>
      tagsOf(markdown).map((tag) => tag.replace(/ .*/, '>'))
    expect(shape(summary)).toEqual(shape(success()))
  })

  test.each(HOSTILE)('in a failure is only text: %j', (text) => {
    const of = (text: string): string =>
      failureSummary({
        error: new DeployError('API_REJECTED', text, {
          hint: text.replaceAll(/[\r\n]+/g, ' ').trim(),
          details: { [text.trim()]: text },
        }),
        link: DOCS,
        buildLog: { lines: [], tail: [text] },
        known: {},
        durationMs: 0,
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
      success({
        package: {
          ...PACKED,
          archive: {
            ...PACKED.archive,
            entries: [{ name, sizeBytes: 1, packedBytes: 1, crc32: 0 }],
          },
        },
      })
    expect(tagsOf(of(text.replaceAll('/', '')))).toEqual(tagsOf(of('harmless')))
  })
})
