/** What a run changed, or would change, as its plan says. A long plan may not fit as a whole, so each part is a section. */

import type { Plan } from '../../deploy/plan/plan.ts'
import { clip, markdownText } from '../../text.ts'
import { callersNote, comparison, fileCounts, filesOf, SIGNS, tableOf, type Line } from '../plan.ts'
import type { Section } from './end.ts'
import { code, folded } from './markup.ts'

/** Most names of files of each kind. */
const MAX_FILES = 200

/** The longest name of a file that is shown, in characters; the full list stays within a summary even of entities. */
const MAX_FILE_CHARACTERS = 150

function sectionOf(linesOf: (plan: Plan) => readonly string[]): Section {
  return ({ known: { plan } }) => (plan ? linesOf(plan) : [])
}

export const planSection = sectionOf(rowsOf)

/** Folded when everything is new: the facts above say the same. */
export const changesSection = sectionOf((plan) =>
  plan.live
    ? ['#### What changed', '', ...rowsOf(plan)]
    : folded('What changed: everything is new', rowsOf(plan)),
)

export const filesSection = sectionOf((plan) =>
  folded(
    `Files: ${fileCounts(plan).join(', ')}`,
    filesOf(plan, MAX_FILES).flatMap(({ kind, names, left }) => [
      ...names.map(
        (name) => `${markdownText(SIGNS[kind])} ${code(clip(name, MAX_FILE_CHARACTERS))}<br>`,
      ),
      ...(left > 0 ? [`… and ${left} more<br>`] : []),
    ]),
  ),
)

export const unchangedSection = sectionOf((plan) => {
  const { unchanged } = tableOf(plan)
  return folded(`Unchanged: ${unchanged.length}`, markdownTable('Value', unchanged))
})

export const notesSection = sectionOf((plan) => {
  const note = callersNote(plan, code)
  return note === undefined ? [] : [note]
})

/** The table of the log as Markdown, without what does not change. Foreign text in it is inert. */
function rowsOf(plan: Plan): readonly string[] {
  const table = markdownTable('Change', tableOf(plan).differing)
  return [comparison(plan, code), ...(table.length > 0 ? ['', ...table] : [])]
}

function markdownTable(what: 'Change' | 'Value', lines: readonly Line[]): readonly string[] {
  if (lines.length === 0) return []
  const rows = lines.map(({ verdict, name, live, after }) => {
    const sign = verdict === 'unchanged' ? '' : `${markdownText(SIGNS[verdict])}&nbsp;`
    const sides = live === after ? [after] : [live, after].filter((side) => side !== '')
    return `| ${sign}${code(name)} | ${sides.map(markdownText).join(' → ')} |`
  })
  return [`| Setting | ${what} |`, '|---|---|', ...rows]
}
