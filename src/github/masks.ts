/** The secrets of a run, and texts without them: whole, escaped, or what a limit of length left of one. */

import { markdownText } from '../text.ts'

/** A cut secret is found by this many characters of its beginning; fewer give nobody access. */
const HEAD_CHARACTERS = 12

/** How `&` is written in XML, in our Markdown and in JSON. */
const AMPERSANDS = ['&', '&amp;', '&#38;', '\\u0026']

export class Masks {
  /** Every spelling of a secret, with the beginning that is enough to find it. */
  readonly #heads = new Map<string, string>()
  #pattern = /(?!)/g

  /** Gives the spellings of the secret that the runner should hide too. */
  add(secret: string): readonly string[] {
    if (secret === '') return []
    const spellings = [...new Set(AMPERSANDS.map((and) => secret.replaceAll('&', and)))]
    const markdown = markdownText(secret)
    // The beginning of an escaped text is no more than a few characters, which any text may have.
    this.#heads.set(markdown, markdown)
    for (const text of spellings) this.#heads.set(text, text.slice(0, HEAD_CHARACTERS))
    const heads = [...new Set(this.#heads.values())].map(escapePattern)
    this.#pattern = new RegExp(heads.join('|'), 'g')
    return spellings
  }

  /** The text with stars in place of every secret. */
  hide(text: string): string {
    let shown = ''
    let from = 0
    for (;;) {
      this.#pattern.lastIndex = from
      const start = this.#pattern.exec(text)?.index
      if (start === undefined) return shown + text.slice(from)
      shown += `${text.slice(from, start)}***`
      // Secrets may begin alike: nothing must stay of the one that is there.
      const lengths = [...this.#heads].map(([secret, head]) =>
        text.startsWith(head, start) ? sharedLength(secret, text.slice(start)) : 0,
      )
      from = start + Math.max(...lengths)
    }
  }
}

function sharedLength(secret: string, text: string): number {
  let length = 0
  while (length < secret.length && secret[length] === text[length]) length++
  return length
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
