/** Runs the job `runner` of CI on this machine with act, a workflow runner; its options are passed on: `npm run act`. */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode24 } from './node24.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const WORKFLOW = '.github/workflows/ci.yml'
const ACT = 'github.com/nektos/act@v0.2.89'

const CACHE = path.join(ROOT, '.cache')

mkdirSync(CACHE, { recursive: true })
// The copies that act makes of the checkout lie in it, so that Node finds the packages of the checkout.
const copies = mkdtempSync(path.join(CACHE, 'act-'))
const setupNode = mkdtempSync(path.join(tmpdir(), 'setup-node-'))
try {
  process.exitCode = run()
} finally {
  for (const folder of [copies, setupNode]) rmSync(folder, { recursive: true, force: true })
}

function run(): number {
  const { status, error } = spawnSync(
    findAct(),
    [
      'push',
      ...['--workflows', WORKFLOW, '--job', 'runner'],
      // The machine itself, not a container.
      ...['--platform', 'ubuntu-latest=-self-hosted', '--action-cache-path', copies],
      ...['--no-cache-server', ...localSetupNode(), ...process.argv.slice(2)],
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: `${path.dirname(findNode24())}${path.delimiter}${process.env.PATH ?? ''}`,
      },
    },
  )
  if (error) throw error
  return status ?? 1
}

/** In the place of actions/setup-node, which act would fetch from GitHub: the Node of this machine. */
function localSetupNode(): string[] {
  const workflow = readFileSync(path.join(ROOT, WORKFLOW), 'utf8')
  const uses = new Set(workflow.match(/actions\/setup-node@[\da-f]{40}/g))
  writeFileSync(
    path.join(setupNode, 'action.yml'),
    'name: Node of this machine\nruns: {using: composite, steps: [{run: node --version, shell: bash}]}\n',
  )
  return [...uses].flatMap((name) => ['--local-repository', `${name}=${setupNode}`])
}

/** The act on PATH, or one that Go builds. */
function findAct(): string {
  if (spawnSync('act', ['--version'], { stdio: 'ignore' }).status === 0) return 'act'
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) {
    throw new Error('There is neither act nor Go on PATH: see https://nektosact.com/installation')
  }
  const folder = path.join(CACHE, 'bin')
  execFileSync('go', ['install', ACT], { stdio: 'inherit', env: { ...process.env, GOBIN: folder } })
  return path.join(folder, 'act')
}
