/** Time to finish what must not be left half done when a run is cancelled. */

/** The runner ends a cancelled step after 7.5 s, and the action itself after 6.8 s; the report needs some of it. */
export const GRACE_MS = {
  /** For a change of a tag that is under way. */
  change: 2_500,
  /** To put tags back. */
  undo: 2_500,
  /** To read what points where. */
  account: 1_000,
} as const

/** A signal that aborts this long after another one; at once counts from now when that one has aborted already. */
export function afterAbort(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController()
  const start = (): void => {
    setTimeout(() => {
      later.abort(signal.reason)
    }, ms).unref()
  }
  if (signal.aborted) start()
  else signal.addEventListener('abort', start, { once: true })
  return later.signal
}
