/** When to look at an operation again: soon enough to lose little after its end, and no more often than that. */

import { backoff, RETRY_POLICY } from '../http/http.ts'

/** What is known before a look; times in milliseconds. */
export interface Pace {
  /** Since the operation was started. */
  readonly elapsedMs: number
  /** The shortest time so far from a look to its answer; undefined before the first answer. */
  readonly roundTripMs: number | undefined
  /** How many looks have failed since the last one that succeeded. */
  readonly failures: number
  /** How often the cloud has said that the looks come too often. */
  readonly refusals: number
}

/** The first looks, for what takes less than a second: creating a function, setting a tag. */
const EARLY_MS = [250, 550, 900]
/** The share of an operation's duration that may be lost until its end is noticed. */
const SHARE = 0.05
/** The share that is always let go by, however long an answer takes. */
const LEAST_SHARE = 0.01
/** Answers that come sooner than this count as if they took so long, which keeps the looks of a minute at 80 or fewer. */
const COUNTED_ROUND_TRIP_MS = 50
/** Of operations of a minute and longer, nobody waits longer for the news than this; a minute has 24 looks then. */
const LONGEST_MS = 2_500
/** Each refusal doubles the pauses, up to so many times. */
const SLOWEST = 8

/**
 * The pause before the next look. From one second on, an operation's end is noticed after at most 5 % of its duration
 * plus one round trip, as long as a round trip takes at least 50 ms, and half of it fits into the 5 %.
 *
 * `random` is a number in [0, 1): it spreads the looks after failures, as with every other call.
 */
export function pauseMs({ refusals, failures, ...pace }: Pace, random: number): number {
  const pause = steadyPauseMs(pace) * Math.min(SLOWEST, 2 ** refusals)
  return failures === 0 ? pause : Math.max(pause, backoff(failures, { ...RETRY_POLICY, random }))
}

function steadyPauseMs({
  elapsedMs,
  roundTripMs = 0,
}: Pick<Pace, 'elapsedMs' | 'roundTripMs'>): number {
  const early = EARLY_MS.find((ms) => ms > elapsedMs)
  const leastMs = Math.ceil(LEAST_SHARE * elapsedMs)
  if (early !== undefined) return Math.max(leastMs, early - elapsedMs)
  // The answer tells how things stood half a round trip ago, and the next one takes as long to arrive.
  const countedMs = Math.max(roundTripMs, COUNTED_ROUND_TRIP_MS)
  const pause = Math.floor(SHARE * elapsedMs + countedMs / 2 - roundTripMs)
  return Math.min(LONGEST_MS, Math.max(leastMs, pause))
}
