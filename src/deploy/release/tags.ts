/** When the tags of a step are set: with the version, or after its build, one by one; and how a plan shows it. Pure. */

import type { ReleaseInputs } from '../../inputs/release/release.ts'
import type { Version } from '../../yandex/functions/versions.ts'
import { withRows, type Plan } from '../plan/plan.ts'
import { compare, type Row } from '../plan/row.ts'
import { canSkip } from '../plan/shortcuts.ts'

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

/** All tags that a release looks at. */
export function tagsInvolved({ settings, release }: TaggedInputs): readonly string[] {
  const all = [...settings.tags, release.check?.tag, release.previousTag]
  return all.filter((tag) => tag !== undefined)
}

/**
 * The plan with a row for the tag of the check and one for the previous tag. Without any other change there is none:
 * like `tags`, they go on to what follows the live version.
 */
export function withReleaseTags(
  plan: Plan,
  {
    inputs: { settings, release },
    holders,
  }: {
    inputs: TaggedInputs & { readonly release: Pick<ReleaseInputs, 'skipUnchanged'> }
    holders: ReadonlyMap<string, Version>
  },
): Plan {
  const { live } = plan
  if (plan.changed === false) return plan
  const isCreated = !release.skipUnchanged || !canSkip(plan).isPossible
  const { check, previousTag } = release
  const isChecked = check && (isCreated || plan.tagsToMove.length > 0)
  const keepsFormer = isCreated && previousTag !== undefined && settings.tags.length > 0
  const row = (name: string, { tag, after }: { tag: string; after: string }): Row => {
    const holder = holders.get(tag)?.id
    return compare({
      area: 'tags',
      name: `${name}.${tag}`,
      visibility: 'anyone',
      live: holder,
      after,
    })
  }
  const own = (tag: string): string =>
    live && holders.get(tag)?.id === live.id ? live.id : 'this version'
  return withRows(plan, [
    ...(isChecked ? [row('check-tag', { tag: check.tag, after: own(check.tag) })] : []),
    ...(keepsFormer && live ? [row('previous-tag', { tag: previousTag, after: live.id })] : []),
  ])
}
