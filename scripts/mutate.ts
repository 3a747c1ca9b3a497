/** Runs mutation testing on Node 24, since StrykerJS does not start on Node 20; its options are passed on. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findNode24 } from './node24.ts'

const stryker = fileURLToPath(
  new URL('../node_modules/@stryker-mutator/core/bin/stryker.js', import.meta.url),
)
const { status } = spawnSync(findNode24(), [stryker, 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
