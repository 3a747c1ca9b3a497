/** What the cloud does by itself to versions without a tag: they become obsolete, and are deleted later. */

import type { Cloud, StoredVersion } from '../state.ts'

/** Which versions; without ids, all of the function. */
export interface Untagged {
  readonly functionId: string
  readonly versionIds?: readonly string[]
}

/** Makes active versions without a tag obsolete, and gives their ids. Throws TypeError for one that has a tag. */
export function retireVersions(cloud: Cloud, which: Untagged): readonly string[] {
  const retired = chosen(cloud, which).filter(({ status }) => status === 'ACTIVE')
  for (const version of retired) version.status = 'OBSOLETE'
  return retired.map(({ id }) => id)
}

/** Deletes obsolete versions, and gives their ids; their tag history stays. Throws TypeError for one that has a tag. */
export function purgeVersions(cloud: Cloud, which: Untagged): readonly string[] {
  const purged = chosen(cloud, which).filter(({ status }) => status === 'OBSOLETE')
  for (const { id } of purged) cloud.versions.delete(id)
  return purged.map(({ id }) => id)
}

function chosen(cloud: Cloud, { functionId, versionIds }: Untagged): readonly StoredVersion[] {
  const all = [...cloud.versions.values()].filter((version) => version.functionId === functionId)
  const named = all.filter(({ id }) => versionIds?.includes(id))
  const tagged = named.find(({ tags }) => tags.length > 0)
  if (tagged) {
    throw new TypeError(
      `version ${tagged.id} has tags, so that the cloud keeps it: ${tagged.tags.join(', ')}`,
    )
  }
  return versionIds ? named : all.filter(({ tags }) => tags.length === 0)
}
