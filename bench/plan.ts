/**
 * Measures what plans and comments cost: `npx tsx bench/plan.ts [--before <commit>] [--rounds <n>]`. Calls and time
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
import { runStep, type StepOptions, type StepResult } from '../scripts/step.ts'
import { formatBytes } from '../src/text.ts'
import { median, watchUsage, type Usage } from './measure.ts'
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
  readonly bundle: string
  readonly tree: Tree
  readonly inputs: Inputs
}

interface Figures {
  readonly ms: number
  readonly cpuMs: number
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
  for (const [way, base] of [
    ['in the request', {}],
    ['through a bucket', { bucket: 'packages' }],
  ] as const) {
    const scenarios: Readonly<Record<string, Scenario>> = {
      ...(bundles.has('before') && { before: { bundle: 'before', tree, inputs: base } }),
      now: { bundle: 'now', tree, inputs: base },
      'dry-run': { bundle: 'now', tree, inputs: { ...base, 'dry-run': 'true' } },
      'skip-unchanged, changed': {
        bundle: 'now',
        tree,
        inputs: { ...base, 'skip-unchanged': 'true', environment: 'A=1' },
      },
      'skip-unchanged, unchanged': {
        bundle: 'now',
        tree,
        inputs: { ...base, 'skip-unchanged': 'true' },
      },
      'reuse-code, other settings': {
        bundle: 'now',
        tree,
        inputs: { ...base, 'reuse-code': 'true', environment: 'A=1' },
      },
    }
    console.log(`\n${way}`)
    await compare(scenarios, (scenario) => overLive(scenario, { latencyMs: LATENCY_MS }))
  }
}

async function measureStart(): Promise<void> {
  for (const [name, folder] of bundles) {
    const sizes = readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .map((file) => `${file} ${statSync(path.join(folder, file)).size}`)
    console.log(`\n${name}, in bytes: ${sizes.join(', ')}`)
  }
  const workspace = smallTree().folder
  console.log('\na step without inputs, which fails at once')
  await compare(Object.fromEntries(bundles), (folder) =>
    run({}, { workspace, entry: entryOf(folder) }),
  )

  const github = await startGithub()
  const env = { GITHUB_API_URL: github.apiUrl, GITHUB_EVENT_PATH: eventFile() }
  console.log('\na dry run, without latency')
  await compare({ 'without a comment': 'false', 'with a comment': 'true' }, (comment) => {
    const inputs = { 'dry-run': 'true', comment, 'github-token': github.token }
    return overLive({ bundle: 'now', tree: smallTree(), inputs }, { latencyMs: 0, env })
  })
  await github.close()
}

async function measureFiles(): Promise<void> {
  const [live, after] = [manyTree(FILES), changedTree(FILES)]
  const planned = { bucket: 'packages', 'dry-run': 'true' }
  const cloud = await startCloud(0)
  try {
    const { outputs } = (await step({ cloud, tree: live, inputs: { bucket: 'packages' } })).step
    const scenarios = {
      'packed and checked alone': { ...planned, 'yc-sa-json-credentials': '' },
      'packed and planned': planned,
    }
    const runs = await compare(scenarios, (inputs) => step({ cloud, tree: after, inputs }))
    const [one] = runs.get('packed and planned') ?? []
    const { files } = JSON.parse(one?.step.outputs.plan ?? '{}') as {
      files: { changed: { count: number } } | null
    }
    const parts = one?.calls.filter(
      ({ method, path: of }) => method === 'GET' && of.startsWith('/packages/'),
    )
    console.log(
      `\nlive package: ${formatBytes(Number(outputs['package-size']))}, of which ${parts?.length ?? 0} parts were read; files changed: ${files?.changed.count ?? 'not compared'}`,
    )
  } finally {
    await cloud.close()
  }
}

/** Runs all in turn, round after round, so that none has the quiet moments of the machine alone. */
async function compare<T>(
  scenarios: Readonly<Record<string, T>>,
  measure: (scenario: T) => Promise<Figures>,
): Promise<ReadonlyMap<string, readonly Figures[]>> {
  const all = new Map<string, Figures[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, scenario] of Object.entries(scenarios)) {
      all.set(name, [...(all.get(name) ?? []), await measure(scenario)])
    }
  }
  console.log('\n| | median | fastest | CPU, median | peak memory | calls | of them reads |')
  console.log('|---|--:|--:|--:|--:|--:|--:|')
  for (const [name, runs] of all) {
    const times = runs.map(({ ms }) => ms)
    const calls = runs[0]?.calls ?? []
    const cells = [
      name,
      time(median(times)),
      time(Math.min(...times)),
      time(median(runs.map(({ cpuMs }) => cpuMs))),
      formatBytes(Math.max(...runs.map(({ peakBytes }) => peakBytes))),
      calls.length,
      calls.filter(({ method }) => ['GET', 'HEAD'].includes(method)).length,
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  return all
}

/** Runs a step over the version that the same step without its changes has deployed. */
async function overLive(
  { bundle, tree, inputs }: Scenario,
  { latencyMs, env = {} }: { latencyMs: number; env?: Inputs },
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

interface Step extends Omit<Scenario, 'bundle'> {
  readonly cloud: Emulator
  readonly bundle?: string
  readonly env?: Inputs
}

/** Rejects when the step fails. */
async function step({ cloud, tree, inputs, bundle = 'now', env = {} }: Step): Promise<Figures> {
  const earlier = cloud.requests.length
  const all = {
    'api-endpoint': cloud.endpoint,
    'folder-id': cloud.folderId,
    'yc-sa-json-credentials': cloud.keyJson,
    'function-name': 'bench',
    runtime: 'nodejs22',
    entrypoint: 'index.handler',
    ...inputs,
  }
  const entry = entryOf(bundles.get(bundle) ?? NOW)
  const figures = await run(all, { workspace: tree.folder, entry, env })
  const { exitCode, stdout, stderr } = figures.step
  if (exitCode !== 0) throw new Error(`a step failed:\n${stdout}\n${stderr}`)
  return { ...figures, calls: cloud.requests.slice(earlier) }
}

async function run(inputs: Inputs, options: StepOptions): Promise<Figures> {
  let watch: { stop: () => Usage } | undefined
  const step = await runStep(inputs, {
    ...options,
    onStart: ({ pid }) => (watch = watchUsage(pid)),
  })
  const { peakBytes = NaN, cpuMs = NaN } = watch?.stop() ?? {}
  return { ms: step.durationMs, cpuMs, peakBytes, calls: [], step }
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

function heading(text: string): void {
  console.log(`\n## ${text}`)
}

function time(value: number): string {
  return `${value.toFixed(0)} ms`
}
