/** Sentences about a release that did not come to its end: who is affected, and what points where. Pure. */

import { isError } from '../../errors.ts'
import { listNames } from '../../text.ts'
import type { FailedCheck } from './check.ts'
import { tableOf, type Pointer } from './pointers.ts'
import type { Undone } from './promote.ts'
import type { Released } from './released.ts'
import type { Latest } from './restore.ts'

/** The function's own error, with the beginning of its trace. */
export function errorLines({ error }: FailedCheck): readonly string[] {
  return error ? [error.message, ...error.trace.map((line) => `    ${line}`)] : []
}

export function tagsUntouched({ inputs }: Released): string {
  const { tags } = inputs.settings
  if (tags.length === 0) return 'No tag was moved.'
  return `Callers of ${listNames(tags)} are not affected: no tag was moved.`
}

export function latestLine(latest: Latest, { versionId }: Released): string {
  const callers = `Callers without a tag get the version ${versionId}`
  switch (latest.kind) {
    case 'untouched':
      return 'Callers without a tag are not affected: no version was created.'
    case 'left':
      return `${callers}: \`restore-latest\` is false.`
    case 'restored':
      return `Callers without a tag get what they had before: the version ${latest.versionId} is a copy of ${latest.fromId}.`
    case 'overtaken':
      return `Callers without a tag get the version ${latest.versionId}, which another run has created since.`
    case 'nothing before':
      return `${callers}: it is the first one, so there is none to restore.`
    case 'failed': {
      const former = latest.fromId ?? 'the former version'
      const reason = isError(latest.cause) ? latest.cause.message : 'unknown reason'
      const mayCome =
        latest.seeCopy === undefined ? '' : ` Its copy may still come: see \`${latest.seeCopy}\`.`
      return `${callers}, since ${former} could not be restored: ${reason}${mayCome}`
    }
  }
}

const OUTCOMES: Readonly<Record<Undone['outcome'], string>> = {
  'put back': 'Put back',
  'never moved': 'Not moved',
  'passed on': 'Moved by somebody else meanwhile, and left there',
  'not put back': 'Not put back',
}

/** What became of each tag that was moved or may have been, by outcome. */
export function undoneLines(undone: readonly Undone[]): readonly string[] {
  return Object.entries(OUTCOMES).flatMap(([outcome, words]) => {
    const tags = undone.filter((one) => one.outcome === outcome)
    return tags.length > 0 ? [`${words}: ${tags.map(describe).join('; ')}.`] : []
  })
}

function describe({ tag, reason, outcome, isUnderWay }: Undone): string {
  const mayCome = outcome === 'never moved' && isUnderWay === true
  const remark = mayCome ? 'its change was under way and may still come' : reason
  return remark === undefined ? `\`${tag}\`` : `\`${tag}\` (${remark})`
}

/** A table of what points where, with what its versions are. */
export function nowLines(
  pointers: readonly Pointer[],
  { released, latest }: { released: Released; latest?: Latest | undefined },
): readonly string[] {
  const { versionId, origin, former, liveId } = released
  const notes = new Map([
    [former?.id ?? '', '$latest before'],
    [liveId ?? '', 'live before'],
  ])
  if (latest?.kind === 'restored') notes.set(latest.versionId, `copy of ${latest.fromId}`)
  notes.set(versionId, origin === 'created' ? 'the new version' : 'the version of this step')
  return ['', 'What points where now:', ...tableOf(pointers, notes)]
}
