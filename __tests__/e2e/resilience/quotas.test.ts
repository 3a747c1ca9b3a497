/** Many jobs at once under the quotas of the cloud: all of them deploy, none of them twice. */

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../../emulator/index.ts'
import { runStep, type StepResult } from '../../../scripts/step.ts'
import { helloInputs, helloWorkspace, type Texts } from '../../support/faults.ts'
import { Client } from '../../emulator/harness.ts'

const COPIES = 20

const QUOTAS = {
  operationsPerFunction: 10,
  operationsPerFolder: 15,
  operationsPerCloud: 20,
  functionsPerCloud: 100,
} as const

let workspace = ''
beforeAll(() => {
  workspace = helloWorkspace()
})
afterAll(() => {
  rmSync(workspace, { recursive: true })
})

describe('twenty copies of the bundle at once', () => {
  const tally: string[] = []
  afterAll(() => {
    process.stdout.write(`copies at once: ${tally.join('; ')}\n`)
  })

  test.each<[string, (copy: number) => string, readonly string[], number]>([
    ['to twenty functions', (copy) => `function-${copy}`, [], COPIES],
    ['to one function that is there', () => 'shared', ['shared'], 1],
    ['to one function that is not there yet', () => 'raced', [], 1],
  ])(
    'deploy %s, none of them twice',
    async (what, nameOf, existing, functions) => {
      await withEmulator({ buildMs: 1_500, quotas: QUOTAS }, async (emulator) => {
        for (const name of existing) await new Client(emulator).createFunction(name)
        const steps = await Promise.all(
          Array.from({ length: COPIES }, (_, copy) =>
            run(emulator, { 'function-name': nameOf(copy) }),
          ),
        )
        expect(steps.flatMap(({ annotations }) => annotations)).toEqual([])
        expect(steps.filter(({ exitCode }) => exitCode !== 0)).toEqual([])

        const made = emulator.functions()
        expect(made).toHaveLength(functions)
        const versions = made.flatMap(({ id }) => emulator.versions(id))
        expect(versions.filter(({ status }) => status === 'ACTIVE')).toHaveLength(COPIES)
        const told = new Set(steps.map(({ outputs }) => outputs['version-id']))
        expect(new Set(versions.map(({ id }) => id))).toEqual(told)

        const refused = emulator.requests.filter(({ status }) => status === 429).length
        tally.push(
          `${what}: ${told.size} versions, ${versions.length - told.size} too many, ${refused} times over quota`,
        )
      })
    },
    120_000,
  )
})

describe('a quota that waiting does not mend', () => {
  test.each<[string, EmulatorOptions['quotas'], Texts, RegExp, RegExp]>([
    ['of functions', { functionsPerCloud: 0 }, {}, /functions$/, /serverless\.functions\.count/],
    ['of tags', { tagsPerFunction: 1 }, { tags: 'one\ntwo' }, /versions$/, /10 tags/],
  ])('%s is told at the first attempt', async (_, quotas, inputs, call, hint) => {
    await withEmulator({ buildMs: 20, quotas: { ...QUOTAS, ...quotas } }, async (emulator) => {
      const step = await run(emulator, inputs)
      expect(step.exitCode).toBe(1)
      expect(step.annotations).toHaveLength(1)
      expect(step.annotations[0]?.properties.title).toMatch(/^API_REJECTED/)
      expect(step.annotations[0]?.message).toContain('RESOURCE_EXHAUSTED')
      expect(step.annotations[0]?.message).toMatch(hint)
      const attempts = emulator.requests.filter((r) => r.method === 'POST' && call.test(r.path))
      expect(attempts).toHaveLength(1)
    })
  })

  test('of operations is waited for no longer than the wait', async () => {
    const quotas = { ...QUOTAS, operationsPerFunction: 0 }
    await withEmulator({ buildMs: 0, quotas }, async (emulator) => {
      const step = await run(emulator, { 'wait-timeout': '2s' })
      expect(step.annotations).toHaveLength(1)
      expect(step.annotations[0]?.properties.title).toMatch(/^API_REJECTED/)
      expect(step.annotations[0]?.message).toContain('max-parallel')
      expect(step.durationMs).toBeLessThan(20_000)
    })
  })
})

async function withEmulator(
  options: EmulatorOptions,
  use: (emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(options)
  try {
    await use(emulator)
  } finally {
    await emulator.close()
  }
}

function run(emulator: Emulator, inputs: Texts): Promise<StepResult> {
  return runStep({ ...helloInputs(emulator, 'hello'), ...inputs }, { workspace })
}
