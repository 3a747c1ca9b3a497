/** Pieces of Markdown for summaries and comments. Foreign text in them is text alone, also for GitHub, which looks for mentions after Markdown. */

import { clip, markdownText } from '../../text.ts'

/** The longest name or id of the cloud that is shown, in characters. */
export const MAX_VALUE_CHARACTERS = 500

/** Most names in one list. */
const MAX_NAMES = 40

export function text(value: string): string {
  return markdownText(clip(value, MAX_VALUE_CHARACTERS))
}

/** What cannot be seen shows as a sign that stands for it. */
export function code(value: string): string {
  const visible = clip(value, MAX_VALUE_CHARACTERS).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return `<code>${markdownText(visible)}</code>`
}

/** The label is Markdown, the address one that has been checked. */
export function anchor(label: string, address: string): string {
  return `<a href="${escaped(address)}">${label}</a>`
}

/** A link whose label is its address, with its query. */
export function bareAnchor(address: string): string {
  return anchor(`<code>${escaped(address)}</code>`, address)
}

function escaped(address: string): string {
  return address.replace(/[^\w:/.%~-]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
}

/** Names, each as code; the rest of a long list is counted. */
export function codes(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map(code)
  const left = names.length - shown.length
  return (left > 0 ? [...shown, `and ${left} more`] : shown).join(' ')
}

/** A name and its value, which is Markdown without blank lines; undefined for nothing to show. */
export type Field = readonly [name: string, value: string | undefined]

/** A table of HTML: Markdown has none without a header. Nothing when there is no value. */
export function fieldTable(fields: readonly Field[]): readonly string[] {
  const rows = filled(fields).map(
    ([name, value]) => `<tr><th align="left">${name}</th><td>${value}</td></tr>`,
  )
  return rows.length === 0 ? [] : ['<table>', ...rows, '</table>']
}

export function fieldList(fields: readonly Field[]): readonly string[] {
  return filled(fields).map(([name, value]) => `- ${name}: ${value}`)
}

function filled(fields: readonly Field[]): readonly (readonly [string, string])[] {
  return fields.flatMap(([name, value]) => (value ? [[name, value] as const] : []))
}

/** Lines under a title that opens them; nothing when there are none. */
export function folded(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  return [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>']
}

/** Lines to copy, which are of our own making: whatever foreign is in them has been checked. */
export function copyable(language: 'sh' | 'yaml', lines: readonly string[]): readonly string[] {
  return [`\`\`\`${language}`, ...lines, '```']
}
