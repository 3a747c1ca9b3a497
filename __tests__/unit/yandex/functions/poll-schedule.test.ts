/** How much is lost until the end of an operation is noticed, and how often it is looked at: by a simulated clock. */

import { describe, expect, test } from '@jest/globals'
import { pauseMs, type Pace } from '../../../../src/yandex/functions/poll-schedule.ts'

const PACE: Pace = { elapsedMs: 20_000, roundTripMs: 50, failures: 0, refusals: 0 }

/** When each look is sent, from the answer that started the operation on; half of a round trip passes each way. */
function looks(roundTripMs: number, untilMs: number): readonly number[] {
  const sent: number[] = []
  let nowMs = 0
  while (nowMs <= untilMs) {
    const known = sent.length === 0 ? undefined : roundTripMs
    nowMs += pauseMs({ ...PACE, elapsedMs: nowMs, roundTripMs: known }, 0)
    sent.push(nowMs)
    nowMs += roundTripMs
  }
  return sent
}

/** The most that is lost after the end of operations that take 90 % to 110 % of a duration, as a share of each. */
function worstShare({ seconds, roundTripMs }: { seconds: number; roundTripMs: number }): number {
  const sent = looks(roundTripMs, seconds * 2_000)
  let worst = 0
  for (let endMs = seconds * 900; endMs <= seconds * 1_100; endMs += 0.5) {
    // The operation started half a round trip before its start was answered.
    const seen = sent.find((sentMs) => sentMs + roundTripMs >= endMs) ?? NaN
    const noticedMs = seen + 1.5 * roundTripMs
    worst = Math.max(worst, (noticedMs - endMs - roundTripMs) / endMs)
  }
  return worst
}

function looksPerMinute(roundTripMs: number): readonly number[] {
  const sent = looks(roundTripMs, 600_000)
  return Array.from({ length: 10 }, (_, minute) => {
    const isIn = (ms: number): boolean => ms >= minute * 60_000 && ms < (minute + 1) * 60_000
    return sent.filter(isIn).length
  })
}

describe('what is lost after the end of an operation, beside one round trip, is at most 5 %', () => {
  test.each([
    { seconds: 1, roundTripMs: 50 },
    { seconds: 1, roundTripMs: 75 },
    { seconds: 5, roundTripMs: 50 },
    { seconds: 5, roundTripMs: 200 },
    { seconds: 20, roundTripMs: 50 },
    { seconds: 20, roundTripMs: 200 },
    { seconds: 60, roundTripMs: 50 },
    { seconds: 60, roundTripMs: 200 },
  ])('of $seconds s, with a round trip of $roundTripMs ms, whenever it ends', (of) => {
    const worst = worstShare(of)
    expect(worst).toBeLessThanOrEqual(0.05)
    // As much as may be lost is lost: looking more often would be for nothing.
    expect(worst).toBeGreaterThan(0.045)
  })

  test.each([1, 5, 20, 60])(
    'and 25 ms more, when %i s end and an answer takes no time',
    (seconds) => {
      const more = 25 / (seconds * 900)
      expect(worstShare({ seconds, roundTripMs: 0 })).toBeLessThanOrEqual(0.05 + more)
    },
  )
})

test.each([0, 5, 20, 50, 200])(
  'there are at most 80 looks in a minute, and fewer in the next ones: a round trip of %i ms',
  (roundTripMs) => {
    const [first = NaN, second = NaN, ...later] = looksPerMinute(roundTripMs)
    expect(first).toBeLessThanOrEqual(80)
    expect(second).toBeLessThan(first / 2)
    for (const count of later) expect(count).toBeLessThanOrEqual(second + 1)
  },
)

describe('a pause', () => {
  test.each([
    ['before anything is known', { elapsedMs: 0, roundTripMs: undefined }, 250],
    ['after the first look', { elapsedMs: 300 }, 250],
    ['before a look that is due already', { elapsedMs: 895 }, 9],
    ['when an answer takes longer than may be lost', { elapsedMs: 2_000, roundTripMs: 500 }, 20],
    ['after 20 s', {}, 975],
    ['after an hour', { elapsedMs: 3_600_000 }, 2_500],
  ] as const)('%s', (_, known, ms) => {
    expect(pauseMs({ ...PACE, ...known }, 0)).toBe(ms)
  })

  test.each([
    [1, 1_950],
    [2, 3_900],
    [3, 7_800],
    [50, 7_800],
  ])('grows when the looks come too often: %i times', (refusals, ms) => {
    expect(pauseMs({ ...PACE, refusals }, 0)).toBe(ms)
  })

  test.each([
    [1, 0, 125],
    [1, 1, 250],
    [3, 1, 1_000],
    [30, 0, 5_000],
    [30, 1, 10_000],
  ])('grows with looks that fail: %i of them, at random %d', (failures, random, ms) => {
    expect(pauseMs({ ...PACE, elapsedMs: 1_000, failures }, random)).toBe(ms)
  })

  test('is not shorter after a failure', () => {
    expect(pauseMs({ ...PACE, failures: 1 }, 1)).toBe(975)
  })
})
