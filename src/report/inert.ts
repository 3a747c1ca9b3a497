/** Pieces of Markdown in which foreign text is nothing but text, also on GitHub, which looks for mentions after Markdown. */

import { markdownText } from '../text.ts'

/** The longest text that is shown, in characters. */
const MAX_CHARACTERS = 150

/** As code, where GitHub makes no mention, link or picture of it; without characters that cannot be seen. */
export function code(text: string): string {
  // Cut before it is looked at: a name may be very long. A character takes at most two places.
  const beginning = text.slice(0, 2 * MAX_CHARACTERS + 2)
  const characters = Array.from(beginning.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd'))
  const end = characters.length > MAX_CHARACTERS ? '…' : ''
  return `<code>${markdownText(characters.slice(0, MAX_CHARACTERS).join('') + end)}</code>`
}

/** To a web page; the label is Markdown, and stands alone where the address is not one of the web. */
export function link(label: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  // In angle brackets, which a parsed address cannot hold.
  return url && /^https?:$/.test(url.protocol) ? `[${label}](<${url.href}>)` : label
}

/** Enough of an id of the cloud to tell two apart. */
export function shortId(id: string): string {
  return id.length > 8 ? `${id.slice(0, 3)}…${id.slice(-4)}` : id
}

/** A text whose ids of the cloud are short. */
export function shortIds(text: string): string {
  return text.replace(/\b[a-z][a-z0-9]{19}\b/g, shortId)
}
