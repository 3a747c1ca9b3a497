/** The job summary as Markdown, made of what is known at the end of a run. Pure. */

import type { KnownFacts } from '../deploy/progress.ts'
import { ERRORS, type DeployError } from '../errors.ts'
import type { BuildLog } from './failure.ts'
import { scalingLine } from './log.ts'
import { largestFolders } from './package.ts'
import { planHeadline, planMarkdown } from './plan.ts'
import {
  clip,
  formatBytes,
  markdownBlock,
  markdownProse,
  markdownText,
  plural,
  urlPart,
} from '../text.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'

/** GitHub takes a summary of at most 1 MiB for a step: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary */
const MAX_SUMMARY_BYTES = 1024 ** 2

/** The longest name or id of the cloud that is shown, in characters. */
const MAX_VALUE_CHARACTERS = 500

export function successSummary(known: KnownFacts, durationMs: number): string {
  const facts = [factTable(known, durationMs), ...packageSection(known)]
  const sections = known.inputs?.release.isDryRun
    ? [...planSection(known), '', ...facts]
    : [...facts, ...changesSection(known)]
  const all = [`### ${titleOf(known)}`, '', ...sections, ''].join('\n')
  if (Buffer.byteLength(all) <= MAX_SUMMARY_BYTES) return all
  return [`### ${titleOf(known)}`, '', ...facts, '', TOO_LARGE, ''].join('\n')
}

const TOO_LARGE = '(The rest is too large for a summary; the log has it.)'

function titleOf(known: KnownFacts): string {
  const target = known.inputs?.function.target
  const wanted = target?.kind === 'name' ? target.functionName : target?.functionId
  const name = shortText(known.function?.function.name ?? wanted ?? 'function')
  if (known.inputs?.release.isDryRun && known.plan) {
    return `Plan for ${name}: ${planHeadline(known.plan)}`
  }
  if (known.skipped) return `Unchanged: ${name}`
  return known.version?.isReady === false ? `Accepted a version of ${name}` : `Deployed ${name}`
}

function planSection({ plan }: KnownFacts): readonly string[] {
  return plan ? [planMarkdown(plan)] : []
}

function changesSection(known: KnownFacts): readonly string[] {
  const section = planSection(known)
  return section.length > 0 ? ['', '#### What changed', '', ...section] : []
}

/** A failure whose texts are of a length that can be shown. */
export interface ShownFailure {
  readonly error: DeployError
  /** Where the documentation explains it. */
  readonly link: string
  /** The end of the log of a failed build. */
  readonly buildLog: BuildLog | undefined
  readonly known: KnownFacts
  readonly durationMs: number
}

export function failureSummary(failure: ShownFailure): string {
  const all = render(failure, evidenceSection(failure))
  return Buffer.byteLength(all) <= MAX_SUMMARY_BYTES ? all : render(failure, TOO_LARGE)
}

function evidenceSection({ error: { evidence }, buildLog }: ShownFailure): string {
  if (evidence?.kind === 'largest files') return largestFolders(evidence)
  if (!buildLog) return ''
  return [
    '<details><summary>Last lines of the build log</summary>\n',
    markdownBlock(buildLog.tail.join('\n')),
    '\n</details>',
  ].join('\n')
}

function render({ error, link, known, durationMs }: ShownFailure, markdown: string): string {
  const details = Object.entries(error.details).map(
    ([name, value]) => `- ${markdownText(name)}: <code>${markdownText(value)}</code>`,
  )
  return [
    `### ${error.code}: ${markdownProse(ERRORS[error.code].title)}`,
    '',
    markdownBlock(error.message),
    '',
    ...(error.hint ? [markdownProse(error.hint), ''] : []),
    link.startsWith('http')
      ? `[More about ${error.code}](<${link}>)`
      : `More about ${error.code}: <code>${markdownText(link)}</code>`,
    '',
    ...details,
    ...(markdown === '' ? [] : ['', markdown]),
    '',
    factTable(known, durationMs),
    '',
  ].join('\n')
}

function factTable(known: KnownFacts, durationMs: number): string {
  const { inputs, package: packed, function: target, build, version, checked } = known
  const archive = packed?.archive
  const rows: readonly (readonly [string, string | undefined])[] = [
    [
      'Function',
      target &&
        functionLink(target.function) +
          (target.origin === 'created' ? ', created by this run' : ''),
    ],
    ['Version', version && `<code>${shortText(version.id)}</code>`],
    ['Check', checked && (checked.kind === 'passed' ? 'passed' : 'not passed')],
    ['Operation', build && `<code>${shortText(build.operation.id)}</code>`],
    ['Runtime', inputs && markdownText(inputs.settings.runtime)],
    ['Memory', inputs && formatBytes(inputs.settings.memoryBytes)],
    ['Public', known.access && (known.access.isPublic ? 'yes' : 'no')],
    ['Scaling', known.scaling?.map((one) => shortText(scalingLine(one))).join('<br>')],
    [
      'Package',
      archive && `${formatBytes(archive.sizeBytes)}, ${plural(archive.entries.length, 'file')}`,
    ],
    ['SHA-256', archive && `<code>${archive.sha256}</code>`],
    ['Duration', `${(durationMs / 1000).toFixed(1)} s`],
  ]
  const filled = rows.filter(([, value]) => value !== undefined && value !== '')
  return [
    '| | |',
    '|---|---|',
    ...filled.map(([name, value]) => `| ${name} | ${value ?? ''} |`),
  ].join('\n')
}

function functionLink({ id, name, folderId }: CloudFunction): string {
  const label = `${shortText(name || id)} (<code>${shortText(id)}</code>)`
  if (folderId === '') return label
  const [folder = '', fn = ''] = [folderId, id].map((part) =>
    urlPart(part.slice(0, MAX_VALUE_CHARACTERS)),
  )
  return `[${label}](https://console.yandex.cloud/folders/${folder}/functions/functions/${fn})`
}

function shortText(text: string): string {
  return markdownText(clip(text, MAX_VALUE_CHARACTERS))
}

function packageSection({ package: packed }: KnownFacts): readonly string[] {
  if (!packed) return []
  return [
    '',
    '<details><summary>Where the bytes are</summary>',
    '',
    largestFolders(packed.archive),
    '',
    '</details>',
  ]
}
