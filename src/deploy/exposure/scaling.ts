/** Scaling of the tags of a step: read, merged with what is given, and written only where it differs. */

import type { ScalingInputs } from '../../inputs/release/exposure.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { isRefusedAs } from '../../yandex/functions/operation.ts'
import {
  hasSameCounts,
  listScalingPolicies,
  removeScalingPolicy,
  setScalingPolicy,
  UNSCALED,
  type ScalingCounts,
} from '../../yandex/functions/scaling.ts'
import { countsOf, mergeScaling } from '../plan/exposure.ts'

/** The numbers of one tag, and what was done about them. */
export interface TagScaling extends ScalingCounts {
  readonly tag: string
  readonly outcome: 'set' | 'removed' | 'unchanged'
}

export interface ScalingRequest {
  readonly functionId: string
  readonly tags: readonly string[]
  readonly scaling: ScalingInputs
  readonly deadlineMs: number
}

/** Scales one tag after the other; `done` is told of each. Throws ApiError, OperationError. */
export async function scaleTags(
  { functionId, tags, scaling, deadlineMs }: ScalingRequest,
  { cloud, done }: { cloud: Cloud; done: (tag: TagScaling) => void },
): Promise<void> {
  // Read anew: the build took a while, and numbers that are not given must stay as they are now.
  const policies = await listScalingPolicies(functionId, cloud)
  for (const tag of tags) {
    const before = countsOf(policies, tag)
    const policy = { tag, ...mergeScaling(before, scaling) }
    if (hasSameCounts(policy, before)) {
      done({ ...policy, outcome: 'unchanged' })
    } else if (hasSameCounts(policy, UNSCALED)) {
      await removePolicy({ functionId, policy, deadlineMs }, cloud)
      done({ ...policy, outcome: 'removed' })
    } else {
      await setScalingPolicy({ functionId, policy, deadlineMs }, cloud)
      done({ ...policy, outcome: 'set' })
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
