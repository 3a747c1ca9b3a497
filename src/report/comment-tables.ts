/** The tables of a comment on a pull request: settings, and files; cut line by line where there is no room. */

import type { Plan } from '../deploy/plan/plan.ts'
import type { Row } from '../deploy/plan/row.ts'
import { fileCounts, filesOf, SIGNS } from './plan.ts'
import { code } from './summary/markup.ts'

/** How many rows stay when not all settings fit. */
const SETTING_ROWS = 50

/**
 * Inputs whose values anyone may see: a closed list, since nobody masks a comment. Of any other row only the verdict is
 * shown, whatever the plan says of it.
 */
const OPEN_VALUES: ReadonlySet<string> = new Set([
  'runtime',
  'entrypoint',
  'memory',
  'execution-timeout',
  'concurrency',
  'tmpfs-size',
  'ephemeral-disk',
  'log-level',
  'tags',
  'public',
  'provisioned-instances',
  'zone-instances-limit',
  'zone-requests-limit',
])

/** How many characters there are for a table, and a link to the run, where the rest can be read. */
interface Frame {
  readonly room: number
  readonly run: string
}

/** All rows but those that do not change. */
export function settingsTable(rows: readonly Row[], frame: Frame): readonly string[] {
  const lines = rows
    .filter(({ verdict }) => verdict !== 'unchanged')
    .map((row) => `| ${SIGNS[row.verdict]}&nbsp;${code(row.name)} | ${change(row)} |`)
  const before = ['', '| Setting | Change |', '|---|---|']
  return cut({ before, lines, after: [], what: 'more settings', most: SETTING_ROWS }, frame)
}

/** From the one side to the other. */
function change({ area, name, verdict, visibility, live, after }: Row): string {
  if (verdict === 'unknown') {
    return `<i>${area === 'code' ? 'cannot be told' : 'not visible to this account'}</i>`
  }
  const isOpen = visibility === 'anyone' && OPEN_VALUES.has(name.split('.')[0] ?? '')
  if (!isOpen) return `<i>${verdict}</i>`
  const before = verdict === 'added' ? [] : [live ?? '']
  const now = verdict === 'removed' ? 'none' : (after ?? '')
  const sides = [...before, now].map((value) => value.replace(/\b[a-z][a-z0-9]{19}\b/g, shortId))
  return sides.map(code).join(' → ')
}

/** Enough of an id of the cloud to tell two apart. */
export function shortId(id: string): string {
  return id.length > 8 ? `${id.slice(0, 3)}…${id.slice(-4)}` : id
}

/** A list of files, folded under how many there are. */
export function fileTable(plan: Plan, frame: Frame): readonly string[] {
  const lines = filesOf(plan, Infinity).flatMap(({ kind, names }) =>
    names.map((name) => `| ${SIGNS[kind]}&nbsp;${code(name)} |`),
  )
  const title = `Files: ${fileCounts(plan).join(', ')}`
  const before = ['', `<details><summary>${title}</summary>`, '', '| File |', '|---|']
  const after = ['', '</details>']
  return cut({ before, lines, after, what: 'more files', most: Infinity }, frame)
}

interface Table {
  readonly before: readonly string[]
  readonly lines: readonly string[]
  readonly after: readonly string[]
  /** What the lines are that are left out. */
  readonly what: string
  /** How many lines stay at most when not all of them fit. */
  readonly most: number
}

function cut({ before, lines, after, what, most }: Table, { room, run }: Frame): readonly string[] {
  if (lines.length === 0) return []
  const whole = [...before, ...lines, ...after]
  if (lengthOf(whole) <= room) return whole
  const note = (count: number): string[] => ['', `… and ${count} ${what}: see ${run}`]
  let left = room - lengthOf([...before, ...note(lines.length), ...after])
  let kept = 0
  for (const line of lines.slice(0, most)) {
    left -= lengthOf([line])
    if (left < 0) break
    kept++
  }
  return [...before, ...lines.slice(0, kept), ...note(lines.length - kept), ...after]
}

/** In characters, with a line feed after each line. */
export function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0)
}
