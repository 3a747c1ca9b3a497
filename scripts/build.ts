/** Bundles src/index.ts with its dependencies into dist/, which the GitHub runner executes. */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DIST = join(ROOT, 'dist')

// The command of ncc, not its function: only the command writes dist/package.json and the licenses.
const NCC = createRequire(import.meta.url).resolve('@vercel/ncc/dist/ncc/cli.js')
// A file for each chunk: with one name for all of them, only the licenses of the last chunk stay.
const PART = '.licenses.txt'
const ARGUMENTS = ['build', 'src/index.ts', '--out', 'dist', '--license', `[id]${PART}`]

// ncc leaves the files of earlier builds in place, also chunks that have another name now.
rmSync(DIST, { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [NCC, ...ARGUMENTS, '--no-cache'], {
  cwd: ROOT,
  stdio: 'inherit',
})
if (status === 0) {
  joinLicenses()
  checkPaths()
} else {
  process.exitCode = 1
}

function joinLicenses(): void {
  const parts = readdirSync(DIST)
    .filter((name) => name.endsWith(PART))
    .sort()
    .map((name) => join(DIST, name))
  const texts = parts.map((file) => readFileSync(file, 'utf8'))
  writeFileSync(join(DIST, 'licenses.txt'), texts.join('\n'))
  for (const file of parts) rmSync(file)
}

/** The files are compared byte by byte in CI, where the checkout is elsewhere. */
function checkPaths(): void {
  for (const name of readdirSync(DIST)) {
    const text = readFileSync(join(DIST, name), 'utf8')
    // As it is, and as a string of JavaScript has it on Windows.
    if (![ROOT, JSON.stringify(ROOT).slice(1, -1)].some((path) => text.includes(path))) continue
    console.error(`dist/${name} contains the path of this checkout, ${ROOT}`)
    process.exitCode = 1
  }
}
