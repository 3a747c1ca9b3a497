/** Words that there is nothing to go back to, with the versions that there are. */

import { withoutFingerprint } from '../deploy/plan/fingerprint.ts'
import { didYouMean } from '../deploy/not-found.ts'
import { DeployError } from '../errors.ts'
import { minuteOf } from '../report/plan.ts'
import { oneLine, quote } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import { LATEST, listVersions, type Version } from '../yandex/functions/versions.ts'
import type { Skipped } from './facts.ts'

/** A way back that leads nowhere. */
export interface DeadEnd {
  /** A sentence. */
  readonly why: string
  /** The tag that no version holds, whose name may be mistyped. */
  readonly unheld?: string | undefined
  readonly skipped: readonly Skipped[]
}

/** Most versions that are listed. */
const MAX_LISTED = 10

/** The error for all of them; reads which versions there are. */
export async function nothingBefore(
  { function: target, ends }: { function: CloudFunction; ends: readonly DeadEnd[] },
  cloud: Cloud,
): Promise<DeployError> {
  const all = await listVersions(target.id, cloud)
  const versions = all.filter(({ status }) => status !== 'DELETING')
  const tags = versions.flatMap((version) => version.tags).filter((tag) => tag !== LATEST)
  const reasons = ends.map(({ why, unheld, skipped }) =>
    [
      why,
      unheld === undefined ? '' : didYouMean(unheld, tags),
      ...skipped.map(({ versionId, reason }) => ` The version ${versionId} ${reason}.`),
    ].join(''),
  )
  return new DeployError(
    'NO_PREVIOUS_VERSION',
    [...reasons, 'Nothing was changed.', ...listed(versions)].join('\n'),
    { details: { 'function id': target.id }, hint: hintFor(ends, versions) },
  )
}

/** That of the error's code when undefined. */
function hintFor(ends: readonly DeadEnd[], versions: readonly Version[]): string | undefined {
  if (versions.length === 0) return 'Deploy a version.'
  return ends.every(({ unheld, skipped }) => unheld !== undefined && skipped.length === 0)
    ? 'Correct `tags`, or name one of the versions above as `version-id`.'
    : undefined
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
