/**
 * Measures packing and whole deployments side by side with archiver and Info-ZIP: `npm run bench`.
 * `--short` is for CI: small trees, one round, no network; it fails on wrong results, never on
 * time.
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
import { CACHE, manyTree, noiseTree, realTree, smallTree, type Tree } from './trees.ts'

interface Contender {
  readonly name: string
  /** What others are compared with. */
  readonly isBase?: true
  readonly run: (tree: Tree) => Promise<Run & { readonly sha256?: string }>
}

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, rounds: { type: 'string' } },
})
const rounds = Number(options.rounds ?? (options.short ? 1 : 5))
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
const packers: readonly Contender[] = [
  ...(hasInfoZip ? [infoZip] : []),
  { name: 'ours', run: (tree) => pack('pack.ts', tree) },
  { name: 'archiver, from buffers', run: (tree) => pack('archiver.ts', tree, 'buffers') },
  { name: 'archiver, from paths', run: (tree) => pack('archiver.ts', tree, 'paths') },
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

heading('Start-up')
const bundle = statSync(fileURLToPath(new URL('../dist/index.js', import.meta.url))).size
const starts: number[] = []
for (let round = 0; round < rounds; round += 1) starts.push(await firstRequest(small))
console.log(`bundle: ${formatBytes(bundle)}; to the first request: ${ms(median(starts))}`)

function deployers(cloud: Cloud): readonly Contender[] {
  return [
    ...(hasInfoZip ? [infoZip] : []),
    { name: 'node dist/index.js', run: (tree) => deploy(tree, cloud) },
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
  const baseMs = median((base && runs.get(base))?.map((run) => run.ms) ?? [])
  console.log(`\n${tree.name}: ${tree.files} files, ${formatBytes(tree.bytes)}`)
  console.log('| | median | fastest | slowest | of zip | peak memory |')
  console.log('|---|--:|--:|--:|--:|--:|')
  for (const [{ name }, measured] of runs) {
    const hashes = new Set(measured.map(({ sha256 }) => sha256))
    if (hashes.size !== 1) throw new Error(`${name} made different zips of ${tree.name}`)
    const times = measured.map((run) => run.ms)
    const ratio = Number.isNaN(baseMs) ? '–' : (median(times) / baseMs).toFixed(2)
    const peaks = measured.flatMap(({ peakBytes }) => peakBytes ?? [])
    const peak = peaks.length === 0 ? '–' : formatBytes(Math.max(...peaks))
    const row = [name, ms(median(times)), ms(Math.min(...times)), ms(Math.max(...times))]
    console.log(`| ${[...row, ratio, peak].join(' | ')} |`)
  }
}

function zipOf(name: string): string {
  return path.join(zips, `${path.basename(name, '.ts')}.zip`)
}

function heading(text: string): void {
  console.log(`\n## ${text}`)
}

function ms(value: number): string {
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`
}
