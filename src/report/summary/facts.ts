/** What a run did, of what and for whom, in a table; and its ids and digests, for those who look things up. */

import { formatBytes, plural } from '../../text.ts'
import { scalingLine } from '../log.ts'
import { fileCounts } from '../plan.ts'
import type { RunEnd, Section } from './end.ts'
import { anchor, code, codes, fieldList, fieldTable, folded, text, type Field } from './markup.ts'
import { timeOf } from './times.ts'

export const factsSection: Section = (end) =>
  tableOf(end, { first: [['Version', versionOf(end)]], settings: settingsOf(end) })

/** What a failed run came to; nothing when it failed before it had done anything. */
export const failedFactsSection: Section = (end) => {
  const { package: packed, function: target, version } = end.known
  if (!packed && !target) return []
  const first: readonly Field[] = [
    ['Function', target?.origin === 'created' ? 'created by this run' : undefined],
    // Which tags it has is not certain after a failure.
    ['Version', version && code(version.id)],
  ]
  return tableOf(end, { first, settings: [] })
}

function tableOf(
  end: RunEnd,
  { first, settings }: { first: readonly Field[]; settings: readonly Field[] },
): readonly string[] {
  const { access, scaling } = end.known
  return fieldTable([
    ...first,
    ['Check', checkOf(end)],
    ['Commit', commitOf(end)],
    ...settings,
    ['Public', access && (access.isPublic ? 'yes' : 'no')],
    ['Scaling', scaling?.map((one) => text(scalingLine(one))).join('<br>')],
    ['Package', packageOf(end)],
    ['Time', timeOf(end)],
  ])
}

function versionOf({ known: { version, inputs, skipped, function: target } }: RunEnd) {
  if (!version) return undefined
  // A version that is created becomes $latest, whatever its tags are.
  const tags = [...(inputs?.settings.tags ?? []), ...(skipped ? [] : ['$latest'])]
  return [
    code(version.id),
    ...(tags.length === 0 ? [] : [`tagged ${codes(tags)}`]),
    ...(skipped ? ['(was live already)'] : []),
    ...(target?.origin === 'created' ? ['(the function is new)'] : []),
  ].join(' ')
}

function checkOf({ known: { checked } }: RunEnd) {
  if (checked?.kind !== 'passed') return checked && 'not passed'
  return `passed: HTTP ${checked.status} with the tag ${code(checked.tag)}`
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
  const limits = [
    formatBytes(memoryBytes),
    `${timeoutSeconds} s`,
    ...(concurrency > 1 ? [`${concurrency} calls at once`] : []),
  ]
  const secrets = environment.secrets.map(({ environmentVariable }) => environmentVariable)
  return [
    ['Runs', `${code(entrypoint)} on ${code(runtime)}`],
    ['Limits', limits.join(', ')],
    ['Variables', codes(Object.keys(environment.variables))],
    ['Secrets', codes(secrets)],
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
  const { liveSizeBytes } = plan.package
  if (liveSizeBytes === undefined) return plan.live.sha256 === undefined ? undefined : 'changed'
  const more = sizeBytes - liveSizeBytes
  const size = more === 0 ? '±0 B' : `${more > 0 ? '+' : '−'}${formatBytes(Math.abs(more))}`
  return [size, ...fileCounts(plan)].join(', ')
}

export const idsSection: Section = ({ known }) => folded('Ids and digests', fieldList(idsOf(known)))

/** Those that are known so far. */
export function idsOf({
  function: target,
  version,
  previous,
  build,
  code: sent,
  package: packed,
}: RunEnd['known']): readonly Field[] {
  const shown = (value: string | undefined): string | undefined => (value ? code(value) : undefined)
  return [
    ['Function', shown(target?.function.id)],
    ['Folder', shown(target?.function.folderId)],
    ['Version', shown(version?.id)],
    ['Version before', shown(previous?.id)],
    ['Operation', shown(build?.operation.id)],
    ['Object', shown(sent?.kind === 'bucket' ? `${sent.bucket}/${sent.key}` : undefined)],
    ['SHA-256 of the package', shown(packed?.archive.sha256)],
  ]
}
