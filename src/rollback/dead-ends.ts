/** Words that there is nothing to go back to, with the versions that there are. */

import { DeployError } from '../errors.ts'
import { withoutFingerprint } from '../deploy/plan/fingerprint.ts'
import { didYouMean } from '../deploy/not-found.ts'
import { minuteOf } from '../report/plan.ts'
import { oneLine, quote } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import { LATEST, listVersions, type Version } from '../yandex/functions/versions.ts'
import type { Skipped } from './plan.ts'

/** Why there is nothing to go back to. */
export type DeadEnd =
  | {
      readonly why: 'no holder before'
      readonly tag: string
      readonly from: Version | undefined
      readonly skipped: readonly Skipped[]
    }
  | {
      /** `not known`: a version is gone that another one is a copy of, and so is the way before that copy. */
      readonly why: 'none older' | 'not known'
      readonly from: Version
      readonly skipped: readonly Skipped[]
    }
  | { readonly why: 'no version' }

/** Most versions that are listed. */
const MAX_LISTED = 10

/** The error for all of them; reads which versions there are. */
export async function nothingBefore(
  { function: target, ends }: { function: CloudFunction; ends: readonly DeadEnd[] },
  cloud: Cloud,
): Promise<DeployError> {
  const versions = (await listVersions(target.id, cloud)).filter(
    ({ status }) => status !== 'DELETING',
  )
  const tags = new Set(versions.flatMap((version) => version.tags))
  tags.delete(LATEST)
  const reasons = ends.map((end) => reasonFor(end, { target, tags }))
  const isTypo = ends.every((end) => 'tag' in end && !end.from && end.skipped.length === 0)
  return new DeployError(
    'NO_PREVIOUS_VERSION',
    [...reasons, 'Nothing was changed.', ...listed(versions)].join('\n'),
    {
      details: { 'function id': target.id },
      ...(ends.some(({ why }) => why === 'not known')
        ? { hint: 'Name one of the versions above as `version-id`.' }
        : versions.length === 0
          ? { hint: 'Deploy a version.' }
          : isTypo && {
              hint: 'Correct `tags`, or name one of the versions above as `version-id`.',
            }),
    },
  )
}

function reasonFor(
  end: DeadEnd,
  { target, tags }: { target: CloudFunction; tags: ReadonlySet<string> },
): string {
  switch (end.why) {
    case 'no version':
      return `The function ${quote(target.name)} has no version.`
    case 'none older':
      return `Callers without a tag get the version ${end.from.id}, and there is no earlier one to go back to.${passedOver(end)}`
    case 'not known':
      return `Callers without a tag get the version ${end.from.id}. Which one is good to go back to is not known: a version that was copied is gone, and the history of \`${LATEST}\` cannot be read.${passedOver(end)}`
    case 'no holder before': {
      const { tag, from } = end
      const state = from ? `is on the version ${from.id}` : 'is on no version'
      const near = from ? '' : didYouMean(tag, tags)
      return `The tag ${tag} ${state}, and there is no earlier one to go back to.${near}${passedOver(end)}`
    }
  }
}

function passedOver({ skipped }: { skipped: readonly Skipped[] }): string {
  return skipped.map(({ versionId, reason }) => ` The version ${versionId} ${reason}.`).join('')
}

function listed(versions: readonly Version[]): readonly string[] {
  if (versions.length === 0) return []
  const rest = versions.length - MAX_LISTED
  return [
    'Versions of the function, newest first:',
    ...versions.slice(0, MAX_LISTED).map((version) => `- ${describe(version)}`),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ]
}

function describe({ id, createdAt, status, tags, description }: Version): string {
  const text = oneLine(withoutFingerprint(description))
  const parts = [id, minuteOf(createdAt), status, tags.join(' '), text && quote(text)]
  return parts.filter((part) => part !== '').join(', ')
}
