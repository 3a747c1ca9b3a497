/** Which version answers a call: the one that the tag names, or named until a while ago. */

import { recordsOf } from '../functions/tag-history.ts'
import { versionByTag } from '../lookup.ts'
import type { Cloud, StoredVersion } from '../state.ts'

/** The version that a call with this tag reaches; undefined when there is none. */
export function routedVersion(
  cloud: Cloud,
  called: {
    readonly functionId: string
    readonly tag: string
    readonly stale: { readonly versionId?: string } | undefined
  },
): StoredVersion | undefined {
  const { functionId, tag, stale } = called
  if (stale) {
    const before = recordsOf(cloud, { functionId, tag }).at(-2)
    return cloud.versions.get(stale.versionId ?? before?.functionVersionId ?? '')
  }
  if (cloud.propagationMs === 0) return versionByTag(cloud, { functionId, tag })
  const seenAt = cloud.settings.clock() - cloud.propagationMs
  const seen = recordsOf(cloud, { functionId, tag }).find(
    ({ effectiveFrom, effectiveTo }) =>
      Date.parse(effectiveFrom) <= seenAt &&
      (effectiveTo === undefined || Date.parse(effectiveTo) > seenAt),
  )
  return seen && cloud.versions.get(seen.functionVersionId)
}
