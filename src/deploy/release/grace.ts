/** Time to finish what must not be left half done when a run is cancelled. */

/** The runner ends a cancelled step after 7.5 s, and the action itself after 4.5 s; the report needs some of it. */
export const GRACE_MS = {
  /** For a change of a tag that is under way. */
  change: 1_200,
  /** To put tags back. */
  undo: 1_600,
  /** To read what points where. */
  account: 800,
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
