/** The comment on a pull request as Markdown: a closed list of facts, since nobody masks a comment. Pure. */

import { ERRORS, type ErrorCode } from '../errors.ts'
import { formatBytes, markdownProse, plural } from '../text.ts'
import {
  fileTable,
  lengthOf,
  settingsTable,
  type CommentFiles,
  type CommentRow,
} from './comment-tables.ts'
import { code, link, shortId } from './inert.ts'

/** Below 60,000 with the marker before it; GitHub takes 65,536. */
const MAX_CHARACTERS = 59_900

/** Room for what is said of two tables that do not fit at all, in characters. */
const NOTES = 1_000

/** A plan, as far as a comment looks at it. */
export interface CommentPlan {
  /** False without credentials. */
  readonly isCompared: boolean
  /** The version that is live; undefined when there is none. */
  readonly live: { readonly id: string; readonly tag: string } | undefined
  readonly rows: readonly CommentRow[]
  readonly package: {
    readonly sizeBytes: number | undefined
    readonly liveSizeBytes: number | undefined
    readonly files: CommentFiles | undefined
  }
}

/** What a run ended with. */
export type CommentResult =
  | { readonly kind: 'planned'; readonly plan: CommentPlan }
  | {
      readonly kind: 'deployed'
      readonly state: 'ready' | 'accepted' | 'unchanged'
      readonly plan: CommentPlan
      readonly versionId: string
      /** The function's address; empty when it has none. */
      readonly url: string
    }
  | {
      readonly kind: 'failed'
      readonly what: 'plan' | 'deployment'
      readonly code: ErrorCode
      /** Names of those that are to be corrected. */
      readonly inputs: readonly string[]
    }

export interface CommentFacts {
  /** The function's name, or its id as long as the name is unknown. */
  readonly functionName: string
  readonly result: CommentResult
  readonly run: { readonly sha: string; readonly runId: string; readonly runUrl: string }
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** The comment without its marker. Files are cut first, then settings; heading and last line are always there. */
export function commentMarkdown(facts: CommentFacts): string {
  const { result, run } = facts
  const runLink = link(`run ${code(run.runId)}`, run.runUrl)
  const head = [`### ${heading(facts)}`, '', ...introduction(result)]
  const time = new Date(facts.atMs).toISOString().slice(0, 16).replace('T', ' ')
  const foot = ['', `<sub>Commit ${code(run.sha.slice(0, 7))}, ${runLink}, ${time} UTC</sub>`]
  if (result.kind === 'failed') return [...head, ...foot].join('\n')
  const { plan } = result
  const room = MAX_CHARACTERS - NOTES - lengthOf([...head, ...foot])
  const settings = plan.isCompared ? settingsTable(plan.rows, { room, run: runLink }) : []
  const files = plan.package.files
    ? fileTable(plan.package.files, { room: room - lengthOf(settings), run: runLink })
    : []
  return [...head, ...settings, ...files, ...foot].join('\n')
}

function heading({ functionName, result }: CommentFacts): string {
  const name = code(functionName)
  switch (result.kind) {
    case 'planned':
      return `Plan for ${name}: ${verdictOf(result.plan)}`
    case 'deployed':
      return {
        ready: `Deployed ${name}`,
        accepted: `Accepted a version of ${name}`,
        unchanged: `${name} is unchanged`,
      }[result.state]
    case 'failed':
      return `The ${result.what} of ${name} failed`
  }
}

/** Such as `changes in code, 2 settings, tags`. */
function verdictOf({ isCompared, rows }: CommentPlan): string {
  if (!isCompared) return 'nothing was compared'
  const changed = rows.filter(({ verdict }) => verdict !== 'unchanged' && verdict !== 'unknown')
  const areas = [...new Set(changed.map(({ area }) => area))].map((area) => {
    if (area !== 'settings') return area
    return plural(changed.filter((row) => row.area === area).length, 'setting')
  })
  if (areas.length > 0) return `changes in ${areas.join(', ')}`
  return rows.some(({ verdict }) => verdict === 'unknown') ? 'not all is known' : 'no changes'
}

function introduction(result: CommentResult): readonly string[] {
  if (result.kind === 'failed') {
    const { code: error, inputs } = result
    const why = `${error}: ${markdownProse(ERRORS[error].title)}. The run says why.`
    return inputs.length === 0 ? [why] : [`${why}<br>`, `Inputs: ${inputs.map(code).join(', ')}`]
  }
  const { live, rows, isCompared, package: packed } = result.plan
  const lines: string[] = []
  if (result.kind === 'deployed') {
    if (result.url !== '') lines.push(`Address: ${link(code(result.url), result.url)}`)
    lines.push(`Version: ${code(shortId(result.versionId))}`)
  }
  if (!isCompared) lines.push('What is live is not known.')
  if (live) lines.push(`Compared with version ${code(shortId(live.id))}, tag ${code(live.tag)}`)
  const taken = result.kind === 'planned' ? tagsTakenAlong(rows) : []
  if (taken.length > 0) {
    lines.push(`Moved from this version to the new one: ${taken.map(code).join(', ')}`)
  }
  if (packed.sizeBytes !== undefined) {
    const before = packed.liveSizeBytes
    const change = before === undefined ? '' : `${formatBytes(before)} → `
    lines.push(`Package: ${change}${formatBytes(packed.sizeBytes)}`)
  }
  const unchanged = rows.filter(
    ({ area, verdict }) => area === 'settings' && verdict === 'unchanged',
  ).length
  if (unchanged > 0) lines.push(`Unchanged: ${plural(unchanged, 'setting')}`)
  return lines.map((line) => `${line}<br>`)
}

/** Tags of the live version, where a new one follows it since code or settings differ. */
function tagsTakenAlong(rows: readonly CommentRow[]): readonly string[] {
  const isReplaced = rows.some(
    ({ area, verdict }) => ['code', 'settings'].includes(area) && verdict !== 'unchanged',
  )
  if (!isReplaced) return []
  return rows
    .filter(({ name, verdict }) => name.startsWith('tags.') && verdict === 'unchanged')
    .map(({ name }) => name.replace('tags.', ''))
}
