/** The table of a summary: names and sizes, and no value that nobody may see. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import type { KnownFacts } from '../../../../src/deploy/progress.ts'
import type { RunContext } from '../../../../src/ports.ts'
import type { RunEnd } from '../../../../src/report/summary/end.ts'
import { factsSection } from '../../../../src/report/summary/facts.ts'
import { timeOf } from '../../../../src/report/summary/times.ts'
import { FACTS } from '../../../support/facts.ts'
import { CONTEXT } from '../../../support/fakes.ts'
import { textOf } from '../../../support/html.ts'
import { inputsOf } from '../../../support/inputs.ts'
import { planOf } from '../../../support/plans.ts'

/** The rows as a reader sees them. */
function rows(
  known: KnownFacts,
  context: Partial<RunContext> = {},
): Readonly<Record<string, string>> {
  const end = { known: { ...FACTS, ...known }, context: { ...CONTEXT, ...context }, times: {} }
  const html = marked.parse(factsSection({ ...end, durationMs: 12_345 }).join('\n'), {
    async: false,
  })
  return Object.fromEntries(
    [...html.matchAll(/<th[^>]*>(.*?)<\/th><td>(.*?)<\/td>/g)].map(([, name = '', value = '']) => [
      name,
      textOf(value),
    ]),
  )
}

const SECRETIVE = inputsOf({
  environment: 'LEVEL=hunter1\nTOKEN=hunter2',
  secrets: 'PASSWORD=e6qhunter3/latest/hunter4',
  'service-account': 'aje1',
  concurrency: '4',
  tags: 'stable',
})

describe('the table', () => {
  test('says what runs, and of variables and secrets the names alone', () => {
    const table = rows({ inputs: SECRETIVE })
    expect(table).toMatchObject({
      Version: 'd4e2 tagged stable $latest',
      Runs: 'index.handler on nodejs22',
      Limits: '128 MiB, 5 s, 4 calls at once',
      Variables: 'LEVEL TOKEN',
      Secrets: 'PASSWORD',
      'Service account': 'aje1',
    })
    expect(JSON.stringify(table)).not.toContain('hunter')
  })

  test('says how the version passed its check, and nothing without one', () => {
    const checked = { kind: 'passed', tag: 'next', status: 204, calls: 1, isProven: true } as const
    expect(rows({ checked }).Check).toBe('passed: HTTP 204 with the tag next')
    const unchecked = Object.fromEntries(
      Object.entries(FACTS).filter(([fact]) => fact !== 'checked'),
    )
    const section = factsSection({ known: unchecked, context: CONTEXT, times: {}, durationMs: 0 })
    expect(section.join('')).not.toContain('Check')
  })

  test('counts names beyond forty', () => {
    const lines = Array.from({ length: 50 }, (_, at) => `V${at}=1`)
    const { Variables } = rows({ inputs: inputsOf({ environment: lines.join('\n') }) })
    expect(Variables).toMatch(/^V0 V1 .* V39 and 10 more$/)
  })

  test('does not call a version $latest that was live already', () => {
    expect(rows({ skipped: true }).Version).toBe('d4e2 (was live already)')
  })

  test.each<[string, Partial<RunContext>]>([
    ['a server', { serverUrl: undefined }],
    ['a server of the web', { serverUrl: 'javascript:alert(1)' }],
    ['a commit', { sha: undefined }],
    ['a commit that is one', { sha: '"><b>' }],
    ['a repository that is one', { repository: 'a/b/"' }],
  ])('has no commit without %s', (_, context) => {
    expect(rows({}, context)).not.toHaveProperty('Commit')
    expect(rows({}).Commit).toBe('octo-org/hello@0123456')
  })

  const file = (name: string, crc32 = 1) => ({ name, crc32, sizeBytes: 1 })
  const code = {
    kind: 'package',
    sha256: 'cd'.repeat(32),
    sizeBytes: 2048,
    files: [file('a', 2), file('b')],
  } as const
  const { archive } = FACTS.package
  const OTHER = { ...FACTS.package, archive: { ...archive, sha256: code.sha256 } }
  test.each<[string, KnownFacts, string]>([
    ['nothing was live', { plan: planOf({}) }, ''],
    [
      'the live one can be read',
      {
        plan: planOf({
          live: {},
          known: { livePackage: { sizeBytes: 3072, files: [file('a'), file('c')] } },
          wanted: { code },
        }),
      },
      '; −1 KiB, 1 changed, 1 added, 1 removed',
    ],
    ['another one was live', { plan: planOf({ live: {} }) }, '; changed'],
    ['the same was live', { package: FACTS.package }, '; unchanged'],
  ])('compares the package when %s', (_, known, comparison) => {
    expect(rows({ package: OTHER, ...known }).Package).toBe(`2 KiB, 2 files${comparison}`)
  })

  test('says whose code was taken when none was sent', () => {
    const sent = { kind: 'version', versionId: 'd4e0', sha256: undefined } as const
    expect(rows({ code: sent }).Package).toBe('the code of d4e0; nothing was uploaded')
  })
})

describe('the time', () => {
  const time = (times: RunEnd['times'], durationMs: number): string =>
    timeOf({ known: {}, context: CONTEXT, times, durationMs }).replaceAll('\u00a0', ' ')

  test.each<[string, RunEnd['times'], number, string]>([
    [
      'of a deployment is split by its stages',
      { inputs: 1, plan: 1_200, skipped: 1_500, build: 2_300, version: 12_200 },
      12_600,
      '12.6 s: packing and reading 1.2 s, function 0.3 s, upload 0.8 s, build 9.9 s, rest 0.4 s',
    ],
    [
      'of a failed check has what was restored',
      { plan: 300, skipped: 300, build: 400, version: 8_000, checked: 12_000, restored: 17_000 },
      17_100,
      '17.1 s: packing and reading 0.3 s, upload 0.1 s, build 7.6 s, check 4.0 s, restoring 5.0 s, rest 0.1 s',
    ],
    ['of a plan is one figure', { plan: 300 }, 310, '0.3 s'],
    [
      'of a failed build has the build',
      { plan: 1_000, skipped: 1_000, build: 1_500 },
      9_500,
      '9.5 s: packing and reading 1.0 s, upload 0.5 s, build 8.0 s',
    ],
    ['of a run that came to nothing is one figure', {}, 40, '0.0 s'],
  ])('%s', (_, times, durationMs, shown) => {
    expect(time(times, durationMs)).toBe(shown)
  })
})
