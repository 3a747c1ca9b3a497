/** When the tags of a step are set: with the version, or after its build, one by one. Pure. */

import type { ReleaseInputs } from '../../inputs/release/release.ts'

interface TaggedInputs {
  readonly settings: { readonly tags: readonly string[] }
  readonly release: Pick<ReleaseInputs, 'check' | 'previousTag'>
}

/** The tags with which the version is created: that of the check alone, where there is one. */
export function tagsAtCreation({ settings, release }: TaggedInputs): readonly string[] {
  if (release.check) return [release.check.tag]
  return release.previousTag === undefined ? settings.tags : []
}

/** The tags that are moved to the version when it is built, and has passed its check. */
export function tagsAfterBuild({ settings, release }: TaggedInputs): readonly string[] {
  return release.check || release.previousTag !== undefined ? settings.tags : []
}
