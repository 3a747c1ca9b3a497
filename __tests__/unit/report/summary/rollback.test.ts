/** The way back to what was live before. */

import { describe, expect, test } from '@jest/globals'
import type { KnownFacts } from '../../../../src/deploy/progress.ts'
import { withRows } from '../../../../src/deploy/plan/plan.ts'
import { compare } from '../../../../src/deploy/plan/row.ts'
import type { RunContext } from '../../../../src/ports.ts'
import { rollbackSection } from '../../../../src/report/summary/rollback.ts'
import { FACTS, FUNCTION } from '../../../support/facts.ts'
import { CONTEXT } from '../../../support/fakes.ts'
import { inputsOf } from '../../../support/inputs.ts'
import { planOf } from '../../../support/plans.ts'

const LOCAL = { actionRoot: '/somewhere' }
const TAGGED: KnownFacts = {
  inputs: inputsOf({ tags: 'stable\nnew' }),
  plan: planOf({ live: {}, wanted: { tags: ['stable', 'new'] } }),
}

const section = (known: KnownFacts, context: Partial<RunContext> = {}): readonly string[] =>
  rollbackSection({
    known: { ...FACTS, ...known },
    context: { ...CONTEXT, ...context },
    times: {},
    durationMs: 0,
  })

describe('the way back', () => {
  test('moves each tag that was on a version to it, by a command and by a step', () => {
    const lines = section(TAGGED)
    expect(lines).toContain(
      'yc serverless function version set-tag --id d4e00000000000000001 --tag stable',
    )
    expect(lines.join('\n')).toContain(
      '- uses: octo-org/action/rollback@v1\n  with:\n    function-id: d4e1\n    tags: |\n      stable\n    #',
    )
    expect(lines.join('\n')).not.toContain('new')
  })

  test('leaves the tags of the check and of the version before where they are', () => {
    const plan = planOf({ live: {}, wanted: { tags: ['stable'] } })
    const rows = ['check-tag.candidate', 'previous-tag.previous'].map((name) =>
      compare({ area: 'tags', name, visibility: 'anyone', live: 'd4e7', after: 'd4e8' }),
    )
    const text = section({ ...TAGGED, plan: withRows(plan, rows) }).join('\n')
    expect(text).toContain('--tag stable')
    expect(text).not.toContain('d4e7')
  })

  test('has no tags in its step when the deployment has none', () => {
    expect(section({}).filter((line) => line.includes('tags'))).toEqual([])
    expect(section({})).toContain('    function-id: d4e1')
  })

  test('has no step where the action lies in a folder', () => {
    expect(section(TAGGED, LOCAL).join('\n')).not.toContain('uses:')
    expect(section({}, LOCAL)).toContain('Deploy again with <code>source-version-id: d4e0</code>.')
  })

  test.each<[string, KnownFacts]>([
    ['nothing was created', { skipped: true }],
    ['an id is none', { previous: { ...FACTS.previous, id: 'x; rm -rf /' } }],
  ])('is left out when %s', (_, known) => {
    expect(section(known)).toEqual([])
  })

  test('has no step for a function whose id is none', () => {
    const target = { function: { ...FUNCTION, id: '`x`' }, origin: 'found' } as const
    expect(section({ ...TAGGED, function: target }).join('\n')).not.toContain('uses:')
  })
})
