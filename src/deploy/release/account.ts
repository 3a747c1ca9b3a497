/** The errors of a release: who gets which version now, why, and what to do. Pure. */

import { DeployError, isError } from '../../errors.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { listNames, plural } from '../../text.ts'
import type { CloudFunction } from '../../yandex/functions/functions.ts'
import type { CheckEnd } from './check.ts'
import { tableOf, type Pointer } from './pointers.ts'
import type { PromotionEnd, Undone } from './promote.ts'
import type { Restoration } from './restore.ts'

/** What was being released. */
export interface Released {
  readonly inputs: Inputs
  readonly function: CloudFunction
  readonly versionId: string
  /** Whether this run has created the version, or found it live. */
  readonly origin: 'created' | 'live'
  /** What was `$latest` before. */
  readonly formerId: string | undefined
}

/** What became of `$latest` after a failed check; the first two without an attempt to restore it. */
export type Latest = Restoration | { readonly kind: 'untouched' } | { readonly kind: 'left' }

/** A check that the version did not pass. */
export function checkFailed(
  released: Released,
  {
    end,
    latest,
    pointers,
  }: {
    end: Extract<CheckEnd, { kind: 'failed' }>
    latest: Latest
    pointers: readonly Pointer[]
  },
): DeployError {
  const { versionId } = released
  const calls = end.calls > 1 ? ` (${plural(end.calls, 'call')})` : ''
  return new DeployError(
    'CHECK_FAILED',
    [
      `The version ${versionId} did not pass its check: ${end.reason}${calls}.`,
      ...errorLines(end),
      tagsUntouched(released),
      latestLine(latest, released),
      ...nowLines(pointers, notesOf(released, latest)),
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
    end,
    pointers,
  }: { end: Extract<PromotionEnd, { kind: 'stopped' }>; pointers: readonly Pointer[] },
): DeployError {
  const { versionId } = released
  const { cause, tag, undone } = end
  const what = released.inputs.release.check ? ', which passed its check,' : ''
  const reason = isError(cause) ? cause.message : 'unknown reason'
  const commands = undone.filter(({ outcome }) => outcome === 'not put back').map(putBackCommand)
  return new DeployError(
    'PROMOTION_FAILED',
    [
      `The tag ${tag} could not be moved to the version ${versionId}${what} and so the tags were not: ${reason}`,
      ...undoneLines(undone),
      ...(released.origin === 'created'
        ? [
            `Callers without a tag get the version ${versionId}, since a new version is \`$latest\`.`,
          ]
        : []),
      ...nowLines(pointers, notesOf(released)),
    ].join('\n'),
    {
      cause,
      ...(commands.length > 0 && { hint: ['Put back what is left:', ...commands].join('\n') }),
      details: { ...(cause instanceof DeployError && cause.details), ...detailsOf(released) },
    },
  )
}

/** A run that was cancelled before the release was complete. */
export function releaseCancelled(
  released: Released,
  {
    thrown,
    phase,
    undone,
    pointers,
    latest,
  }: {
    thrown: DeployError
    /** Continues "during". */
    phase: string
    undone: readonly Undone[]
    pointers: readonly Pointer[]
    latest?: Latest
  },
): DeployError {
  const isNew = released.origin === 'created'
  return thrown.with({
    message: [
      `${thrown.message} It was during ${phase} of the version ${released.versionId}.`,
      ...(undone.length > 0 ? undoneLines(undone) : [tagsUntouched(released)]),
      ...(latest ? [latestLine(latest, released)] : []),
      ...(isNew && !latest
        ? [
            '`$latest` is not restored after a cancellation: callers without a tag get the new version.',
          ]
        : []),
      ...nowLines(pointers, notesOf(released)),
    ].join('\n'),
    hint: 'Run the job again, or let it be if what points where above is right.',
    details: detailsOf(released),
  })
}

function errorLines({ error }: Extract<CheckEnd, { kind: 'failed' }>): readonly string[] {
  if (!error) return []
  const { type, message, trace } = error
  return [`${type === '' ? '' : `${type}: `}${message}`, ...trace.map((line) => `    ${line}`)]
}

function tagsUntouched({ inputs }: Released): string {
  const { tags } = inputs.settings
  if (tags.length === 0) return 'No tag was moved.'
  const callers =
    tags.length === 1 ? `Callers of ${listNames(tags)}` : `Callers of ${listNames(tags)}`
  return `${callers} are not affected: no tag was moved.`
}

function latestLine(latest: Latest, { versionId, inputs }: Released): string {
  switch (latest.kind) {
    case 'untouched':
      return 'Callers without a tag are not affected: no version was created.'
    case 'restored':
      return `Callers without a tag get what they had before: the version ${latest.versionId} is a copy of ${latest.fromId}.`
    case 'overtaken':
      return `Callers without a tag get the version ${latest.versionId}, which another run has created since; \`$latest\` is left to it.`
    case 'nothing before':
      return `Callers without a tag get the version ${versionId}: it is the first one, so there is none to restore.`
    case 'left':
      return inputs.release.check?.restoreLatest === true
        ? `Callers without a tag get the version ${versionId}.`
        : `Callers without a tag get the version ${versionId}, since \`restore-latest\` is false.`
    case 'failed': {
      const reason = isError(latest.cause) ? latest.cause.message : 'unknown reason'
      const mayCome =
        latest.operationId === undefined
          ? ''
          : ` It may still come: see \`yc operation get ${latest.operationId}\`.`
      return `Callers without a tag get the version ${versionId}: ${latest.fromId ?? 'the former one'} could not be restored. ${reason}${mayCome}`
    }
  }
}

const OUTCOMES = {
  'put back': 'put back',
  'never moved': 'not moved',
  'passed on': 'moved by somebody else meanwhile, and left there',
  'not put back': 'not put back',
} as const satisfies Record<Undone['outcome'], string>

function undoneLines(undone: readonly Undone[]): readonly string[] {
  return undone.map(({ tag, outcome, reason }) =>
    `Tag ${tag}: ${OUTCOMES[outcome]}${reason === undefined ? '' : `: ${reason}`}`.trimEnd(),
  )
}

function nowLines(
  pointers: readonly Pointer[],
  notes: ReadonlyMap<string, string>,
): readonly string[] {
  return ['', 'What points where now:', ...tableOf(pointers, notes)]
}

function notesOf({ versionId, origin, formerId }: Released, latest?: Latest): Map<string, string> {
  return new Map([
    ...(formerId === undefined ? [] : [[formerId, 'former `$latest`'] as const]),
    ...(latest?.kind === 'restored'
      ? [
          [latest.fromId, 'former `$latest`'] as const,
          [latest.versionId, `copy of ${latest.fromId}`] as const,
        ]
      : []),
    [versionId, origin === 'created' ? 'the new version' : 'the version of this step'],
  ])
}

function checkHint(
  { function: { id, folderId }, inputs }: Released,
  { end, latest }: { end: Extract<CheckEnd, { kind: 'failed' }>; latest: Latest },
): string {
  const tag = inputs.release.check?.tag ?? ''
  const restore =
    latest.kind === 'failed' && latest.fromId !== undefined
      ? [
          `To restore \`$latest\`, deploy with \`source-version-id: ${latest.fromId}\` and its settings.`,
        ]
      : []
  return [
    ...restore,
    ...(end.fault === 'call' && / 403\b/.test(end.reason)
      ? [
          `The account that deploys may not call the function: \`yc serverless function add-access-binding --id ${id} --role functions.functionInvoker --subject serviceAccount:<its id>\`.`,
        ]
      : []),
    `Its log: \`yc serverless function logs ${id} --tag ${tag} --since 15m\`, or https://console.yandex.cloud/folders/${folderId}/functions/functions/${id}`,
    'Correct the function, or the `check-…` inputs, and deploy again.',
  ].join('\n')
}

function putBackCommand({ tag, fromId, toId }: Undone): string {
  return fromId === undefined
    ? `- \`yc serverless function version remove-tag --id ${toId} --tag ${tag}\``
    : `- \`yc serverless function version set-tag --id ${fromId} --tag ${tag}\``
}

function detailsOf(released: Released): Readonly<Record<string, string>> {
  return { 'function id': released.function.id, 'version id': released.versionId }
}
