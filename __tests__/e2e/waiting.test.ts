/** What a run loses between the end of a build and its being noticed, by real clocks: the bundle against an emulator. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'
import { runStep } from '../../scripts/step.ts'
import { requiredInputs } from '../support/cloud.ts'
import { helloWorkspace } from '../support/faults.ts'

const LATENCY_MS = 50
/** What a busy machine adds to any of these times. */
const NOISE_MS = 100

describe.each([1_000, 5_000])('a build of %i ms', (buildMs) => {
  let emulator: Emulator
  /** When each look reached the operation, in milliseconds since its start. */
  let looks: readonly number[]
  let noticedMs: number

  beforeAll(async () => {
    emulator = await startEmulator({ buildMs, latencyMs: LATENCY_MS })
    const step = await runStep(requiredInputs(emulator), { workspace: helloWorkspace() })
    expect(step.exitCode).toBe(0)
    const built = emulator.requests.findIndex(
      ({ method, path }) => method === 'POST' && path.endsWith('/versions'),
    )
    const { atMs = NaN } = emulator.requests[built] ?? {}
    const polls = emulator.requests
      .slice(built)
      .filter(({ path }) => path.startsWith('/operations/'))
      .map((poll) => ({ seenMs: poll.atMs + LATENCY_MS, answeredMs: poll.atMs + poll.durationMs }))
    const startedMs = atMs + LATENCY_MS
    looks = polls.map(({ seenMs }) => seenMs - startedMs)
    noticedMs = (polls.at(-1)?.answeredMs ?? NaN) - startedMs
  }, 60_000)
  afterAll(() => emulator.close())

  test('is noticed within 5 % of its time and one round trip', () => {
    expect(noticedMs).toBeGreaterThanOrEqual(buildMs - 1)
    expect(noticedMs - buildMs).toBeLessThanOrEqual(0.05 * buildMs + LATENCY_MS + NOISE_MS)
  })

  test('is looked at all along in steps of 5 % of its age and one round trip', () => {
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
  })
})
