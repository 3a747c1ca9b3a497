/**
 * Deploys again and again in one process and prints whether its memory grows:
 * `npx tsx bench/soak.ts [deploys]`. Fails when a deployment does, or when what is left behind by
 * each of them is more than noise.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { main, type World } from '../src/main.ts'
import { createTransport } from '../src/transport.ts'
import { startCloud, stopCloud } from './deploy.ts'

/** Caches and compiled code settle down in these. */
const WARM_UP = 40
const MAX_GROWTH_BYTES = 10_000

const FUNCTION = { 'function-name': 'soak', runtime: 'nodejs22', entrypoint: 'index.handler' }

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const deploys = Number(process.argv[2] ?? 200)
const workspace = mkdtempSync(path.join(tmpdir(), 'soak-'))
const cloud = await startCloud()
const failures: string[] = []
const versions = new Set<string>()
const world = silentWorld()
try {
  const samples: { readonly deploy: number; readonly bytes: number }[] = []
  const startedAt = performance.now()
  for (let deploy = 1; deploy <= deploys; deploy++) {
    writeFileSync(path.join(workspace, 'index.js'), `exports.handler = () => ${deploy}\n`)
    await main({ ...cloud.inputs, ...FUNCTION }, world)
    if (deploy >= WARM_UP && deploy % 20 === 0) samples.push({ deploy, bytes: await heapBytes() })
  }
  const seconds = (performance.now() - startedAt) / 1000
  const growth = slope(samples)
  for (const { deploy, bytes } of samples) console.log(`${deploy} deploys: heap ${mib(bytes)}`)
  console.log(
    `${deploys} deploys in a row, ${versions.size} versions, ${failures.length} failed, ${seconds.toFixed(1)} s; ` +
      `heap growth per deploy ${Math.round(growth)} bytes`,
  )
  for (const failure of failures) console.error(failure)
  if (versions.size !== deploys || growth > MAX_GROWTH_BYTES) process.exitCode = 1
} finally {
  await stopCloud(cloud)
  rmSync(workspace, { recursive: true })
}

/** A runner that prints nothing; the signal lives as long as the process, and so would whatever is left on it. */
function silentWorld(): World {
  return {
    transport: createTransport(),
    signal: new AbortController().signal,
    metadataAddress: undefined,
    clock: {
      now: () => performance.now(),
      wallTime: Date.now,
      random: Math.random,
      sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
    },
    runner: {
      context: {
        workspace,
        repository: undefined,
        sha: undefined,
        runId: undefined,
        serverUrl: undefined,
        event: undefined,
        ref: undefined,
        actionRoot: '.',
      },
      idTokenRequest: undefined,
      info: () => undefined,
      debug: () => undefined,
      notice: () => undefined,
      warning: () => undefined,
      group: () => undefined,
      mask: () => undefined,
      hide: (text) => text,
      error: ({ title, message }) => failures.push(`${title}: ${message}`),
      setOutput: (name, value) => {
        if (name === 'version-id') versions.add(value)
      },
      writeSummary: () => Promise.resolve(),
    },
  }
}

/** What is still in use, once everything that ended has been let go. */
async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await sleep(20)
    collectGarbage()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Bytes for each deployment, by least squares. */
function slope(samples: readonly { readonly deploy: number; readonly bytes: number }[]): number {
  const mean = (of: (sample: { deploy: number; bytes: number }) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [x, y] = [mean(({ deploy }) => deploy), mean(({ bytes }) => bytes)]
  const covariance = mean(({ deploy, bytes }) => (deploy - x) * (bytes - y))
  return covariance / mean(({ deploy }) => (deploy - x) ** 2)
}

function mib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(2)} MiB`
}
