/** A runner whose clock is set during a run, in the bundle. */

import { rmSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { runStep } from '../../../scripts/step.ts'
import { helloInputs, helloWorkspace, startRichEmulator } from '../../support/faults.ts'

/** Sets the clock two hours forward once the version is being built. */
const SET_FORWARD = `
  const { now } = Date
  let setMs = 0
  Date.now = () => now() + setMs
  setTimeout(() => { setMs = 7_200_000 }, 1_500)
`

test('a clock set forward during the build is no time-out', async () => {
  const emulator = await startRichEmulator({ buildMs: 3_000 })
  const workspace = helloWorkspace()
  try {
    const step = await runStep(helloInputs(emulator, 'hello'), {
      workspace,
      nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(SET_FORWARD)}`],
    })
    expect(step.annotations).toEqual([])
    expect(step.exitCode).toBe(0)
    expect(step.outputs['version-id']).not.toBe('')
  } finally {
    await emulator.close()
    rmSync(workspace, { recursive: true })
  }
})
