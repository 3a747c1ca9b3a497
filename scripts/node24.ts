/** Finds Node 24, which the runner starts the action with, and installs it from npm where it is missing. */

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '24.21.0'
const FOLDER = fileURLToPath(new URL('../node_modules/.cache/node24', import.meta.url))

/** Absolute path of a Node 24 binary. Throws Error when there is none for this platform or npm cannot fetch it. */
export function findNode24(): string {
  if (process.versions.node.startsWith('24.')) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const binary = path.join(
    FOLDER,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (!existsSync(binary)) install(`${name}@${VERSION}`)
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim()
  if (version !== `v${VERSION}`) throw new Error(`${binary} is ${version}, not v${VERSION}`)
  return binary
}

function install(spec: string): void {
  mkdirSync(FOLDER, { recursive: true })
  const { status, error, stderr } = spawnSync(
    process.execPath,
    [npmCli(), 'install', '--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund', spec],
    { encoding: 'utf8', cwd: FOLDER },
  )
  if (status !== 0) {
    throw new Error(`npm could not install ${spec}; install Node 24 instead. ${stderr}`, {
      cause: error,
    })
  }
}

/** npm as a script, since a `.cmd` cannot be started without a shell. */
function npmCli(): string {
  const given = process.env.npm_execpath
  if (given?.endsWith('.js')) return given
  const beside = path.resolve(process.execPath, '../../lib/node_modules/npm/bin/npm-cli.js')
  const windows = path.resolve(process.execPath, '../node_modules/npm/bin/npm-cli.js')
  const found = [beside, windows].find((file) => existsSync(file))
  return found ?? createRequire(import.meta.url).resolve('npm/bin/npm-cli.js')
}
