/** What a run did, of what and for whom, in a table. */

import { formatBytes, plural } from '../../text.ts'
import { scalingLine } from '../log.ts'
import type { RunEnd, Section } from './end.ts'
import { anchor, code, codes, fieldTable, text, type Field } from './markup.ts'
import { timeOf } from './times.ts'

/** Most names of variables, of secrets and of tags. */
const MAX_NAMES = 40

export const factsSection: Section = (end) =>
  fieldTable([
    ['Version', versionOf(end)],
    ['Check', checkOf(end)],
    ['Commit', commitOf(end)],
    ...settingsOf(end),
    ['Public', publicOf(end)],
    ['Scaling', scalingOf(end)],
    ['Package', packageOf(end)],
    ['Time', timeOf(end)],
  ])

/** What a failed run came to; nothing when it failed before it had done anything. */
export const failedFactsSection: Section = (end) =>
  end.known.package || end.known.function
    ? fieldTable([
        ['Function', end.known.function?.origin === 'created' ? 'created by this run' : undefined],
        // Which tags it has is not certain after a failure.
        ['Version', end.known.version && code(end.known.version.id)],
        ['Check', checkOf(end)],
        ['Commit', commitOf(end)],
        ['Public', publicOf(end)],
        ['Scaling', scalingOf(end)],
        ['Package', packageOf(end)],
        ['Time', timeOf(end)],
      ])
    : []

function versionOf({ known: { version, inputs, skipped, function: target } }: RunEnd) {
  if (!version) return undefined
  // A version that is created becomes $latest, whatever its tags are.
  const tags = [...(inputs?.settings.tags ?? []), ...(skipped ? [] : ['$latest'])]
  return [
    code(version.id),
    ...(tags.length === 0 ? [] : [`tagged ${codes(tags, MAX_NAMES)}`]),
    ...(skipped ? ['(was live already)'] : []),
    ...(target?.origin === 'created' ? ['(the function is new)'] : []),
  ].join(' ')
}

function checkOf({ known: { checked } }: RunEnd) {
  if (checked?.kind !== 'passed') return checked && 'not passed'
  return `passed: HTTP ${checked.status} with the tag ${code(checked.tag)}`
}

function publicOf({ known: { access } }: RunEnd) {
  return access && (access.isPublic ? 'yes' : 'no')
}

function scalingOf({ known: { scaling } }: RunEnd) {
  return scaling?.map((one) => text(scalingLine(one))).join('<br>')
}

function commitOf({ context: { serverUrl = '', repository = '', sha = '' } }: RunEnd) {
  const isKnown =
    URL.canParse(serverUrl) &&
    /^https?:/.test(serverUrl) &&
    /^[\w.-]+\/[\w.-]+$/.test(repository) &&
    /^[0-9a-f]{7,64}$/.test(sha)
  if (!isKnown) return undefined
  return anchor(
    code(`${repository}@${sha.slice(0, 7)}`),
    `${new URL(serverUrl).origin}/${repository}/commit/${sha}`,
  )
}

/** Of variables and secrets the names alone. */
function settingsOf({ known: { inputs } }: RunEnd): readonly Field[] {
  if (!inputs) return []
  const { runtime, entrypoint, memoryBytes, timeoutSeconds, ...settings } = inputs.settings
  const { concurrency = 0, environment, serviceAccount: account } = settings
  return [
    ['Runs', `${code(entrypoint)} on ${code(runtime)}`],
    [
      'Limits',
      [
        formatBytes(memoryBytes),
        `${timeoutSeconds} s`,
        ...(concurrency > 1 ? [`${concurrency} calls at once`] : []),
      ].join(', '),
    ],
    ['Variables', codes(Object.keys(environment.variables), MAX_NAMES)],
    [
      'Secrets',
      codes(
        environment.secrets.map(({ environmentVariable }) => environmentVariable),
        MAX_NAMES,
      ),
    ],
    ['Service account', account && code(account.kind === 'id' ? account.id : account.name)],
  ]
}

function packageOf({ known: { package: packed, plan, code: sent } }: RunEnd) {
  if (sent?.kind === 'version') return `the code of ${code(sent.versionId)}; nothing was uploaded`
  if (!packed) return undefined
  const { sizeBytes, entries, sha256 } = packed.archive
  const size = `${formatBytes(sizeBytes)}, ${plural(entries.length, 'file')}`
  const change = changeOf(plan, { sizeBytes, sha256 })
  return [size, ...(change === undefined ? [] : [text(change)])].join('; ')
}

/** The package against the one that was live, as far as that is known. */
function changeOf(
  plan: RunEnd['known']['plan'],
  { sizeBytes, sha256 }: { sizeBytes: number; sha256: string },
): string | undefined {
  if (!plan?.live) return undefined
  if (plan.live.sha256 === sha256) return 'unchanged'
  const { liveSizeBytes, files } = plan.package
  const parts: string[] = []
  if (liveSizeBytes !== undefined) {
    const more = sizeBytes - liveSizeBytes
    parts.push(more === 0 ? '±0 B' : `${more > 0 ? '+' : '−'}${formatBytes(Math.abs(more))}`)
  }
  if (files) {
    for (const kind of ['changed', 'added', 'removed'] as const) {
      if (files[kind].length > 0) parts.push(`${files[kind].length} ${kind}`)
    }
  }
  if (parts.length > 0) return parts.join(', ')
  return plan.live.sha256 === undefined ? undefined : 'changed'
}
