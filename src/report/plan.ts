/** A plan for those who read the run: lines for the log, and the pieces of the same table in the summary. Pure. */

import type { Plan } from '../deploy/plan/plan.ts'
import type { Row, Verdict } from '../deploy/plan/row.ts'
import type { FileDiff } from '../deploy/plan/package.ts'
import type { LogLine } from '../ports.ts'
import { formatBytes, listed, oneLine, plural } from '../text.ts'

/** Most names of files of each kind. */
const MAX_FILES = 20

/** What stands before a row or the name of a file. */
export const SIGNS: Readonly<Record<Verdict, string>> = {
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
  const settings = rows.filter(
    ({ area, verdict }) => area === 'settings' && verdict !== 'unchanged' && verdict !== 'unknown',
  )
  const parts = changes.map((area) =>
    area === 'settings' ? plural(settings.length, 'setting') : area,
  )
  const isOne = parts.length === 1 && !/(tags|settings)$/.test(listed(parts))
  return `${listed(parts)} ${isOne ? 'changes' : 'change'}`
}

/** Lines for the log: what changes, and how much does not. */
export function planLines(plan: Plan): readonly (string | LogLine)[] {
  const { differing, unchanged } = tableOf(plan)
  const width = Math.max(0, ...differing.map(({ name }) => name.length))
  const plain = (text: string): string => text
  const note = callersNote(plan, plain)
  return [
    comparison(plan, plain),
    ...differing.map(({ verdict, name, live, after }) => {
      const values = live === '' || after === '' ? `${live}${after}` : `${live} -> ${after}`
      return toned(verdict, `${SIGNS[verdict]} ${name.padEnd(width)}  ${values}`)
    }),
    ...filesOf(plan, MAX_FILES).flatMap(({ kind, names, left }) => [
      `Files ${kind}: ${names.length + left}`,
      ...names.map((name) => toned(kind, `  ${SIGNS[kind]} ${name}`)),
      ...(left > 0 ? [`  … and ${left} more`] : []),
    ]),
    ...(unchanged.length > 0 ? [`Unchanged: ${unchanged.length}`] : []),
    ...(note === undefined ? [] : [note]),
  ]
}

function toned(verdict: Verdict, line: string): LogLine {
  const text = oneLine(line).trimEnd()
  return verdict === 'unchanged' || verdict === 'unknown' ? { text } : { text, tone: verdict }
}

/** A row as it is shown. */
export interface Line extends Pick<Row, 'verdict' | 'name'> {
  readonly live: string
  readonly after: string
}

/** The rows, parted by whether they differ. Tags that are taken along are in neither: they have a sentence. */
export function tableOf(plan: Plan): { differing: readonly Line[]; unchanged: readonly Line[] } {
  const taken = tagsTakenAlong(plan.rows)
  const lines = plan.rows.map((row) => ({ ...row, ...valuesOf(row, plan) }))
  return {
    differing: lines.filter(({ verdict }) => verdict !== 'unchanged'),
    unchanged: lines.filter(
      ({ verdict, name }) =>
        verdict === 'unchanged' && !taken.some((tag) => name === `tags.${tag}`),
    ),
  }
}

/** The tags that move from the live version to the one that follows it, where code or settings differ. */
export function tagsTakenAlong(rows: readonly Row[]): readonly string[] {
  const isReplaced = rows.some(
    ({ area, verdict }) => (area === 'code' || area === 'settings') && verdict !== 'unchanged',
  )
  if (!isReplaced) return []
  return rows
    .filter(({ name, verdict }) => name.startsWith('tags.') && verdict === 'unchanged')
    .map(({ name }) => name.slice('tags.'.length))
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
export function callersNote(
  { rows, changed }: Plan,
  code: (text: string) => string,
): string | undefined {
  const tags = rows.filter(({ area }) => area === 'tags')
  if (changed === false || tags.length === 0) return undefined
  const note = `A version that is created becomes ${code('$latest')}: callers without a tag get it at once.`
  const taken = tagsTakenAlong(rows).map(code)
  if (taken.length === 0) return note
  const isChecked = tags.some(({ name }) => name.startsWith('check-tag.'))
  const when = isChecked ? ', once it has passed its check' : ''
  return `${note} It takes the ${taken.length === 1 ? 'tag' : 'tags'} ${taken.join(', ')} from the live version${when}.`
}

const FILE_KINDS = ['changed', 'added', 'removed'] as const satisfies readonly (keyof FileDiff)[]

/** Names of files of one kind; the rest is counted. */
export interface FileList {
  readonly kind: (typeof FILE_KINDS)[number]
  readonly names: readonly string[]
  readonly left: number
}

/** The files that differ, by kind. */
export function filesOf({ package: { files } }: Plan, maxFiles: number): readonly FileList[] {
  if (!files) return []
  return FILE_KINDS.filter((kind) => files[kind].length > 0).map((kind) => ({
    kind,
    names: files[kind].slice(0, maxFiles),
    left: Math.max(0, files[kind].length - maxFiles),
  }))
}

/** Such as `2 changed`, `1 added`. */
export function fileCounts(plan: Plan): readonly string[] {
  return filesOf(plan, 0).map(({ kind, left }) => `${left} ${kind}`)
}
