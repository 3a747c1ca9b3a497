/** The job summary: what is known at the end of a run, and nothing that foreign text would have it say. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import type { KnownFacts } from '../../../../src/deploy/progress.ts'
import {
  DeployError,
  ERRORS,
  type DeployErrorOptions,
  type ErrorCode,
} from '../../../../src/errors.ts'
import { failureSummary, successSummary } from '../../../../src/report/summary/summary.ts'
import { isId, plain } from '../../../../src/text.ts'
import type { RunEnd } from '../../../../src/report/summary/end.ts'
import { CONTEXT } from '../../../support/fakes.ts'
import { FACTS, FUNCTION, PACKED } from '../../../support/facts.ts'
import { HOSTILE } from '../../../support/hostile.ts'
import { elementsOf, textOf } from '../../../support/html.ts'
import { inputsOf } from '../../../support/inputs.ts'
import { planOf } from '../../../support/plans.ts'

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

const endOf = (known: KnownFacts): RunEnd => ({
  known,
  context: CONTEXT,
  times: {},
  durationMs: 12_345,
})
const success = (changes: KnownFacts = {}): string =>
  successSummary(endOf({ ...FACTS, ...changes }))

/** The facts with a function that differs from the usual one. */
const withFunction = (fields: Partial<typeof FUNCTION>): KnownFacts => ({
  function: { function: { ...FUNCTION, ...fields }, origin: 'found' },
})

describe('the summary of a run that succeeds', () => {
  test('says that a version was accepted when its build is not waited for', () => {
    const summary = success({ version: { id: 'd4e2', isReady: false } })
    expect(lines(summary)[0]).toBe('Accepted a version of hello')
  })

  test('without a package has neither its row nor its table', () => {
    const summary = successSummary(endOf({ function: FACTS.function, inputs: FACTS.inputs }))
    expect(lines(summary)).toEqual([
      'Deployed hello',
      'Function in the console · Logs · Operations',
      'Commitocto-org/hello@0123456',
      'Runsindex.handler on nodejs22',
      'Limits128 MiB, 5 s',
      'Time12.3\u00a0s',
      'Ids and digests',
      'Function: d4e1',
      'Folder: b1g1',
    ])
  })

  test('has no link to the console when the folder is unknown', () => {
    const summary = success(withFunction({ folderId: '', name: '' }))
    expect(summary).not.toContain('console.yandex.cloud')
    expect(lines(summary)[0]).toBe('Deployed d4e00000000000000001')
  })

  test('has the plan first in a dry run, and neither a call nor a way back', () => {
    const { inputs, plan, package: packed, function: target } = FACTS
    const { release } = inputsOf({ 'dry-run': 'true' })
    const planned = { inputs: { ...inputs, release }, plan, package: packed, function: target }
    const summary = successSummary(endOf(planned))
    expect(lines(summary).slice(0, 2)).toEqual([
      'Plan for hello: code changes',
      'Compared with the version d4e00000000000000001 (tag $latest, created 2026-01-01 00:00 UTC).',
    ])
    expect(summary).not.toMatch(/curl|Roll back/)
  })

  const filesOf = (length: number, characters: number) => {
    const files = Array.from({ length }, (_, at) => ({
      name: `${'é'.repeat(characters)}/${at}`,
      sizeBytes: 1,
      crc32: 0,
    }))
    return planOf({ live: {}, known: { livePackage: { sizeBytes: 1, files } } })
  }

  test('leaves out what is too large, and says so', () => {
    const labels = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`label-${at}`, 'é'.repeat(4_000)]),
    )
    const summary = success({
      plan: planOf({ live: {}, wanted: { function: { description: undefined, labels } } }),
    })
    expect(Buffer.byteLength(summary)).toBeLessThan(2 ** 20)
    expect(lines(summary)).toContain('(The rest is too large for a summary: see the log.)')
    expect(summary).not.toContain('What changed')
    expect(summary).toContain('Unchanged: ')
    expect(summary).toContain('Ids and digests')
  })

  test('keeps the rows of a plan whose files have very many long names', () => {
    const summary = success({ plan: filesOf(200, 4_000) })
    expect(summary).not.toContain('too large')
    expect(summary).toContain('What changed')
    expect(summary).toContain('Files: 200 removed')
    expect(summary).toContain('é'.repeat(150))
    expect(summary).not.toContain('é'.repeat(151))
  })

  test.each(['-', '😀', '\ufffd'])('has room for all names of files, of %j alone', (character) => {
    const names = (kind: string): string[] =>
      Array.from({ length: 200 }, (_, at) => `${kind}${at}${character.repeat(400)}`)
    const file = (crc32: number) => (name: string) => ({ name, sizeBytes: 1, crc32 })
    const plan = planOf({
      live: {},
      known: {
        livePackage: {
          sizeBytes: 1,
          files: [...names('both').map(file(1)), ...names('old').map(file(1))],
        },
      },
      wanted: {
        code: {
          kind: 'package',
          sha256: 'cd'.repeat(32),
          sizeBytes: 1,
          files: [...names('both').map(file(2)), ...names('new').map(file(1))],
        },
      },
    })
    const summary = success({ plan })
    expect(summary).not.toContain('too large')
    expect(summary).toContain('Files: 200 changed, 200 added, 200 removed')
  })
})

describe('the summary of a run that fails', () => {
  const summaryOf = (code: ErrorCode, options: DeployErrorOptions = {}, link = DOCS): string =>
    failureSummary({
      ...endOf(FACTS),
      error: new DeployError(code, 'line 1\n\nline <2>', options),
      link,
      buildLog: [],
    })

  test('has a message that wraps as prose does', () => {
    const summary = summaryOf('API_REJECTED')
    expect(summary).not.toContain('<pre>')
    expect(textOf(render(summary), { keep: ['br'] })).toContain('line 1<br>\n<br>\nline <2>')
  })

  test('has a table of what points where', () => {
    const message =
      'It failed.\n\nWhat points where now:\nstable   d4e0  live before\n$latest  d4e2'
    const html = render(
      failureSummary({
        ...endOf({}),
        error: new DeployError('CHECK_FAILED', message),
        link: DOCS,
        buildLog: [],
      }),
    )
    expect(html).toMatch(
      /<th[^>]*><code>stable<\/code><\/th><td><code>d4e0<\/code> live before<\/td>/,
    )
    expect(html).toMatch(/<code>&#36;latest<\/code><\/th><td><code>d4e2<\/code><\/td>/)
  })

  test('has no table when nothing was done', () => {
    const summary = failureSummary({
      ...endOf({ inputs: FACTS.inputs }),
      error: new DeployError('INPUT_INVALID', 'x'),
      link: DOCS,
      buildLog: [],
    })
    expect(tagsOf(summary)).not.toContain('<table>')
  })

  test('has the last lines of a build in view, and more of them folded', () => {
    const tail = Array.from({ length: 20 }, (_, at) => `line ${at}`)
    const html = render(
      failureSummary({
        ...endOf(FACTS),
        error: new DeployError('OPERATION_FAILED', 'x'),
        link: DOCS,
        buildLog: tail,
      }),
    )
    const [open = '', folded = ''] = html.split('<details>')
    expect(open).toContain(`<pre>${tail.slice(8).join('\n')}</pre>`)
    expect(folded).toContain(`<pre>${tail.join('\n')}</pre>`)
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
    expect(linksOf(summary).join('')).not.toContain('TROUBLESHOOTING')
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
    const links = linksOf(summary).filter((tag) => !tag.includes('https://functions.example/'))
    const page = (name: string): unknown =>
      expect.stringMatching(
        new RegExp(
          `^<a href="https://console\\.yandex\\.cloud/folders/[^/"<>]+/functions/functions/[^/"<>]+/${name}">$`,
        ),
      )
    expect(links.slice(0, 3)).toEqual([page('overview'), page('logs'), page('operations')])
    expect(links.slice(3)).toEqual([expect.stringContaining('https://github.com/octo-org/hello/')])
    const shape = (markdown: string): string[] =>
      tagsOf(markdown).map((tag) => tag.replace(/ .*/, '>'))
    // An id that is none has no step that goes back.
    const id = isId(text) ? text : 'no id'
    expect(shape(summary)).toEqual(shape(success(withFunction({ id, folderId: 'x' }))))
  })

  test.each(HOSTILE)('in a failure is only text: %j', (text) => {
    const of = (text: string): string =>
      failureSummary({
        error: new DeployError('API_REJECTED', text, {
          hint: text.replaceAll(/[\r\n]+/g, ' ').trim(),
          details: { [text.trim()]: text },
        }),
        link: DOCS,
        buildLog: [text],
        ...endOf({}),
      })
    // Backticks make code of a hint and a message, line breaks are those of the text: nothing else.
    const apartFromCode = (markdown: string): readonly string[] =>
      tagsOf(markdown).filter((tag) => !/^<(?:\/?code|br)>$/.test(tag))
    expect(apartFromCode(of(text))).toEqual(apartFromCode(of('harmless')))
    expect(tagsOf(of(text))).toEqual(tagsOf(of(text.replaceAll(/[^`\n]+/g, 'x'))))
    const shown = textOf(render(of(text))).replaceAll(/[\s\u00a0\u200b`]+/g, ' ')
    expect(shown).toContain(
      plain(text)
        .replaceAll(/[\s`]+/g, ' ')
        .trim(),
    )
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
