/** The runner of these tests and of the demo: what it measures is the step alone. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { findNode24 } from '../../scripts/node24.ts'
import { runStep } from '../../scripts/step.ts'

const { NODE24 } = process.env

afterEach(() => {
  if (NODE24 === undefined) delete process.env.NODE24
  else process.env.NODE24 = NODE24
})

/** A Node 24 that takes a second to tell its version, as one that must be installed first. */
function slowToFind(folder: string): string {
  const script = path.join(folder, 'node')
  const lines = [
    '#!/bin/sh',
    '[ "$1" = --version ] && sleep 1 && echo v24.0.0 && exit',
    `exec '${findNode24()}' "$@"`,
  ]
  writeFileSync(script, `${lines.join('\n')}\n`)
  chmodSync(script, 0o755)
  return script
}

const unixTest = process.platform === 'win32' ? test.skip : test

unixTest('the time of a step does not count the search for Node 24', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'slow-'))
  try {
    process.env.NODE24 = slowToFind(folder)
    const startedAt = performance.now()
    const { exitCode, durationMs } = await runStep({}, { workspace: folder })
    expect(exitCode).toBe(1)
    expect(performance.now() - startedAt - durationMs).toBeGreaterThan(900)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
