/** Bundles src/index.ts with its dependencies into dist/, which the GitHub runner executes. */

import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DIST = join(ROOT, 'dist')

// The command of ncc, not its function: only the command writes dist/package.json and the licenses.
const NCC = createRequire(import.meta.url).resolve('@vercel/ncc/dist/ncc/cli.js')
const ARGUMENTS = ['build', 'src/index.ts', '--out', 'dist', '--license', 'licenses.txt']

// ncc leaves the files of earlier builds in place.
rmSync(DIST, { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [NCC, ...ARGUMENTS, '--no-cache'], {
  cwd: ROOT,
  stdio: 'inherit',
})
if (status !== 0) {
  process.exitCode = 1
} else if (
  readFileSync(join(DIST, 'index.js'), 'utf8').includes(JSON.stringify(ROOT).slice(1, -1))
) {
  // The bundle is compared byte by byte in CI, where the checkout is elsewhere.
  console.error(`dist/index.js contains the path of this checkout, ${ROOT}`)
  process.exitCode = 1
}
