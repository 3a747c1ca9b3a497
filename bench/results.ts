/** What was measured: printed as tables, and kept in the one table of bench/README.md. */

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'

import { formatBytes } from '../src/text.ts'
import { median, type Run } from './measure.ts'

/** One line of the table that is kept. */
export interface Row {
  readonly what: string
  readonly runs: readonly Pick<Run, 'ms' | 'peakBytes'>[]
  /** Median of what it is compared with; undefined where there is nothing. */
  readonly baseMs?: number | undefined
}

/** How it was measured. */
export interface Setting {
  readonly rounds: number
  readonly node: string
  /** Of the machine before the first round, from other work. */
  readonly load: number
}

/** The load of the last minute; 0 where the system does not tell. */
export function currentLoad(): number {
  return loadavg()[0] ?? 0
}

const README = fileURLToPath(new URL('README.md', import.meta.url))
const [BEGIN, END] = ['<!-- figures -->', '<!-- /figures -->']
const HEAD = ['what', 'median', 'fastest', 'slowest', 'of zip', 'peak memory']

/** A table in Markdown. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, runs, baseMs }) => {
    const times = runs.map((run) => run.ms)
    const ratio = baseMs === undefined ? '' : (median(times) / baseMs).toFixed(2)
    const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? [])
    const peak = peaks.length === 0 ? '' : formatBytes(Math.max(...peaks))
    const figures = [median(times), Math.min(...times), Math.max(...times)].map(showMs)
    return [what, ...figures, ratio, peak]
  })
  return [HEAD, ['---', ...HEAD.slice(1).map(() => '--:')], ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** Puts the rows into bench/README.md in place of the former ones. */
export function keep(rows: readonly Row[], { rounds, node, load }: Setting): void {
  const date = new Date().toISOString().slice(0, 10)
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  const where = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node.js ${version}`
  const how = `${where}; ${date}, commit ${commit()}; medians of ${rounds} rounds; load ${load.toFixed(1)} from other work.`
  const text = readFileSync(README, 'utf8')
  const [before, rest = ''] = text.split(BEGIN)
  const [, after] = rest.split(END)
  if (before === undefined || after === undefined) throw new Error(`${README} has no ${BEGIN}`)
  writeFileSync(README, `${before}${BEGIN}\n\n${how}\n\n${table(rows)}\n\n${END}${after}`)
  execFileSync(process.execPath, [prettier(), '--write', '--log-level', 'silent', README])
}

/** Such as `214 ms` or `1.22 s`. */
export function showMs(value: number): string {
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`
}

function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const isChanged = git('status', '--porcelain', '--', 'src', 'bench/*.ts') !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ' with changes' : ''}`
}

function prettier(): string {
  return fileURLToPath(new URL('../node_modules/prettier/bin/prettier.cjs', import.meta.url))
}
