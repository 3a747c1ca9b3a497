/** A runner whose clock is set during a run, in the bundle. */

import { rmSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { runStep } from '../../../scripts/step.ts'
import { helloInputs, helloWorkspace, startRichEmulator } from '../../support/faults.ts'

/** Sets the clock two hours forward once the log says that the version is being built. */
const SET_FORWARD = `
  const { now } = Date
  let setMs = 0
  Date.now = () => now() + setMs
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (text, ...rest) => {
    if (String(text).includes('is being built')) setMs = 7_200_000
    return write(text, ...rest)
  }
  process.on('exit', () => { write('clock set by ' + setMs + ' ms') })
`

test('a clock set forward during the build is no time-out', async () => {
  const emulator = await startRichEmulator({ buildMs: 1_000 })
  const workspace = helloWorkspace()
  try {
    const step = await runStep(helloInputs(emulator, 'hello'), {
      workspace,
      nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(SET_FORWARD)}`],
    })
    expect(step.annotations).toEqual([])
    expect(step.exitCode).toBe(0)
    expect(step.outputs['version-id']).not.toBe('')
    expect(step.stdout).toContain('clock set by 7200000 ms')
  } finally {
    await emulator.close()
    rmSync(workspace, { recursive: true })
  }
})
