/** Scaling of the tags of a step: read, merged with what is given, and written only where it differs. */

import type { Cloud } from '../../yandex/cloud.ts'
import { isRefusedAs } from '../../yandex/functions/operation.ts'
import {
  hasSameCounts,
  listScalingPolicies,
  removeScalingPolicy,
  setScalingPolicy,
  UNSCALED,
  type ScalingCounts,
  type ScalingPolicy,
} from '../../yandex/functions/scaling.ts'
import { countsOf } from '../plan/exposure.ts'

/** The numbers of one tag, and what was done about them. */
export interface TagScaling extends ScalingPolicy {
  readonly outcome: 'set' | 'removed' | 'unchanged'
}

/** Scales one tag after the other, and tells of each. Throws ApiError, OperationError. */
export async function* scaleTags(
  wanted: {
    functionId: string
    tags: readonly string[]
    scaling: Partial<ScalingCounts>
    deadlineMs: number
  },
  cloud: Cloud,
): AsyncGenerator<TagScaling, void> {
  const { functionId, tags, scaling, deadlineMs } = wanted
  // Read anew: the build took a while, and numbers that are not given must stay as they are now.
  const policies = await listScalingPolicies(functionId, cloud)
  for (const tag of tags) {
    const before = countsOf(policies, tag)
    const policy = { tag, ...before, ...scaling }
    if (hasSameCounts(policy, before)) {
      yield { ...policy, outcome: 'unchanged' }
    } else if (hasSameCounts(policy, UNSCALED)) {
      await removePolicy({ functionId, policy, deadlineMs }, cloud)
      yield { ...policy, outcome: 'removed' }
    } else {
      await setScalingPolicy({ functionId, policy, deadlineMs }, cloud)
      yield { ...policy, outcome: 'set' }
    }
  }
}

/** A policy that another job has removed meanwhile is what was asked for. */
async function removePolicy(
  change: Parameters<typeof removeScalingPolicy>[0],
  cloud: Cloud,
): Promise<void> {
  try {
    await removeScalingPolicy(change, cloud)
  } catch (error) {
    if (!isRefusedAs(error, ['NOT_FOUND'])) throw error
    const policies = await listScalingPolicies(change.functionId, cloud)
    if (!hasSameCounts(countsOf(policies, change.policy.tag), UNSCALED)) throw error
  }
}
