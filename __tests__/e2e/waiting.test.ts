/** What a run loses between the end of a build and its being noticed, by real clocks: the bundle against an emulator. */

import { expect, jest, test } from '@jest/globals'
import { startEmulator } from '../../emulator/index.ts'
import { runStep } from '../../scripts/step.ts'
import { requiredInputs } from '../support/cloud.ts'
import { helloWorkspace } from '../support/faults.ts'

const LATENCY_MS = 50
/** What a busy machine adds to any of these times. */
const NOISE_MS = 100

// A machine that is too busy for a moment delays the looks themselves.
jest.retryTimes(2)

test.each([1_000, 5_000])(
  'a build of %i ms is looked at in steps of 5 % of its age and one round trip, and its end noticed as soon',
  async (buildMs) => {
    const { looks, noticedMs } = await watch(buildMs)
    expect(noticedMs).toBeGreaterThanOrEqual(buildMs - 1)
    expect(noticedMs - buildMs).toBeLessThanOrEqual(0.05 * buildMs + LATENCY_MS + NOISE_MS)
    const excess = looks
      .slice(1)
      .map((ms, at) => ({ fromMs: looks[at] ?? NaN, gapMs: ms - (looks[at] ?? NaN) }))
      .filter(({ fromMs }) => fromMs > 850)
      .map(({ fromMs, gapMs }) => gapMs - 0.05 * fromMs - LATENCY_MS)
      .toSorted((a, b) => a - b)
    expect(looks.length).toBeGreaterThan(3)
    expect(looks.length).toBeLessThanOrEqual(80)
    // One in two is not delayed by a busy machine.
    expect(excess[excess.length >> 1] ?? NaN).toBeLessThan(NOISE_MS / 4)
  },
)

/** When each look reached the operation, and when its end was answered; in milliseconds since its start. */
async function watch(buildMs: number): Promise<{ looks: readonly number[]; noticedMs: number }> {
  const emulator = await startEmulator({ buildMs, latencyMs: LATENCY_MS })
  try {
    const step = await runStep(requiredInputs(emulator), { workspace: helloWorkspace() })
    expect(step.exitCode).toBe(0)
    const built = emulator.requests.findIndex(
      ({ method, path }) => method === 'POST' && path.endsWith('/versions'),
    )
    const startedMs = (emulator.requests[built]?.atMs ?? NaN) + LATENCY_MS
    const polls = emulator.requests
      .slice(built)
      .filter(({ path }) => path.startsWith('/operations/'))
    const [last] = polls.slice(-1)
    return {
      looks: polls.map(({ atMs }) => atMs + LATENCY_MS - startedMs),
      noticedMs: (last ? last.atMs + last.durationMs : NaN) - startedMs,
    }
  } finally {
    await emulator.close()
  }
}
