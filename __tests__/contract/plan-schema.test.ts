/** The output `plan` has the form that is published for it. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { planUncompared } from '../../src/deploy/plan/plan.ts'
import { AREAS } from '../../src/deploy/plan/row.ts'
import { MAX_PLAN_BYTES, planJson } from '../../src/report/outputs.ts'
import { EVERY_INPUT } from '../support/inputs.ts'
import { planOf } from '../support/plans.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const schema = JSON.parse(read('plan.schema.json')) as Readonly<Record<string, unknown>>
const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(schema)

function problems(json: string): unknown {
  validate(JSON.parse(json))
  return validate.errors
}

const file = (name: string) => ({ name, crc32: 1, sizeBytes: 1 })
const STEPS = [{}, { environment: 'A=hunter2' }, EVERY_INPUT]

describe('the output `plan`', () => {
  test.each([undefined, ...STEPS].flatMap((live) => STEPS.map((after) => [live, after] as const)))(
    'of a step over %j, which asks for %j, has the published form',
    (live, after) => {
      const json = planJson(
        planOf({ live, after, known: { livePackage: { sizeBytes: 1, files: [file('a')] } } }),
      )
      expect(problems(json)).toBeNull()
      expect(json).not.toContain('hunter')
    },
  )

  test('without credentials has it too', () => {
    const code = { kind: 'version', versionId: 'd4e0', sha256: undefined } as const
    expect(
      problems(planJson(planUncompared({ code, tags: [] }, { why: 'there are no credentials' }))),
    ).toBeNull()
  })

  test('has at most 48 KB, counts what is cut, and keeps what changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), { maxLength: 50 }),
        fc.integer({ min: 1, max: 60 }),
        (names, times) => {
          const files = [...new Set(names)].flatMap((name) =>
            Array.from({ length: times }, (_, index) => file(`${name}/${index}`)),
          )
          const json = planJson(
            planOf({
              live: { memory: '1GB' },
              known: { livePackage: { sizeBytes: 1, files } },
              wanted: { function: { description: 'x', labels: {} } },
            }),
          )
          expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_PLAN_BYTES)
          expect(problems(json)).toBeNull()
          const plan = JSON.parse(json) as {
            rows: { count: number; items: { name: string; verdict: string }[] }
            files: { removed: { count: number; items: string[] } }
          }
          expect(plan.files.removed.count).toBe(files.length)
          expect(plan.rows.items).toHaveLength(plan.rows.count)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('of 15,000 files is cut in the list of files alone', () => {
    const files = Array.from({ length: 15_000 }, (_, index) => file(`lib/file-${index}.js`))
    const json = planJson(planOf({ live: {}, known: { livePackage: { sizeBytes: 1, files } } }))
    const { removed } = (
      JSON.parse(json) as { files: { removed: { count: number; items: string[] } } }
    ).files
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_PLAN_BYTES)
    expect(Buffer.byteLength(json)).toBeGreaterThan(MAX_PLAN_BYTES - 100)
    expect(removed.count).toBe(15_000)
    expect(removed.items.length).toBeGreaterThan(1_000)
  })

  test('puts what changes before what does not', () => {
    const { rows } = JSON.parse(
      planJson(planOf({ live: {}, after: { 'metadata-gce': 'false' } })),
    ) as {
      rows: { items: { verdict: string }[] }
    }
    const verdicts = rows.items.map(({ verdict }) => verdict === 'unchanged')
    expect(verdicts).toEqual([...verdicts].sort())
  })

  test('is described with an example that has the form', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(read('PLAN.md')) ?? []
    expect(problems(example)).toBeNull()
  })

  test('has the areas of the plan', () => {
    expect(schema.$defs).toMatchObject({ area: { enum: AREAS } })
  })

  test.each([
    ['a value', (plan: Record<string, unknown>) => ({ ...plan, environment: { A: '1' } })],
    ['another form', (plan: Record<string, unknown>) => ({ ...plan, version: 2 })],
    ['a word for unknown', (plan: Record<string, unknown>) => ({ ...plan, changed: '' })],
  ])('would not be let through with %s', (_, spoil) => {
    const plan = JSON.parse(planJson(planOf({ live: {} }))) as Record<string, unknown>
    expect(problems(JSON.stringify(spoil(plan)))).not.toBeNull()
  })
})
