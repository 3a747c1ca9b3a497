/** Outputs have the types that action-types.yml gives them. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { runStep } from '../../scripts/step.ts'
import { requiredInputs, useEmulator } from '../support/cloud.ts'
import { ROOT } from '../support/examples.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const cloud = useEmulator({ buildMs: 0 })

const types = (
  parse(readFileSync(path.join(ROOT, 'action-types.yml'), 'utf8')) as {
    outputs: Record<string, { type: string }>
  }
).outputs

/** What an output of a type looks like; `changed` is empty where it cannot be told. */
const FORMS: Readonly<Record<string, RegExp>> = {
  boolean: /^(true|false|)$/,
  integer: /^\d+$/,
  list: /^([a-z]+(,[a-z]+)*|)$/,
}

test('a deployment sets every output that is no mere text, in its form, and texts in none', async () => {
  const emulator = cloud()
  emulator.addBucket({ name: 'packages' })
  const inputs = { ...requiredInputs(emulator), bucket: 'packages', 'skip-unchanged': 'true' }
  const workspace = makeWorkspace(HELLO)
  const first = await runStep(inputs, { workspace })
  const second = await runStep(inputs, { workspace })
  expect(first.outputs).toMatchObject({ skipped: 'false', changed: 'true' })
  expect(second.outputs).toMatchObject({ skipped: 'true', changed: 'false' })

  for (const { outputs } of [first, second]) {
    for (const [name, value] of Object.entries(outputs)) {
      const { type } = types[name] ?? { type: 'undeclared' }
      if (type === 'string') {
        expect([name, /^(true|false|\d+)$/.test(value)]).toEqual([name, false])
      } else expect([name, value]).toEqual([name, expect.stringMatching(FORMS[type] ?? /^$/)])
    }
  }
  const plain = Object.keys(first.outputs).filter((name) => types[name]?.type !== 'string')
  expect(plain).toEqual(expect.arrayContaining(['package-size', 'changed', 'changes', 'skipped']))
})
