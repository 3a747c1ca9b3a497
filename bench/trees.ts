/**
 * Makes the trees of files that are packed: real packages from npm, noise, a small function, and
 * many files.
 */

import { execFileSync } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder to pack. */
export interface Tree {
  readonly name: string
  readonly folder: string
  readonly files: number
  readonly bytes: number
}

/** Where everything that the benchmark makes is kept, so that the next run finds it. */
export const CACHE = fileURLToPath(new URL('../node_modules/.cache/bench', import.meta.url))

/** Together about 15 000 files and 66 MB, much like what a function with a build in it has. */
const PACKAGES = ['webpack@5.97.1', 'jest@29.7.0', 'lodash@4.17.21', 'date-fns@3.6.0', 'rxjs@7.8.1']
const HANDLER = 'exports.handler = async () => ({ statusCode: 200 })\n'

/** A real `node_modules`; the packages are fetched once. */
export function realTree(): Tree {
  return makeOnce('node_modules', (folder) => {
    writeFileSync(path.join(folder, 'package.json'), '{ "name": "bench", "version": "1.0.0" }\n')
    writeFileSync(path.join(folder, 'index.js'), HANDLER)
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
    execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...PACKAGES], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
  })
}

/** One file that does not shrink. */
export function noiseTree(megabytes: number): Tree {
  return makeOnce(`${megabytes} MB of noise`, (folder) => {
    writeFileSync(path.join(folder, 'index.js'), HANDLER)
    for (let written = 0; written < megabytes; written += 1) {
      const block = randomFillSync(Buffer.allocUnsafe(1_000_000))
      writeFileSync(path.join(folder, 'noise.bin'), block, { flag: 'a' })
    }
  })
}

/** A function as small as most are. */
export function smallTree(): Tree {
  return makeOnce('11 small files', (folder) => {
    writeFileSync(path.join(folder, 'index.js'), HANDLER)
    for (let at = 1; at < 11; at += 1) writeText(path.join(folder, `lib/${at}.js`), at)
  })
}

/** Text files of a few kilobytes, fifty to a folder. */
export function manyTree(files: number): Tree {
  return makeOnce(`${files} files`, (folder) => {
    writeMany(folder, { files, seed: 0 })
  })
}

/** Files of the same names, each with another text. */
export function changedTree(files: number): Tree {
  return makeOnce(`${files} changed files`, (folder) => {
    writeMany(folder, { files, seed: files })
  })
}

function writeMany(folder: string, { files, seed }: { files: number; seed: number }): void {
  writeFileSync(path.join(folder, 'index.js'), HANDLER)
  for (let at = 1; at < files; at += 1) {
    const name = `${Math.floor(at / 2500)}/${Math.floor(at / 50)}/${at}.js`
    writeText(path.join(folder, name), seed + at)
  }
}

/** About 4 KB that shrink to about a third, as sources do. */
function writeText(file: string, seed: number): void {
  const lines = Array.from({ length: 60 + (seed % 60) }, (_, at) => {
    const word = createHash('md5').update(`${seed}/${at}`).digest('hex').slice(0, 10)
    return `  const value${at} = await read('${word}')\n`
  })
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, lines.join(''))
}

function makeOnce(name: string, make: (folder: string) => void): Tree {
  const folder = path.join(CACHE, 'trees', name)
  const done = path.join(CACHE, 'trees', `${name}.done`)
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    make(folder)
    writeFileSync(done, '')
  }
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => statSync(path.join(entry.parentPath, entry.name)).size)
  return { name, folder, files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}
