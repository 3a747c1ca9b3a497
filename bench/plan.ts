/**
 * Measures what plans and comments cost: `npx tsx bench/plan.ts [--before <commit>] [--rounds <n>]`. Round trips and time
 * of a deployment with and without each, at 50 ms a call; the bundle and its start; a plan over 15 000 files. With a
 * commit from before plans, its bundle runs beside that of this checkout.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import {
  startEmulator,
  startGithub,
  type Emulator,
  type RecordedRequest,
} from '../emulator/index.ts'
import { runStep, type StepResult } from '../scripts/step.ts'
import { formatBytes } from '../src/text.ts'
import { median, watchPeak } from './measure.ts'
import { CACHE, changedTree, manyTree, smallTree, type Tree } from './trees.ts'

const LATENCY_MS = 50
const FILES = 15_000

const { values: options } = parseArgs({
  options: { before: { type: 'string' }, rounds: { type: 'string', default: '5' } },
})
const rounds = Number(options.rounds)
const NOW = fileURLToPath(new URL('../dist/', import.meta.url))
const bundles = new Map([['now', NOW]])
if (options.before !== undefined) bundles.set('before', bundleOf(options.before))

type Inputs = Readonly<Record<string, string>>

/** A step to measure, after another one that is not. */
interface Scenario {
  readonly name: string
  readonly bundle: string
  readonly tree: Tree
  readonly inputs: Inputs
}

interface Figures {
  readonly ms: number
  readonly peakBytes: number
  readonly calls: readonly RecordedRequest[]
  readonly step: StepResult
}

heading(`A deployment over a live version, at ${LATENCY_MS} ms a call`)
await measureCalls()
heading('The bundle, and its start')
await measureStart()
heading(`${FILES} files against a live object of ${FILES} files, each changed`)
await measureFiles()

async function measureCalls(): Promise<void> {
  const tree = smallTree()
  for (const way of ['in the request', 'through a bucket']) {
    const base: Inputs = way === 'in the request' ? {} : { bucket: 'packages' }
    const scenarios: Scenario[] = [
      ...[...bundles.keys()]
        .toReversed()
        .map((bundle) => ({ name: `deployment, ${bundle}`, bundle, tree, inputs: base })),
      ...Object.entries({
        'dry-run': { 'dry-run': 'true' },
        'skip-unchanged, changed': { 'skip-unchanged': 'true', environment: 'A=1' },
        'skip-unchanged, unchanged': { 'skip-unchanged': 'true' },
        'reuse-code, other settings': { 'reuse-code': 'true', environment: 'A=1' },
      }).map(([name, inputs]) => ({ name, bundle: 'now', tree, inputs: { ...base, ...inputs } })),
    ]
    console.log(`\n${way}\n\n| | median | fastest | calls | of them reads | round trips |`)
    console.log('|---|--:|--:|--:|--:|--:|')
    for (const scenario of scenarios) {
      const runs = await repeat(() => overLive(scenario, LATENCY_MS))
      const { calls } = first(runs)
      const reads = calls.filter(({ method }) => ['GET', 'HEAD'].includes(method)).length
      const times = runs.map(({ ms }) => ms)
      const depth = await roundTrips(scenario)
      row([
        scenario.name,
        time(median(times)),
        time(Math.min(...times)),
        calls.length,
        reads,
        depth,
      ])
    }
  }
}

/** How many calls one after the other a step waits for: how much longer it takes for each millisecond of latency. */
async function roundTrips(scenario: Scenario): Promise<string> {
  const [near, far] = [LATENCY_MS, 5 * LATENCY_MS]
  const [fast, slow] = [
    await repeat(() => overLive(scenario, near)),
    await repeat(() => overLive(scenario, far)),
  ]
  const growth = Math.min(...slow.map(({ ms }) => ms)) - Math.min(...fast.map(({ ms }) => ms))
  return (growth / (far - near)).toFixed(1)
}

async function measureStart(): Promise<void> {
  const tree = smallTree()
  console.log('\n| | first file | all files | step that fails at once, median | fastest |')
  console.log('|---|--:|--:|--:|--:|')
  for (const [name, folder] of bundles) {
    const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'))
    const size = (file: string): number => statSync(path.join(folder, file)).size
    const all = scripts.reduce((sum, file) => sum + size(file), 0)
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const { durationMs } = await runStep({}, { workspace: tree.folder, entry: entryOf(folder) })
      times.push(durationMs)
    }
    row([
      name,
      formatBytes(size('index.js')),
      formatBytes(all),
      time(median(times)),
      time(Math.min(...times)),
    ])
  }
  const github = await startGithub()
  for (const comment of ['false', 'true']) {
    const inputs = { 'dry-run': 'true', comment, 'github-token': github.token }
    const scenario: Scenario = { name: '', bundle: 'now', tree, inputs }
    const env = { GITHUB_API_URL: github.apiUrl, GITHUB_EVENT_PATH: eventFile() }
    const runs = await repeat(() => overLive(scenario, 0, env))
    const times = runs.map(({ ms }) => ms)
    const written = first(runs).step.outputs['comment-url'] === undefined ? 'none' : 'one'
    console.log(
      `\ndry run with \`comment: ${comment}\` (${written} written): ${time(median(times))}, fastest ${time(Math.min(...times))}`,
    )
  }
  await github.close()
}

async function measureFiles(): Promise<void> {
  const [live, after] = [manyTree(FILES), changedTree(FILES)]
  const bucket = { bucket: 'packages', 'dry-run': 'true' }
  console.log('\n| | median | fastest | peak memory |\n|---|--:|--:|--:|')
  const cloud = await startCloud(0)
  try {
    const deployed = await step({ cloud, tree: live, inputs: { bucket: 'packages' } })
    const scenarios: Readonly<Record<string, Inputs>> = {
      'packed and checked alone': { ...bucket, 'yc-sa-json-credentials': '' },
      'packed and planned': bucket,
    }
    for (const [name, inputs] of Object.entries(scenarios)) {
      const runs = await repeat(() => step({ cloud, tree: after, inputs }))
      const times = runs.map(({ ms }) => ms)
      row([
        name,
        time(median(times)),
        time(Math.min(...times)),
        formatBytes(Math.max(...runs.map((run) => run.peakBytes))),
      ])
      if ('yc-sa-json-credentials' in inputs) continue
      const { plan = '{}', changed } = first(runs).step.outputs
      const { files } = JSON.parse(plan) as { files: { changed: { count: number } } | null }
      const parts = first(runs).calls.filter(
        ({ method, path: of }) => method === 'GET' && of.startsWith('/packages/'),
      )
      console.log(
        `\nchanged: ${changed ?? ''}; files changed: ${files?.changed.count ?? 'not compared'}; parts of the live object that were read: ${parts.length}; ${formatBytes(Number(deployed.step.outputs['package-size']))} live`,
      )
    }
  } finally {
    await cloud.close()
  }
}

/** Runs a step over the version that the same step without its changes has deployed. */
async function overLive(
  { bundle, tree, inputs }: Scenario,
  latencyMs: number,
  env: Inputs = {},
): Promise<Figures> {
  const cloud = await startCloud(latencyMs)
  try {
    const { bucket } = inputs
    await step({ cloud, tree, inputs: bucket === undefined ? {} : { bucket } })
    return await step({ cloud, tree, inputs, bundle, env })
  } finally {
    await cloud.close()
  }
}

async function startCloud(latencyMs: number): Promise<Emulator> {
  const cloud = await startEmulator({ buildMs: 0, latencyMs, checkPackages: false })
  cloud.addBucket({ name: 'packages' })
  return cloud
}

async function step({
  cloud,
  tree,
  inputs,
  bundle = 'now',
  env = {},
}: {
  cloud: Emulator
  tree: Tree
  inputs: Inputs
  bundle?: string
  env?: Inputs
}): Promise<Figures> {
  const earlier = cloud.requests.length
  let peak: { stop: () => number | undefined } | undefined
  const result = await runStep(
    {
      'api-endpoint': cloud.endpoint,
      'folder-id': cloud.folderId,
      'yc-sa-json-credentials': cloud.keyJson,
      'function-name': 'bench',
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      ...inputs,
    },
    {
      workspace: tree.folder,
      entry: entryOf(bundles.get(bundle) ?? NOW),
      env,
      onStart: ({ pid }) => (peak = watchPeak(pid)),
    },
  )
  const peakBytes = peak?.stop() ?? NaN
  if (result.exitCode !== 0) throw new Error(`a step failed:\n${result.stdout}\n${result.stderr}`)
  return { ms: result.durationMs, peakBytes, calls: cloud.requests.slice(earlier), step: result }
}

async function repeat(run: () => Promise<Figures>): Promise<readonly Figures[]> {
  const runs: Figures[] = []
  for (let round = 0; round < rounds; round += 1) runs.push(await run())
  return runs
}

/** The folder `dist/` of a commit. */
function bundleOf(commit: string): string {
  const folder = path.join(CACHE, 'before')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const tar = path.join(folder, 'dist.tar')
  execFileSync('git', ['archive', '-o', tar, commit, 'dist'])
  execFileSync('tar', ['-xf', tar, '-C', folder])
  return path.join(folder, 'dist')
}

function entryOf(folder: string): string {
  return path.join(folder, 'index.js')
}

/** The event of a pull request, as the runner hands it over. */
function eventFile(): string {
  const file = path.join(CACHE, 'pull-request.json')
  writeFileSync(file, JSON.stringify({ pull_request: { number: 1, head: {} } }))
  return file
}

function first(runs: readonly Figures[]): Figures {
  const [run] = runs
  if (!run) throw new Error('nothing was measured')
  return run
}

function heading(text: string): void {
  console.log(`\n## ${text}`)
}

function row(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}

function time(value: number): string {
  return `${value.toFixed(0)} ms`
}
