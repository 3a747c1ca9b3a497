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
  /**
   * Another version of the function answers: the one named, else the one that held the tag before. Only for calls of
   * functions.
   */
  | { readonly kind: 'stale'; readonly versionId?: string }
  /** The effect happens, but the answer comes without these headers. */
  | { readonly kind: 'without-headers'; readonly names: readonly string[] }
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
  /** Endpoint id of a recorded request, such as `invocation` for calls of functions. */
  readonly service?: string
  /** Parameters that the query must have, such as `{ tag: 'candidate' }`. */
  readonly query?: Readonly<Record<string, string>>
  /** Matched against the path without the query, on every listener; default: every path. */
  readonly path?: RegExp
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
  take(request: FaultTarget): FaultEffect | undefined {
    for (const fault of this.#waiting) {
      if (!isFor(fault.spec, request)) continue
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

/** What of a request a fault is chosen by. */
export interface FaultTarget {
  readonly method: string
  readonly service: string
  readonly path: string
  readonly query: URLSearchParams
}

function isFor(spec: FaultSpec, request: FaultTarget): boolean {
  const { method, service, path, query = {} } = spec
  if (path) path.lastIndex = 0
  return (
    (method ?? request.method) === request.method &&
    (service ?? request.service) === request.service &&
    path?.test(request.path) !== false &&
    Object.entries(query).every(([name, value]) => request.query.get(name) === value)
  )
}
