/** A value that must never be shown: printing or serialising the wrapper gives `***`. */

import { inspect } from 'node:util'

const HIDDEN = '***'

/** Wraps a secret string; only {@link Secret.reveal} gives it back. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The secret itself: call it where the value leaves for its one destination, nowhere else. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}
