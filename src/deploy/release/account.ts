/** The errors of a release: who gets which version now, why, and what to do. Pure. */

import { DeployError, isError } from '../../errors.ts'
import { listNames } from '../../text.ts'
import { LATEST } from '../../yandex/functions/versions.ts'
import { rolesOf } from '../roles/roles.ts'
import type { FailedCheck } from './check.ts'
import { tableOf, type Pointer } from './pointers.ts'
import type { Stopped } from './promote.ts'
import type { Released } from './released.ts'
import type { Latest } from './restore.ts'
import { putBackHint, undoneLines, type Undone } from './undone.ts'

/** A check that the version did not pass. */
export function checkFailed(
  released: Released,
  { end, latest, pointers }: { end: FailedCheck; latest: Latest; pointers: readonly Pointer[] },
): DeployError {
  const calls = end.calls > 1 ? ` (${end.calls} calls)` : ''
  return new DeployError(
    'CHECK_FAILED',
    [
      `The version ${released.versionId} did not pass its check: ${end.reason}${calls}.`,
      ...(end.error ? [end.error.message, ...end.error.trace.map((line) => `    ${line}`)] : []),
      tagsUntouched(released),
      latestLine(latest, released),
      ...nowLines(pointers, { released, latest }),
    ].join('\n'),
    {
      cause: end.cause,
      hint: checkHint(released, { end, latest }),
      details: detailsOf(released),
    },
  )
}

/** Tags that could not be moved. */
export function promotionFailed(
  released: Released,
  { end, pointers }: { end: Stopped; pointers: readonly Pointer[] },
): DeployError {
  const { versionId, origin, inputs } = released
  const { cause, undone } = end
  const passed = inputs.release.check ? ', which passed its check' : ''
  const reason = isError(cause) ? cause.message : 'unknown reason'
  return new DeployError(
    'PROMOTION_FAILED',
    [
      `The tags could not all be moved to the version ${versionId}${passed}. ${reason}`,
      ...undoneLines(undone),
      ...(origin === 'created' ? [newestLine(released, pointers)] : []),
      ...nowLines(pointers, { released }),
    ].join('\n'),
    {
      cause,
      hint: putBackHint(undone),
      details: { ...(cause instanceof DeployError && cause.details), ...detailsOf(released) },
    },
  )
}

/** Another run may have created a version meanwhile. */
function newestLine({ versionId, former }: Released, pointers: readonly Pointer[]): string {
  const id = pointers.find(({ tag }) => tag === LATEST)?.versionId ?? versionId
  // The API may be behind.
  return [versionId, former?.id].includes(id)
    ? `Callers without a tag get the version ${versionId}: a new version is \`$latest\`.`
    : `Callers without a tag get the version ${id}, which was created since.`
}

/** A run that was cancelled before the release was complete. */
export function releaseCancelled(
  released: Released,
  told: {
    thrown: DeployError
    /** Continues "during". */
    phase: string
    undone?: readonly Undone[]
    pointers: readonly Pointer[]
    /** What became of `$latest`, when a check had failed before. */
    latest?: Latest
  },
): DeployError {
  const { thrown, phase, undone = [], pointers, latest } = told
  const left =
    released.origin === 'created'
      ? '`$latest` is not restored after a cancellation: callers without a tag get the new version.'
      : 'Callers without a tag are not affected: no version was created.'
  return thrown.with({
    message: [
      `${thrown.message} It was during ${phase} of the version ${released.versionId}.`,
      ...(undone.length > 0 ? undoneLines(undone) : [tagsUntouched(released)]),
      latest ? latestLine(latest, released) : left,
      ...nowLines(pointers, { released, latest }),
    ].join('\n'),
    hint: [
      putBackHint(undone),
      'Run the job again, unless what points where above is as it should be.',
    ]
      .filter((line) => line !== undefined)
      .join('\n'),
    details: detailsOf(released),
  })
}

/** The version's log has what the function wrote, and the answer of the check may not be shown. */
function checkHint(
  { inputs, function: { id, folderId } }: Released,
  { end, latest }: { end: FailedCheck; latest: Latest },
): string {
  const tag = inputs.release.check?.tag ?? ''
  const lines = [
    `Log of the function: \`yc serverless function logs ${id} --tag ${tag} --since 15m\``,
    `In the console: https://console.yandex.cloud/folders/${folderId}/functions/functions/${id}`,
    'Correct the function, or the `check-…` inputs, and deploy again.',
  ]
  if (end.fault === 'call' && end.reason.includes('HTTP 403')) {
    const needed = rolesOf(inputs, folderId).find(({ why }) => why.includes('check'))
    lines.unshift(
      `The account that deploys must be allowed to call the function: \`${needed?.command ?? ''}\``,
    )
  }
  if (latest.kind === 'failed' && latest.fromId !== undefined) {
    lines.unshift(
      `To restore \`$latest\` now, run the action \`rollback\` with \`version-id: ${latest.fromId}\` and without \`tags\`.`,
    )
  }
  return lines.join('\n')
}

function detailsOf(released: Released): Readonly<Record<string, string>> {
  return { 'function id': released.function.id, 'version id': released.versionId }
}

function tagsUntouched({ inputs }: Released): string {
  const { tags } = inputs.settings
  if (tags.length === 0) return 'No tag was moved.'
  return `Callers of ${listNames(tags)} are not affected: no tag was moved.`
}

function latestLine(latest: Latest, { versionId }: Released): string {
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

/** A table of what points where, with what its versions are. */
function nowLines(
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
