/** The comment on a pull request as Markdown: a closed list of facts, since nobody masks a comment. Pure. */

import type { KnownFacts } from '../deploy/progress.ts'
import { ERRORS, type DeployError } from '../errors.ts'
import type { Subject } from '../inputs/inputs.ts'
import type { CommentOutcome } from '../ports.ts'
import type { Secret } from '../secret.ts'
import { formatBytes, markdownProse, plural } from '../text.ts'
import { fileTable, lengthOf, settingsTable, shortId } from './comment-tables.ts'
import { minuteOf, tagsTakenAlong } from './plan.ts'
import { code } from './summary/markup.ts'
import { nameOf, successTitle } from './summary/title.ts'

/** Below 60,000 with the marker before it; GitHub takes 65,536. */
const MAX_CHARACTERS = 59_900

/** Room for what is said of two tables that do not fit at all, in characters. */
const NOTES = 1_000

/** How a run ended, to be told to its pull request. */
export interface News {
  readonly subject: Subject
  readonly known: Pick<KnownFacts, 'function' | 'plan' | 'version' | 'skipped'>
  /** Of a failed run: never its message. The inputs are those that are to be corrected. */
  readonly failure: Pick<DeployError, 'code' | 'inputs'> | undefined
}

/** Tells the pull request of the run; resolves to undefined when the run has none. */
export type TellPullRequest = (news: News, token: Secret) => Promise<CommentOutcome | undefined>

export interface CommentFacts {
  readonly news: News
  readonly run: { readonly sha: string; readonly runId: string; readonly runUrl: string }
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** The comment without its marker. Files are cut first, then settings; heading and last line are always there. */
export function commentMarkdown({ news, run, atMs }: CommentFacts): string {
  const { known, failure } = news
  const runLink = link(`run ${code(run.runId)}`, run.runUrl)
  const head = [`### ${headingOf(news)}`, '', ...(failure ? reasonOf(failure) : factsOf(known))]
  const time = minuteOf(new Date(atMs).toISOString())
  const foot = ['', `<sub>Commit ${code(run.sha.slice(0, 7))}, ${runLink}, ${time}</sub>`]
  if (failure || !known.plan) return [...head, ...foot].join('\n')
  const { plan } = known
  const room = MAX_CHARACTERS - NOTES - lengthOf([...head, ...foot])
  const settings = plan.isCompared ? settingsTable(plan.rows, { room, run: runLink }) : []
  const files = fileTable(plan, { room: room - lengthOf(settings), run: runLink })
  return [...head, ...settings, ...files, ...foot].join('\n')
}

function headingOf({ subject, known, failure }: News): string {
  const name = code(nameOf(subject.target, known.function))
  if (!failure) return successTitle(known, name)
  return `The ${subject.isDryRun ? 'plan' : 'deployment'} of ${name} failed`
}

function reasonOf({ code: error, inputs }: NonNullable<News['failure']>): readonly string[] {
  const why = `${error}: ${markdownProse(ERRORS[error].title)}. The run says why.`
  return inputs.length === 0 ? [why] : [`${why}<br>`, `Inputs: ${inputs.map(code).join(', ')}`]
}

function factsOf({ plan, version, function: target }: News['known']): readonly string[] {
  if (!plan) return []
  const { live, rows, isCompared, package: packed } = plan
  const lines: string[] = []
  if (version) {
    const url = target?.function.httpInvokeUrl ?? ''
    if (url !== '') lines.push(`Address: ${link(code(url), url)}`)
    lines.push(`Version: ${code(shortId(version.id))}`)
  }
  if (!isCompared) lines.push('What is live is not known.')
  if (live) lines.push(`Compared with version ${code(shortId(live.id))}, tag ${code(live.tag)}`)
  const taken = version ? [] : tagsTakenAlong(rows)
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

/** To a web page; the label is Markdown, and stands alone where the address is not one of the web. */
function link(label: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  // In angle brackets, which a parsed address cannot hold.
  return url && /^https?:$/.test(url.protocol) ? `[${label}](<${url.href}>)` : label
}

/** The function as the step names it, the same before and after it is created. */
export function keyOf({ target }: Subject): string {
  return target.kind === 'id' ? target.functionId : `${target.folderId}/${target.functionName}`
}
