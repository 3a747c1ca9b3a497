/** Scaling policies of a function: each belongs to a tag, and holds for whichever version has it. */

import type { Cloud } from '../cloud.ts'
import { int64, resource, text } from '../fields.ts'
import { functionPath } from './functions.ts'
import { operate } from './operations.ts'

const readPolicy = resource('the scaling policy', {
  tag: text,
  provisionedInstancesCount: int64,
  zoneInstancesLimit: int64,
  zoneRequestsLimit: int64,
})

/** `yandex.cloud.serverless.functions.v1.ScalingPolicy`. */
export type ScalingPolicy = ReturnType<typeof readPolicy>

/** The three numbers of a policy, which are written together; 0 is no limit, and nothing provisioned. */
export type ScalingCounts = Omit<ScalingPolicy, 'tag'>

/** What a tag without a policy has. */
export const UNSCALED: ScalingCounts = {
  provisionedInstancesCount: '0',
  zoneInstancesLimit: '0',
  zoneRequestsLimit: '0',
}

/** Whether two policies have the same numbers. */
export function hasSameCounts(a: ScalingCounts, b: ScalingCounts): boolean {
  return (
    a.provisionedInstancesCount === b.provisionedInstancesCount &&
    a.zoneInstancesLimit === b.zoneInstancesLimit &&
    a.zoneRequestsLimit === b.zoneRequestsLimit
  )
}

/** The policies of all tags of a function. Throws ApiError. */
export function listScalingPolicies(
  functionId: string,
  { api }: Cloud,
): Promise<readonly ScalingPolicy[]> {
  return api.list({
    what: `list the scaling policies of the function ${functionId}`,
    path: `${functionPath(functionId)}/scalingPolicies`,
    field: 'scalingPolicies',
    read: readPolicy,
  })
}

/** The policy of a tag of a function, and until when to wait for its change, in milliseconds of `Clock.now()`. */
export interface PolicyChange {
  readonly functionId: string
  readonly policy: ScalingPolicy
  readonly deadlineMs: number
}

/** Writes all numbers of a tag's policy, and waits for it. Throws ApiError, OperationError. */
export async function setScalingPolicy(
  { functionId, policy, deadlineMs }: PolicyChange,
  cloud: Cloud,
): Promise<void> {
  const which = `the scaling policy of the tag ${policy.tag}`
  await operate(
    {
      what: `set ${which} of the function ${functionId}`,
      doing: `Setting ${which}`,
      noun: `the change of ${which}`,
      path: `${functionPath(functionId)}:setScalingPolicy`,
      body: policy,
      deadlineMs,
    },
    cloud,
  )
}

/** Takes a tag's policy away, and waits for it. Throws ApiError, OperationError. */
export async function removeScalingPolicy(
  { functionId, policy: { tag }, deadlineMs }: PolicyChange,
  cloud: Cloud,
): Promise<void> {
  const which = `the scaling policy of the tag ${tag}`
  await operate(
    {
      what: `remove ${which} of the function ${functionId}`,
      doing: `Removing ${which}`,
      noun: `the removal of ${which}`,
      path: `${functionPath(functionId)}:removeScalingPolicy`,
      body: { tag },
      deadlineMs,
    },
    cloud,
  )
}
