/** A plan as Markdown, in parts: a long one may not fit as a whole. */

import type { Plan } from '../../deploy/plan/plan.ts'
import { clip, markdownText } from '../../text.ts'
import { comparison, filesOf, callersNote, tableOf, type Line } from '../plan.ts'
import { folded } from './markup.ts'

/** Most names of files of each kind. */
const MAX_FILES = 200

/** The longest name of a file that is shown, in characters; the full list stays within a summary even of entities. */
const MAX_FILE_CHARACTERS = 150

/** The table of the log as Markdown, without what does not change. Foreign text in it is inert. */
export function planRows(plan: Plan): readonly string[] {
  const { differing } = tableOf(plan)
  return [comparison(plan, inCode), ...apart(markdownTable('Change', differing))]
}

/** The rows that do not change, folded. */
export function planUnchanged(plan: Plan): readonly string[] {
  const { unchanged } = tableOf(plan)
  return folded(`Unchanged: ${unchanged.length}`, markdownTable('Value', unchanged))
}

/** What a deployment would do beside its rows, as Markdown. */
export function planNotes(plan: Plan): readonly string[] {
  return callersNote(plan, inCode)
}

/** The names of the files that differ, folded. */
export function planFiles(plan: Plan): readonly string[] {
  const lists = filesOf(plan, MAX_FILES)
  if (lists.length === 0) return []
  const counts = lists.map(({ names, left, kind }) => `${names.length + left} ${kind}`)
  return folded(
    `Files: ${counts.join(', ')}`,
    lists.flatMap(({ sign, names, left }) => [
      ...names.map(
        (name) => `${markdownText(sign)} ${inCode(clip(name, MAX_FILE_CHARACTERS))}<br>`,
      ),
      ...(left > 0 ? [`… and ${left} more<br>`] : []),
    ]),
  )
}

function markdownTable(what: 'Change' | 'Value', lines: readonly Line[]): readonly string[] {
  if (lines.length === 0) return []
  return [
    `| Setting | ${what} |`,
    '|---|---|',
    ...lines.map(
      ({ sign, name, live, after }) =>
        `| ${[markdownText(sign.trim()), inCode(name)].filter((part) => part !== '').join('&nbsp;')} | ${changeOf({ live, after })} |`,
    ),
  ]
}

/** From the one side to the other; what does not change stands once. */
function changeOf({ live, after }: Pick<Line, 'live' | 'after'>): string {
  const sides = live === after ? [after] : [live, after].filter((side) => side !== '')
  return sides.map(markdownText).join(' → ')
}

/** With a blank line before them. */
function apart(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}

function inCode(text: string): string {
  return `<code>${markdownText(text)}</code>`
}
