/** A plan in the log and in the summary: the same table, nothing of what nobody may see, and nothing but text. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import type { LogLine } from '../../../src/ports.ts'
import { planUncompared, type Plan } from '../../../src/deploy/plan/plan.ts'
import { planHeadline, planLines } from '../../../src/report/plan.ts'
import { filesSection, planSection, unchangedSection } from '../../../src/report/summary/changes.ts'
import { CONTEXT } from '../../support/fakes.ts'
import { FUNCTION, planOf } from '../../support/plans.ts'
import { specOf } from '../../support/versions.ts'

const LIVE = {
  memory: '128Mb',
  environment: 'KEPT=hunter1\nLEVEL=hunter2\nGONE=hunter3',
  'log-level': 'info',
  'service-account': 'aje1',
  secrets: 'PASSWORD=e6q1/v1/password',
}
const AFTER = {
  memory: '256Mb',
  environment: 'KEPT=hunter1\nLEVEL=hunter4\nNEW=hunter5',
  'service-account': 'aje1',
  secrets: 'PASSWORD=e6q1/v2/password',
}
const planMarkdown = (shown: Plan): string =>
  [planSection, filesSection, unchangedSection]
    .map((section) =>
      section({ known: { plan: shown }, context: CONTEXT, times: {}, durationMs: 0 }),
    )
    .map((lines) => lines.join('\n'))
    .join('\n\n')
const file = (name: string, crc32 = 1) => ({ name, crc32, sizeBytes: 1 })

const plan = planOf({
  live: LIVE,
  after: AFTER,
  known: {
    livePackage: { sizeBytes: 52_429, files: [file('index.js'), file('same.js'), file('old.js')] },
  },
  wanted: {
    tags: ['stable', 'v1'],
    code: {
      kind: 'package',
      sha256: 'cd'.repeat(32),
      sizeBytes: 54_272,
      files: [file('index.js', 2), file('same.js'), file('new.js')],
    },
  },
})

const textsOf = (lines: readonly (string | LogLine)[]): readonly string[] =>
  lines.map((line) => (typeof line === 'string' ? line : line.text))

describe('the log', () => {
  test('tells a runner which lines it may colour', () => {
    const tones = planLines(plan).map((line) => (typeof line === 'string' ? undefined : line.tone))
    expect(tones.slice(0, 8)).toEqual([
      undefined,
      'changed',
      'changed',
      'removed',
      'changed',
      'added',
      'changed',
      'removed',
    ])
  })

  test('has what differs, with signs, and counts the rest', () => {
    expect(textsOf(planLines(plan))).toEqual([
      'Compared with the version d4e00000000000000001 (tag stable, created 2026-01-01 00:00 UTC).',
      '~ package            51.2 KiB, sha256 abababab… -> 53 KiB, sha256 cdcdcdcd…',
      '~ memory             128 MiB -> 256 MiB',
      '- environment.GONE   removed',
      '~ environment.LEVEL  changed',
      '+ environment.NEW    added',
      '~ secrets.PASSWORD   e6q1/v1/password -> e6q1/v2/password',
      '- log-level          INFO -> none',
      '+ tags.v1            this version',
      'Files changed: 1',
      '  ~ index.js',
      'Files added: 1',
      '  + new.js',
      'Files removed: 1',
      '  - old.js',
      'Unchanged: 8',
      'A version that is created becomes $latest: callers without a tag get it at once. It takes the tag stable from the live version.',
    ])
  })

  test('says of no tag that it moves on where neither code nor settings differ', () => {
    const code = { kind: 'version', versionId: 'd4e00000000000000001', sha256: undefined } as const
    const lines = textsOf(planLines(planOf({ live: {}, wanted: { code, tags: ['stable', 'v1'] } })))
    expect(lines.join('\n')).toContain('+ tags.v1')
    expect(lines.join('\n')).not.toContain('It takes')
  })

  test('names no more than some files', () => {
    const files = Array.from({ length: 1000 }, (_, index) => file(`f${index}`))
    const many = planOf({
      live: {},
      known: { livePackage: { sizeBytes: 1, files: [] } },
      wanted: { code: { kind: 'package', sha256: 'x', sizeBytes: 1, files } },
    })
    expect(planLines(many).length).toBeLessThan(40)
    expect(textsOf(planLines(many))).toContain('  … and 980 more')
  })
})

describe('the summary', () => {
  test('has the same table, with what does not change folded', () => {
    const html = marked.parse(planMarkdown(plan), { async: false })
    const [open = '', folded = ''] = html.split('<details><summary>Unchanged: 8</summary>')
    expect(open).toContain('<td>128 MiB → 256 MiB</td>')
    expect(open).not.toContain('environment&#46;KEPT')
    expect(folded).toContain('environment&#46;KEPT')
    expect(open).toContain('<summary>Files: 1 changed, 1 added, 1 removed</summary>')
    expect(html.match(/<table>/g)).toHaveLength(2)
    expect(html).not.toContain('<li>')
  })

  test.each(['`code`', '<img src=x>', '@user', '[a](https://x)', 'a|b', '</details>', '\u202eabc'])(
    'shows the name of a file as it is: %j',
    (name) => {
      const hostile = planOf({
        live: {},
        known: { livePackage: { sizeBytes: 1, files: [file(name)] } },
      })
      const html = marked.parse(planMarkdown(hostile), { async: false })
      expect(html).not.toMatch(/<img|<a |@user|\u202e/)
      expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length)
      expect(html.match(/<table>/g)).toHaveLength(2)
    },
  )

  test('shows foreign values of labels and ids as text', () => {
    const labels = { team: '<b>|@x' }
    const hostile = planOf({
      live: {},
      known: { function: { ...FUNCTION, labels } },
      wanted: { function: { description: '**x**\n\n# y', labels: {} } },
    })
    const html = marked.parse(planMarkdown(hostile), { async: false })
    expect(html).not.toMatch(/<b>|<strong>|<h1>|@x/)
  })
})

test('no value of the environment is in either', () => {
  expect(
    [...textsOf(planLines(plan)), planMarkdown(plan), planHeadline(plan)].join('\n'),
  ).not.toContain('hunter')
})

describe('the headline', () => {
  test.each([
    [plan, 'code, 6 settings and tags change'],
    [
      planOf({
        live: {},
        after: { memory: '1GB' },
        wanted: { code: { kind: 'version', versionId: 'd4e00000000000000001', sha256: undefined } },
      }),
      '1 setting changes',
    ],
    [
      planOf({
        live: LIVE,
        wanted: {
          spec: specOf({ ...LIVE, memory: '1GB', 'log-level': 'warn' }),
          code: { kind: 'version', versionId: 'd4e00000000000000001', sha256: undefined },
        },
      }),
      '2 settings change',
    ],
    [planOf({ live: {} }), 'code changes'],
    [
      planOf({
        live: {},
        wanted: { code: { kind: 'package', sha256: 'ab'.repeat(32), sizeBytes: 1, files: [] } },
      }),
      'no changes',
    ],
    [
      planOf({
        live: {},
        wanted: { code: { kind: 'version', versionId: 'other', sha256: undefined } },
      }),
      'it is not known whether anything changes',
    ],
    [
      planUncompared(
        { code: { kind: 'package', sha256: 'x', sizeBytes: 1, files: [] }, tags: [] },
        { why: 'what is live could not be read' },
      ),
      'nothing was compared, what is live could not be read',
    ],
  ])('sums up %#', (given, headline) => {
    expect(planHeadline(given)).toBe(headline)
  })
})

describe('what cannot be told', () => {
  test('of the environment is said to be not visible', () => {
    const hidden = planOf({ live: {}, after: { environment: 'A=1' } })
    expect(textsOf(planLines(hidden))).toContainEqual(
      expect.stringMatching(/^\? environment +not visible to this account -> set$/),
    )
  })

  test('of the package is said to be not known', () => {
    const code = { kind: 'version', versionId: 'other', sha256: undefined } as const
    const unknown = planOf({ live: {}, wanted: { code } })
    expect(textsOf(planLines(unknown))).toContainEqual(
      expect.stringMatching(/^\? package .*-> code of a version$/),
    )
  })

  test('without credentials is everything but the package', () => {
    const code = { kind: 'package', sha256: 'cd'.repeat(32), sizeBytes: 54_272, files: [] } as const
    expect(
      textsOf(
        planLines(planUncompared({ code, tags: ['stable'] }, { why: 'there are no credentials' })),
      ),
    ).toEqual([
      'Compared with nothing: there are no credentials.',
      '? package  not known -> 53 KiB, sha256 cdcdcdcd…',
    ])
  })

  test('is nothing where nothing is live', () => {
    const [first] = planLines(planOf({}))
    expect(first).toBe('Nothing is live yet: everything is new.')
  })
})
