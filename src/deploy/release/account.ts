/** The errors of a release: who gets which version now, why, and what to do. Pure. */

import { DeployError, isError } from '../../errors.ts'
import { LATEST } from '../../yandex/functions/versions.ts'
import { rolesOf } from '../roles/roles.ts'
import type { FailedCheck } from './check.ts'
import { errorLines, latestLine, nowLines, tagsUntouched, undoneLines } from './lines.ts'
import type { Pointer } from './pointers.ts'
import type { PromotionEnd, Undone } from './promote.ts'
import type { Released } from './released.ts'
import type { Latest } from './restore.ts'

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
      ...errorLines(end),
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
  {
    end: { cause, undone },
    pointers,
  }: { end: Extract<PromotionEnd, { kind: 'stopped' }>; pointers: readonly Pointer[] },
): DeployError {
  const { versionId, origin, inputs } = released
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
  {
    thrown,
    phase,
    undone = [],
    pointers,
    latest,
  }: {
    thrown: DeployError
    /** Continues "during". */
    phase: string
    undone?: readonly Undone[]
    pointers: readonly Pointer[]
    /** What became of `$latest`, when a check had failed before. */
    latest?: Latest
  },
): DeployError {
  const left =
    released.origin === 'created'
      ? '`$latest` is not restored after a cancellation: callers without a tag get the new version.'
      : 'Callers without a tag are not affected: no version was created.'
  const putBack = putBackHint(undone)
  return thrown.with({
    message: [
      `${thrown.message} It was during ${phase} of the version ${released.versionId}.`,
      ...(undone.length > 0 ? undoneLines(undone) : [tagsUntouched(released)]),
      latest ? latestLine(latest, released) : left,
      ...nowLines(pointers, { released, latest }),
    ].join('\n'),
    hint: [
      ...(putBack === undefined ? [] : [putBack]),
      'Run the job again, unless what points where above is as it should be.',
    ].join('\n'),
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

/** The commands that put back what could not be; undefined where there is nothing left. */
export function putBackHint(undone: readonly Undone[]): string | undefined {
  const commands = undone
    .filter(
      ({ outcome, isUnderWay }) =>
        outcome === 'not put back' || (outcome === 'never moved' && isUnderWay === true),
    )
    .map(({ tag, fromId, toId }) =>
      fromId === undefined
        ? `- \`yc serverless function version remove-tag --id ${toId} --tag ${tag}\``
        : `- \`yc serverless function version set-tag --id ${fromId} --tag ${tag}\``,
    )
  return commands.length === 0 ? undefined : ['To put back what is left:', ...commands].join('\n')
}

function detailsOf(released: Released): Readonly<Record<string, string>> {
  return { 'function id': released.function.id, 'version id': released.versionId }
}
