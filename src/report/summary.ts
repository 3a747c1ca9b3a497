/** The job summary as Markdown, made of what is known at the end of a run. Pure. */

import { ERRORS, type DeployError, type Evidence } from '../errors.ts'
import { largestFolders } from './package.ts'
import type { Archive } from '../source/source.ts'
import { clip, formatBytes, markdownBlock, markdownProse, markdownText, urlPart } from '../text.ts'
import type { CloudFunction } from '../yandex/wire.ts'

/** GitHub takes a summary of at most 1 MiB for a step: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary */
const MAX_SUMMARY_BYTES = 1024 ** 2

/** The longest name or id of the cloud that is shown, in characters. */
const MAX_VALUE_CHARACTERS = 500

/** What became true in the course of a run. */
export interface Facts {
  readonly function?: CloudFunction
  /** Whether this run created the function. */
  readonly isNew?: boolean
  readonly archive?: Archive
  readonly runtime?: string
  readonly memoryBytes?: number
  readonly operationId?: string
  readonly versionId?: string
  /** False when the run ends before the build does. */
  readonly isReady?: boolean
  readonly durationMs?: number
}

export function successSummary(facts: Facts): string {
  const name = shortText(facts.function?.name ?? 'function')
  const title = facts.isReady === false ? `Accepted a version of ${name}` : `Deployed ${name}`
  return [`### ${title}`, '', factTable(facts), ...packageSection(facts), ''].join('\n')
}

/** The texts of `error` are of a length that can be shown; `link` leads to the documentation. */
export function failureSummary(facts: Facts & { error: DeployError; link: string }): string {
  const { error } = facts
  const all = render(facts, error.evidence ? evidenceOf(error.evidence) : '')
  return Buffer.byteLength(all) <= MAX_SUMMARY_BYTES
    ? all
    : render(facts, '(The rest is too large for a summary; the log has it.)')
}

function render(
  { error, link, ...facts }: Facts & { error: DeployError; link: string },
  markdown: string,
): string {
  const details = Object.entries(error.details).map(
    ([name, value]) => `- ${markdownText(name)}: <code>${markdownText(value)}</code>`,
  )
  return [
    `### ${error.code}: ${markdownProse(ERRORS[error.code].title)}`,
    '',
    markdownBlock(error.message),
    '',
    ...(error.hint === '' ? [] : [markdownProse(error.hint), '']),
    link.startsWith('http')
      ? `[More about ${error.code}](<${link}>)`
      : `More about ${error.code}: <code>${markdownText(link)}</code>`,
    '',
    ...details,
    ...(markdown === '' ? [] : ['', markdown]),
    '',
    factTable(facts),
    '',
  ].join('\n')
}

function evidenceOf(evidence: Evidence): string {
  if (evidence.kind === 'largest files') return largestFolders(evidence)
  const summary = '<summary>Last lines of the build log</summary>'
  return `<details>${summary}\n\n${markdownBlock(evidence.text)}\n\n</details>`
}

function factTable(facts: Facts): string {
  const { archive, versionId } = facts
  const rows: [string, string | undefined][] = [
    [
      'Function',
      facts.function && functionLink(facts.function) + (facts.isNew ? ', created by this run' : ''),
    ],
    ['Version', versionId && `<code>${shortText(versionId)}</code>`],
    ['Operation', facts.operationId && `<code>${shortText(facts.operationId)}</code>`],
    ['Runtime', facts.runtime && markdownText(facts.runtime)],
    ['Memory', facts.memoryBytes === undefined ? undefined : formatBytes(facts.memoryBytes)],
    ['Package', archive && `${formatBytes(archive.sizeBytes)}, ${archive.entries.length} files`],
    ['SHA-256', archive && `<code>${archive.sha256}</code>`],
    [
      'Duration',
      facts.durationMs === undefined ? undefined : `${(facts.durationMs / 1000).toFixed(1)} s`,
    ],
  ]
  const known = rows.filter(([, value]) => value !== undefined && value !== '')
  if (known.length === 0) return ''
  return [
    '| | |',
    '|---|---|',
    ...known.map(([name, value]) => `| ${name} | ${value ?? ''} |`),
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

function packageSection({ archive }: Facts): readonly string[] {
  if (!archive) return []
  return [
    '',
    '<details><summary>Where the bytes are</summary>',
    '',
    largestFolders(archive),
    '',
    '</details>',
  ]
}
