/** What is thrown where nobody can catch it, in the bundle: told like any other failure. */

import { rmSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { runStep } from '../../../scripts/step.ts'
import { helloInputs, helloWorkspace, startRichEmulator } from '../../support/faults.ts'

/** Code that runs in the process of the bundle once it has begun. */
const later = (code: string): readonly string[] => [
  '--import',
  `data:text/javascript,setTimeout(() => { ${encodeURIComponent(code)} }, 300)`,
]

describe('an exception that nobody catches', () => {
  test.each([
    ['an error', 'throw new Error("stray")', /stray/],
    ['a text', 'throw "stray"', /stray/],
    ['nothing', 'throw undefined', /The action itself failed/],
    ['a rejected promise', 'Promise.reject(new Error("stray"))', /stray/],
    ['a promise rejected with a text', 'Promise.reject("stray")', /stray/],
  ])('%s ends in one annotation, a summary and exit code 1', async (_, code, message) => {
    const emulator = await startRichEmulator({ buildMs: 60_000 })
    const workspace = helloWorkspace()
    try {
      const step = await runStep(helloInputs(emulator, 'hello'), {
        workspace,
        nodeArguments: later(code),
      })
      expect(step.exitCode).toBe(1)
      expect(step.stderr).toBe('')
      expect(step.annotations).toHaveLength(1)
      expect(step.annotations[0]?.message).toMatch(message)
      expect(step.annotations[0]?.message).toMatch(/bug of the action/)
      expect(step.summary).toContain('INTERNAL_ERROR')
      expect(step.durationMs).toBeLessThan(10_000)
    } finally {
      await emulator.close()
      rmSync(workspace, { recursive: true })
    }
  })
})
