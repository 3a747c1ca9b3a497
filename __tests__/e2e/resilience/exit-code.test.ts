/** What goes wrong at the rim of the bundle: the exit code is 1, and the failure is told. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../../emulator/index.ts'
import { runStep, type StepOptions, type StepResult } from '../../../scripts/step.ts'
import { Client } from '../../emulator/harness.ts'
import { helloInputs, helloWorkspace, startRichEmulator, type Texts } from '../../support/faults.ts'

async function step(
  prepare: (emulator: Emulator) => Promise<Texts> | Texts,
  options: Partial<StepOptions> = {},
): Promise<StepResult> {
  const emulator = await startRichEmulator()
  const workspace = helloWorkspace()
  try {
    const inputs = { ...helloInputs(emulator, 'hello'), ...(await prepare(emulator)) }
    return await runStep(inputs, { workspace, ...options })
  } finally {
    await emulator.close()
    rmSync(workspace, { recursive: true })
  }
}

/** Code that runs in the process of the bundle before it. */
const before = (code: string): readonly string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(code)}`,
]

describe('a failed run ends with exit code 1', () => {
  test('though the function has half a character in its folder id', async () => {
    const result = await step(async (emulator) => {
      const id = await new Client(emulator).createFunction('halves')
      emulator.fault({
        path: /^\/functions\/v1\/functions\/\w+$/,
        times: Infinity,
        effect: {
          kind: 'status',
          status: 200,
          body: { id, name: 'halves', folderId: 'b1g\ud800' },
        },
      })
      emulator.failNextBuild({ code: 3, message: 'npm ci failed' })
      return { 'function-id': id, 'function-name': '', 'folder-id': '' }
    })
    expect(result.exitCode).toBe(1)
    expect(result.annotations.map(({ properties }) => properties.title?.split(':')[0])).toEqual([
      'OPERATION_FAILED',
    ])
    expect(result.summary).toContain('/folders/b1g%EF%BF%BD/functions/')
  })

  test('though the working directory is gone', async () => {
    const gone = `process.cwd = () => { throw new Error('ENOENT: process.cwd failed') }`
    const result = await step(() => ({}), {
      nodeArguments: before(`delete process.env.GITHUB_WORKSPACE; ${gone}`),
    })
    expect(result.exitCode).toBe(1)
    expect(result.annotations).toHaveLength(1)
    expect(result.annotations[0]?.message).toContain('ENOENT: process.cwd failed')
  })

  test('though nothing can be printed any more', async () => {
    const mute = `process.stdout.write = () => { throw new Error('mute') }`
    const result = await step(() => ({ memory: '1' }), { nodeArguments: before(mute) })
    expect(result.exitCode).toBe(1)
  })
})

test('outputs that cannot be set are told as such after the deployment, which goes on', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'outputs-'))
  const file = path.join(folder, 'output')
  writeFileSync(file, '')
  const result = await step(() => ({}), {
    env: { GITHUB_OUTPUT: file },
    onOutput: (text) => {
      if (text.includes('Package')) rmSync(folder, { recursive: true, force: true })
    },
  })
  expect(result.exitCode).toBe(1)
  expect(result.annotations).toHaveLength(1)
  expect(result.annotations[0]?.properties.title).toBe(
    'INTERNAL_ERROR: The action or its runner failed',
  )
  expect(result.annotations[0]?.message).toMatch(
    /^The version \w+ is ready, but the output "?[\w-]+"? could not be set: Missing file at path/,
  )
  expect(result.annotations[0]?.message).not.toContain('bug of the action')
  expect(result.summary).toContain('INTERNAL_ERROR')
})
