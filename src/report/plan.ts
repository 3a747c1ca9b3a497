/** A plan for those who read the run: lines for the log, and the pieces of the same table in the summary. Pure. */

import type { Plan } from '../deploy/plan/plan.ts'
import type { Row, Verdict } from '../deploy/plan/row.ts'
import type { FileDiff } from '../deploy/plan/package.ts'
import type { LogLine, Tone } from '../ports.ts'
import { formatBytes, oneLine } from '../text.ts'

/** Most names of files of each kind. */
const MAX_FILES = 20

const SIGNS: Readonly<Record<Verdict, string>> = {
  added: '+',
  removed: '-',
  changed: '~',
  unchanged: ' ',
  unknown: '?',
}

/** What a plan comes to, to be put after "Plan: ". */
export function planHeadline({ isCompared, uncomparedFor, changed, changes, rows }: Plan): string {
  if (!isCompared) return `nothing was compared, ${uncomparedFor}`
  if (changed === undefined) return 'it is not known whether anything changes'
  if (!changed) return 'no changes'
  const parts = changes.map((area) => {
    const { length } = rows.filter(
      (row) => row.area === area && !['unchanged', 'unknown'].includes(row.verdict),
    )
    if (area === 'settings') return length === 1 ? '1 setting' : `${length} settings`
    return area
  })
  const last = parts.at(-1) ?? ''
  const listed = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${last}` : last
  const isOne = parts.length === 1 && !/^tags$|^[^1].* settings$/.test(listed)
  return `${listed} ${isOne ? 'changes' : 'change'}`
}

/** Lines for the log: what changes, and how much does not. */
export function planLines(plan: Plan): readonly (string | LogLine)[] {
  const table = tableOf(plan)
  const width = Math.max(0, ...table.differing.map(({ name }) => name.length))
  return [
    comparison(plan, (text) => text),
    ...table.differing.map(({ sign, name, live, after }) =>
      signed(sign, oneLine(`${sign} ${name.padEnd(width)}  ${arrow(live, after)}`).trimEnd()),
    ),
    ...filesOf(plan, MAX_FILES).flatMap(({ sign, title, names, left }) => [
      title,
      ...names.map((name) => signed(sign, `  ${sign} ${oneLine(name)}`)),
      ...(left > 0 ? [`  … and ${left} more`] : []),
    ]),
    ...(table.unchanged.length > 0 ? [`Unchanged: ${table.unchanged.length}`] : []),
    ...callersNote(plan, (text) => text),
  ]
}

const TONES: Readonly<Partial<Record<string, Tone>>> = {
  [SIGNS.added]: 'added',
  [SIGNS.removed]: 'removed',
  [SIGNS.changed]: 'changed',
}

function signed(sign: string, text: string): LogLine {
  const tone = TONES[sign]
  return tone ? { text, tone } : { text }
}

/** A row as it is shown. */
export interface Line {
  readonly sign: string
  readonly name: string
  readonly live: string
  readonly after: string
}

/** The rows, parted by whether they differ. */
export function tableOf(plan: Plan): { differing: readonly Line[]; unchanged: readonly Line[] } {
  const lines = (rows: readonly Row[]): readonly Line[] =>
    rows.map((row) => ({ sign: SIGNS[row.verdict], name: row.name, ...valuesOf(row, plan) }))
  return {
    differing: lines(plan.rows.filter(({ verdict }) => verdict !== 'unchanged')),
    unchanged: lines(
      plan.rows.filter((row) => row.verdict === 'unchanged' && !isTakenAlong(row, plan)),
    ),
  }
}

/**
 * Whether a row is a tag that moves from the live version to the one that follows, as code or settings differ: said in
 * a sentence of its own.
 */
function isTakenAlong({ name, verdict }: Row, { rows }: Plan): boolean {
  const isReplaced = rows.some(
    (row) => ['code', 'settings'].includes(row.area) && row.verdict !== 'unchanged',
  )
  return isReplaced && name.startsWith('tags.') && verdict === 'unchanged'
}

function valuesOf(row: Row, plan: Plan): { live: string; after: string } {
  if (row.area === 'code') {
    const { live, after } = packageValues(plan)
    return { live: row.verdict === 'unchanged' ? after : live, after }
  }
  if (row.verdict === 'unknown') return { live: 'not visible to this account', after: 'set' }
  if (row.visibility === 'nobody') return { live: '', after: row.verdict }
  const { live = '', after = '' } = row
  return { live, after: row.verdict === 'removed' ? 'none' : after }
}

const DIGEST_CHARACTERS = 8

function packageValues({ live, package: sent, isCompared }: Plan): { live: string; after: string } {
  const show = (sizeBytes: number | undefined, sha256: string | undefined): string =>
    [
      ...(sizeBytes === undefined ? [] : [formatBytes(sizeBytes)]),
      ...(sha256 === undefined ? [] : [`sha256 ${sha256.slice(0, DIGEST_CHARACTERS)}…`]),
    ].join(', ')
  const isUnknown = !isCompared || (live && live.sha256 === undefined)
  return {
    live: isUnknown ? 'not known' : show(sent.liveSizeBytes, live?.sha256),
    after: sent.sizeBytes === undefined ? 'code of a version' : show(sent.sizeBytes, sent.sha256),
  }
}

function arrow(live: string, after: string): string {
  return live === '' || after === '' ? `${live}${after}` : `${live} -> ${after}`
}

/** With what a plan compares; `code` is how ids are shown. */
export function comparison(
  { isCompared, uncomparedFor, live }: Plan,
  code: (text: string) => string,
): string {
  if (!isCompared) return `Compared with nothing: ${uncomparedFor}.`
  if (!live) return 'Nothing is live yet: everything is new.'
  const time = minuteOf(live.createdAt)
  // What is no time may be anything.
  const created = time === live.createdAt ? code(time) : time
  return `Compared with the version ${code(live.id)} (tag ${code(live.tag)}, created ${created}).`
}

/** `2026-01-31 12:00 UTC`; what is no time stays as it is. */
export function minuteOf(time: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d.*Z$/.test(time)
    ? `${time.slice(0, 16).replace('T', ' ')} UTC`
    : time
}

/** Which callers get a new version beside those of the rows; `code` is how names are shown. */
export function callersNote(plan: Plan, code: (text: string) => string): readonly string[] {
  const tags = plan.rows.filter(({ area }) => area === 'tags')
  if (plan.changed === false || tags.length === 0) return []
  const taken = tags
    .filter((row) => isTakenAlong(row, plan))
    .map(({ name }) => code(name.replace('tags.', '')))
  const isChecked = tags.some(({ name }) => name.startsWith('check-tag.'))
  const when = isChecked ? ', once it has passed its check' : ''
  const takes = `It takes the ${taken.length === 1 ? 'tag' : 'tags'} ${taken.join(', ')} from the live version${when}.`
  return [
    [
      `A version that is created becomes ${code('$latest')}: callers without a tag get it at once.`,
      ...(taken.length > 0 ? [takes] : []),
    ].join(' '),
  ]
}

/** Names of files of one kind; the rest is counted. */
export interface FileList {
  readonly kind: string
  readonly sign: string
  readonly title: string
  readonly names: readonly string[]
  readonly left: number
}

/** The files that differ, by kind. */
export function filesOf({ package: { files } }: Plan, maxFiles: number): readonly FileList[] {
  if (!files) return []
  return (['changed', 'added', 'removed'] as const satisfies readonly (keyof FileDiff)[])
    .filter((kind) => files[kind].length > 0)
    .map((kind) => ({
      kind,
      sign: SIGNS[kind],
      title: `Files ${kind}: ${files[kind].length}`,
      names: files[kind].slice(0, maxFiles),
      left: Math.max(0, files[kind].length - maxFiles),
    }))
}
