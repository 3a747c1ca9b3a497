/** Bundles the entry of each action with its dependencies into dist/, which the GitHub runner executes. */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DIST = join(ROOT, 'dist')

// The command of ncc, not its function: only the command writes dist/package.json and the licenses.
const NCC = createRequire(import.meta.url).resolve('@vercel/ncc/dist/ncc/cli.js')
// A file for each chunk: with one name for all of them, only the licenses of the last chunk stay.
const PART = '.licenses.txt'

/** The entry of each action, and the folder of its bundle. */
const BUNDLES = [
  ['src/index.ts', 'dist'],
  ['src/rollback/index.ts', 'dist/rollback'],
  ['src/cleanup/index.ts', 'dist/cleanup'],
] as const

// ncc leaves the files of earlier builds in place, also chunks that have another name now.
rmSync(DIST, { recursive: true, force: true })
if (BUNDLES.every(bundle)) {
  joinLicenses()
  checkPaths()
} else {
  process.exitCode = 1
}

function bundle([entry, folder]: (typeof BUNDLES)[number]): boolean {
  const options = ['--out', folder, '--license', `[id]${PART}`, '--no-cache']
  const { status, signal } = spawnSync(process.execPath, [NCC, 'build', entry, ...options], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (status !== 0) console.error(`ncc ended with ${String(status ?? signal)} for ${entry}`)
  return status === 0
}

/** One text for all bundles, each license once for each version of a package. */
function joinLicenses(): void {
  const parts = filesOfDist().filter((name) => name.endsWith(PART))
  const texts = parts.map((name) => readFileSync(join(DIST, name), 'utf8'))
  writeFileSync(join(DIST, 'licenses.txt'), [...new Set(texts)].join('\n'))
  for (const name of parts) rmSync(join(DIST, name))
}

/** The files are compared byte by byte in CI, where the checkout is elsewhere. */
function checkPaths(): void {
  for (const name of filesOfDist()) {
    const text = readFileSync(join(DIST, name), 'utf8')
    // As it is, and as a string of JavaScript has it on Windows.
    if (![ROOT, JSON.stringify(ROOT).slice(1, -1)].some((path) => text.includes(path))) continue
    console.error(`dist/${name} contains the path of this checkout, ${ROOT}`)
    process.exitCode = 1
  }
}

function filesOfDist(): string[] {
  return readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(DIST, join(entry.parentPath, entry.name)))
    .sort()
}
