/** Faults on demand: which request is disturbed, and how. */

/** What happens to a disturbed request. */
export type FaultEffect =
  /** Answered instead of the real effect. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body?: string | object
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is reset before any effect. */
  | { readonly kind: 'drop' }
  /** The effect happens, then the connection is reset. */
  | { readonly kind: 'lose-answer' }
  /** The effect happens, half of the body is sent under the length of the whole. */
  | { readonly kind: 'truncate' }
  /** The effect happens, but this is the answer. */
  | {
      readonly kind: 'raw'
      readonly body: string
      readonly contentType?: string
      readonly status?: number
    }

/** A fault and the requests it is for. */
export interface FaultSpec {
  readonly method?: string
  /** Matched against the path without the query, on every listener. */
  readonly path: RegExp
  /** Lets this many matching requests through first; default 0. */
  readonly skip?: number
  /** How many requests it disturbs; default 1, `Infinity` allowed. */
  readonly times?: number
  readonly effect: FaultEffect
}

/** The faults that are waiting for their requests. */
export class Faults {
  #waiting: { spec: FaultSpec; skip: number; times: number }[] = []

  add(spec: FaultSpec): void {
    this.#waiting.push({ spec, skip: spec.skip ?? 0, times: spec.times ?? 1 })
  }

  clear(): void {
    this.#waiting = []
  }

  /** The effect for this request, if a fault is due; the first one added wins. */
  take(request: { readonly method: string; readonly path: string }): FaultEffect | undefined {
    for (const fault of this.#waiting) {
      const { method, path } = fault.spec
      path.lastIndex = 0
      if ((method !== undefined && method !== request.method) || !path.test(request.path)) continue
      if (fault.skip > 0) {
        fault.skip -= 1
      } else if (fault.times > 0) {
        fault.times -= 1
        return fault.spec.effect
      }
    }
    return undefined
  }
}
