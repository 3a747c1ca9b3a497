/**
 * Measures packing and whole deployments side by side with Info-ZIP, and what else a step takes:
 * `npm run bench`. It renews the table of bench/README.md. `--archiver` adds archiver, which takes
 * minutes. `--short` is for CI: small trees, one round, no network; it fails on wrong results,
 * never on time.
 */

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { findNode24 } from '../scripts/node24.ts'
import { formatBytes } from '../src/text.ts'
import { checkZip } from './check.ts'
import { deploy, firstRequest, startCloud, stopCloud, type Cloud } from './deploy.ts'
import { measure, median, type Run } from './measure.ts'
import { currentLoad, keep, table, type Row } from './results.ts'
import { lostAfterBuild, runVariants, spreadAround, type Lost } from './steps.ts'
import { CACHE, manyTree, noiseTree, realTree, smallTree, type Tree } from './trees.ts'

interface Contender {
  readonly name: string
  /** What others are compared with. */
  readonly isBase?: true
  /** Its name in the table that is kept; absent for what is not ours. */
  readonly kept?: string
  readonly run: (tree: Tree) => Promise<Run & { readonly sha256?: string }>
}

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    archiver: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
})
/** What goes into bench/README.md. */
const kept: Row[] = []
const rounds = Number(options.rounds ?? (options.short ? 1 : 5))
const load = currentLoad()
const node = findNode24()
const zips = path.join(CACHE, 'zips')
mkdirSync(zips, { recursive: true })

const hasInfoZip = ['zip', 'unzip'].every(
  (name) => spawnSync(name, ['-v'], { stdio: 'ignore' }).error === undefined,
)
if (!hasInfoZip) console.log('zip or unzip is not on this machine: nothing to compare with.')

const infoZip: Contender = {
  name: 'zip -q -r -6',
  isBase: true,
  run: async (tree) => {
    rmSync(zipOf('theirs'), { force: true })
    return measure({ program: 'zip', args: ['-qr6', zipOf('theirs'), '.'], cwd: tree.folder })
  },
}
const archivers: readonly Contender[] = [
  { name: 'archiver, from buffers', run: (tree) => pack('archiver.ts', tree, 'buffers') },
  { name: 'archiver, from paths', run: (tree) => pack('archiver.ts', tree, 'paths') },
]
const packers: readonly Contender[] = [
  ...(hasInfoZip ? [infoZip] : []),
  { name: 'ours', kept: 'packing', run: (tree) => pack('pack.ts', tree) },
  ...(options.short || options.archiver ? archivers : []),
]

console.log(`${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores; ${rounds} rounds, medians\n`)
const small = smallTree()
const trees = options.short
  ? [small, manyTree(1000), noiseTree(10)]
  : [small, realTree(), noiseTree(100)]

heading('Packing: from the patterns to the zip on disk; the start of Node.js is not counted')
for (const tree of trees) {
  await compare(tree, packers)
  if (hasInfoZip) await checkZip(zipOf('pack.ts'), zipOf('theirs'))
}

heading('A whole deployment through a bucket, from the start of the process to its end')
const cloud = await startCloud()
try {
  for (const tree of trees) await compare(tree, deployers(cloud))
} finally {
  await stopCloud(cloud)
}

if (!options.short) {
  heading('Growth: packing of more and more files')
  for (const files of [1000, 4000, 15_000, 60_000]) {
    await compare(manyTree(files), packers.slice(0, hasInfoZip ? 2 : 1))
  }
}

heading('A step in a cloud that takes 50 ms for a call')
const steps = [...(await runVariants(small, rounds))].map(([what, runs]) => ({ what, runs }))
report(steps.map(({ what, runs }) => ({ what: `a step: ${what}`, runs })))

heading('Lost between the end of a build and its being noticed, 50 ms a call')
report((await lost(options.short ? [1] : [1, 5, 20, 60])).map(lostRow))

heading('Start-up')
const bundle = statSync(fileURLToPath(new URL('../dist/index.js', import.meta.url))).size
const starts: { ms: number; peakBytes: undefined }[] = []
for (let round = 0; round < rounds; round += 1) {
  starts.push({ ms: await firstRequest(small), peakBytes: undefined })
}
report([{ what: `start: a bundle of ${formatBytes(bundle)}`, runs: starts }])

if (!options.short) keep(kept, { rounds, node, load })

/** Short builds one after the other, as nothing shall disturb them; the long ones wait at the same time. */
async function lost(seconds: readonly number[]): Promise<readonly Lost[][]> {
  const all: Promise<Lost[]>[] = []
  for (const duration of seconds) {
    const builds = spreadAround(duration * 1000, rounds)
    const runs: Promise<Lost>[] = []
    for (const buildMs of builds) {
      const run = lostAfterBuild(buildMs, small)
      runs.push(run)
      if (duration < 20) await run
    }
    all.push(Promise.all(runs))
  }
  return Promise.all(all)
}

function lostRow(losses: readonly Lost[]): Row {
  const builds = losses.map(({ buildMs }) => buildMs)
  const looks = Math.max(...losses.map((loss) => loss.looks))
  const share = Math.max(...losses.map(({ lostMs, buildMs }) => (lostMs - 50) / buildMs))
  return {
    what: `lost after a build of ${median(builds) / 1000} s: ${looks} looks, at most ${(share * 100).toFixed(1)} % and a call`,
    runs: losses.map(({ lostMs }) => ({ ms: lostMs, peakBytes: undefined })),
  }
}

function report(rows: readonly Row[]): void {
  console.log(`\n${table(rows)}`)
  kept.push(...rows)
}

function deployers(cloud: Cloud): readonly Contender[] {
  return [
    ...(hasInfoZip ? [infoZip] : []),
    {
      name: 'node dist/index.js',
      kept: 'a whole deployment',
      run: (tree) => deploy(tree, cloud),
    },
  ]
}

/** The scripts time themselves, so that the start of Node.js and of its TypeScript is left out. */
async function pack(script: string, tree: Tree, from = ''): Promise<Run & { sha256?: string }> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const args = ['--no-warnings', file, tree.folder, zipOf(script), from]
  const run = await measure({ program: node, args, cwd: tree.folder })
  return { ...run, ...(JSON.parse(run.stdout) as { ms: number; sha256?: string }) }
}

/** Runs all in turn, round after round, so that none has the quiet moments of the machine alone. */
async function compare(tree: Tree, contenders: readonly Contender[]): Promise<void> {
  const runs = new Map<Contender, (Run & { sha256?: string })[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      runs.set(contender, [...(runs.get(contender) ?? []), await contender.run(tree)])
    }
  }
  const base = contenders.find(({ isBase }) => isBase)
  const baseMs = base && median((runs.get(base) ?? []).map((run) => run.ms))
  console.log(`\n${tree.name}: ${tree.files} files, ${formatBytes(tree.bytes)}`)
  const rows = [...runs].map(([contender, measured]) => {
    const hashes = new Set(measured.map(({ sha256 }) => sha256))
    if (hashes.size !== 1) throw new Error(`${contender.name} made different zips of ${tree.name}`)
    return { contender, row: { what: contender.name, runs: measured, baseMs } }
  })
  console.log(table(rows.map(({ row }) => row)))
  for (const { contender, row } of rows) {
    if (contender.kept) kept.push({ ...row, what: `${contender.kept}: ${tree.name}` })
  }
}

function zipOf(name: string): string {
  return path.join(zips, `${path.basename(name, '.ts')}.zip`)
}

function heading(text: string): void {
  console.log(`\n## ${text}`)
}
