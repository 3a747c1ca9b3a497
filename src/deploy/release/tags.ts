/** When the tags of a step are set: with the version, or after its build, one by one; and how a plan shows it. Pure. */

import type { Inputs } from '../../inputs/inputs.ts'
import { withRows, type Holders, type Plan } from '../plan/plan.ts'
import { compareTag } from '../plan/row.ts'
import { whyNotSkipped } from '../plan/shortcuts.ts'

type Tagged = Pick<Inputs, 'settings' | 'release'>

/** The tags with which the version is created: that of the check alone, where there is one. */
export function tagsAtCreation({ settings, release }: Tagged): readonly string[] {
  if (release.check) return [release.check.tag]
  return release.previousTag === undefined ? settings.tags : []
}

/** The tags that are moved to the version when it is built, and has passed its check. */
export function tagsAfterBuild({ settings, release }: Tagged): readonly string[] {
  return release.check || release.previousTag !== undefined ? settings.tags : []
}

/** All tags that a release looks at. */
export function tagsInvolved({ settings, release }: Tagged): readonly string[] {
  const all = [...settings.tags, release.check?.tag, release.previousTag]
  return all.filter((tag) => tag !== undefined)
}

/**
 * The plan with a row for the tag of the check and one for the previous tag. Without any other change there is none:
 * like `tags`, they go on to what follows the live version.
 */
export function withReleaseTags(
  plan: Plan,
  { inputs: { settings, release }, holders }: { inputs: Tagged; holders: Holders },
): Plan {
  const { live } = plan
  if (plan.changed === false) return plan
  const { check, previousTag } = release
  const isCreated = !release.skipUnchanged || whyNotSkipped(plan) !== undefined
  const isChecked = check && (isCreated || plan.tagsToMove.length > 0)
  const keepsFormer = isCreated && previousTag !== undefined && settings.tags.length > 0
  return withRows(plan, [
    ...(isChecked ? [compareTag(check.tag, { input: 'check-tag', live, holders })] : []),
    ...(keepsFormer && live
      ? [compareTag(previousTag, { input: 'previous-tag', live, holders, after: live.id })]
      : []),
  ])
}
