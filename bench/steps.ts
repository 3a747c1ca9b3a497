/** Steps against a cloud that takes 50 ms for a call and some time for a build: as users have them. */

import { startEmulator, type Emulator } from '../emulator/index.ts'
import { runStep } from '../scripts/step.ts'
import { watchPeak, type Run } from './measure.ts'
import type { Tree } from './trees.ts'

const LATENCY_MS = 50
/** How far the builds of one duration are apart, so that their ends meet the looks at different moments. */
const SPREAD = 0.1

/** What was lost between the end of a build and its being noticed. */
export interface Lost {
  readonly buildMs: number
  readonly lostMs: number
  /** How often the build was looked at. */
  readonly looks: number
}

/** Deploys once and tells what was lost after a build that takes so long. */
export async function lostAfterBuild(buildMs: number, tree: Tree): Promise<Lost> {
  const emulator = await startCloudOf(buildMs)
  try {
    await step(emulator, { tree, inputs: {} })
    const start = emulator.requests.findIndex(
      ({ method, path }) => method === 'POST' && path.endsWith('/versions'),
    )
    const looks = emulator.requests
      .slice(start)
      .filter(({ path }) => path.startsWith('/operations/'))
    const [startedMs, last] = [emulator.requests[start]?.atMs, looks.at(-1)]
    if (startedMs === undefined || !last) throw new Error('the build was not looked at')
    const endedMs = startedMs + LATENCY_MS + buildMs
    return { buildMs, lostMs: last.atMs + last.durationMs - endedMs, looks: looks.length }
  } finally {
    await emulator.close()
  }
}

/** Durations around one, the first of which is the shortest. */
export function spreadAround(buildMs: number, count: number): readonly number[] {
  if (count === 1) return [buildMs]
  const step = (2 * SPREAD * buildMs) / (count - 1)
  return Array.from({ length: count }, (_, at) => buildMs * (1 - SPREAD) + at * step)
}

/** Inputs that make a step do something else than to deploy anew. */
export const VARIANTS = {
  'a new version, build of 1.2 s': {},
  'the same, checked before a tag moves (`check`)': { check: 'true', tags: 'stable' },
  'a plan (`dry-run`)': { 'dry-run': 'true' },
  'a skip (`skip-unchanged`)': { 'skip-unchanged': 'true' },
} as const satisfies Record<string, Readonly<Record<string, string>>>

export type Variant = keyof typeof VARIANTS

/** Runs each variant once in each round, for a function that is there with the very code of the tree. */
export async function runVariants(
  tree: Tree,
  rounds: number,
): Promise<ReadonlyMap<Variant, readonly Run[]>> {
  const emulator = await startCloudOf(1_200)
  // The function answers at once: its own time is none of ours.
  emulator.fault({
    service: 'invocation',
    times: Infinity,
    effect: { kind: 'status', status: 200 },
  })
  try {
    await step(emulator, { tree, inputs: {} })
    const runs = new Map<Variant, Run[]>()
    for (let round = 0; round < rounds; round++) {
      for (const [variant, inputs] of Object.entries(VARIANTS) as [Variant, object][]) {
        const run = await step(emulator, { tree, inputs: { ...inputs } })
        runs.set(variant, [...(runs.get(variant) ?? []), run])
      }
    }
    return runs
  } finally {
    await emulator.close()
  }
}

function startCloudOf(buildMs: number): Promise<Emulator> {
  return startEmulator({ buildMs, latencyMs: LATENCY_MS, checkPackages: false })
}

async function step(
  emulator: Emulator,
  { tree, inputs }: { tree: Tree; inputs: Readonly<Record<string, string>> },
): Promise<Run> {
  let peak: { stop: () => number | undefined } | undefined
  const { exitCode, stdout, stderr, durationMs } = await runStep(
    {
      'api-endpoint': emulator.endpoint,
      'folder-id': emulator.folderId,
      'yc-sa-json-credentials': emulator.keyJson,
      'function-name': 'bench',
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      ...inputs,
    },
    { workspace: tree.folder, onStart: ({ pid }) => (peak = watchPeak(pid)) },
  )
  const peakBytes = peak?.stop()
  if (exitCode !== 0) throw new Error(`a step failed:\n${stdout}\n${stderr}`)
  return { ms: durationMs, peakBytes, stdout }
}
