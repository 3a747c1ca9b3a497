/** The job summary as Markdown, made of what is known at the end of a run. Pure. */

import { ERRORS, type DeployError } from './errors.ts'
import { formatBytes, largestFolders } from './source/breakdown.ts'
import type { Archive } from './source/source.ts'
import { markdownBlock, markdownProse, markdownText } from './text.ts'
import type { CloudFunction } from './yandex/wire.ts'

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
  const name = markdownText(facts.function?.name ?? 'function')
  const title = facts.isReady === false ? `Accepted a version of ${name}` : `Deployed ${name}`
  return [`### ${title}`, '', factTable(facts), ...packageSection(facts), ''].join('\n')
}

export function failureSummary(facts: Facts & { error: DeployError; docsUrl: string }): string {
  const { error, docsUrl } = facts
  const details = Object.entries(error.details).map(
    ([name, value]) => `- ${markdownText(name)}: <code>${markdownText(value)}</code>`,
  )
  return [
    `### ${error.code}: ${markdownProse(ERRORS[error.code].title)}`,
    '',
    markdownBlock(error.message),
    '',
    markdownProse(error.hint),
    '',
    ...details,
    ...(docsUrl.startsWith('http') ? ['', `[More about ${error.code}](${docsUrl})`] : []),
    ...(error.markdown === undefined ? [] : ['', error.markdown]),
    '',
    factTable(facts),
    '',
  ].join('\n')
}

function factTable(facts: Facts): string {
  const { archive, versionId } = facts
  const rows: [string, string | undefined][] = [
    [
      'Function',
      facts.function && functionLink(facts.function) + (facts.isNew ? ', created by this run' : ''),
    ],
    ['Version', versionId && `<code>${markdownText(versionId)}</code>`],
    ['Operation', facts.operationId && `<code>${markdownText(facts.operationId)}</code>`],
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
  const label = `${markdownText(name || id)} (<code>${markdownText(id)}</code>)`
  if (folderId === '') return label
  const [folder, fn] = [folderId, id].map(encodeURIComponent)
  // In angle brackets, since parentheses are not encoded.
  return `[${label}](<https://console.yandex.cloud/folders/${folder ?? ''}/functions/functions/${fn ?? ''}>)`
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
