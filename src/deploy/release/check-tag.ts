/** Whether the tag of a check is on the version that is checked. */

import type { Cloud } from '../../yandex/cloud.ts'
import { getVersionByTag, type Version } from '../../yandex/functions/versions.ts'
import { readSettled } from './settle.ts'

/** A version that was given a tag. */
export interface TaggedVersion {
  readonly functionId: string
  readonly versionId: string
  readonly tag: string
  /** When the version was created that was the newest one before. */
  readonly formerAt: string | undefined
  /** How long the tag may take to be seen, in milliseconds. */
  readonly waitMs: number
}

/**
 * As {@link lossOf}, for a version that has just got the tag: as long as nobody has it, or who had it before the run,
 * the API is behind.
 */
export async function lossOfNew(tagged: TaggedVersion, cloud: Cloud): Promise<string | undefined> {
  const { functionId, versionId, tag, formerAt, waitMs } = tagged
  const isOlder = ({ createdAt }: Version): boolean =>
    formerAt !== undefined && Date.parse(createdAt) <= Date.parse(formerAt)
  const holder = await readSettled(() => getVersionByTag({ functionId, tag }, cloud), {
    fits: (one) => one !== undefined && (one.id === versionId || !isOlder(one)),
    forMs: waitMs,
    cloud,
  })
  return holder?.id === versionId ? undefined : lossOf(tagged, cloud)
}

/** How the version has lost the tag; undefined while it has it. */
export async function lossOf(
  { functionId, versionId, tag }: TaggedVersion,
  cloud: Cloud,
): Promise<string | undefined> {
  const holder = await readSettled(() => getVersionByTag({ functionId, tag }, cloud), {
    fits: (one) => one?.id === versionId,
    cloud,
  })
  if (holder?.id === versionId) return undefined
  const now = holder ? `is on the version ${holder.id} now` : 'is on no version'
  return `its tag ${tag} ${now}: another run or a person has moved it`
}
