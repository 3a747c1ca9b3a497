/** Scaling policies of a function: each belongs to a tag, and holds for whichever version has it. */

import { int64 } from '../fields.ts'
import type { Api } from '../http/api.ts'
import { objectOf, textOf } from '../wire.ts'
import { operate, type OperationDeps } from './operations.ts'

/** The three numbers of a policy, which are written together; 0 is no limit, and nothing provisioned. */
export interface ScalingCounts {
  readonly provisionedInstancesCount: string
  readonly zoneInstancesLimit: string
  readonly zoneRequestsLimit: string
}

/** `yandex.cloud.serverless.functions.v1.ScalingPolicy`. */
export interface ScalingPolicy extends ScalingCounts {
  readonly tag: string
}

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

function readPolicy(value: unknown): ScalingPolicy {
  const policy = objectOf(value, 'the scaling policy')
  const count = (field: string): string => int64(policy[field], field) ?? '0'
  return {
    tag: textOf(policy, 'tag'),
    provisionedInstancesCount: count('provisionedInstancesCount'),
    zoneInstancesLimit: count('zoneInstancesLimit'),
    zoneRequestsLimit: count('zoneRequestsLimit'),
  }
}

/** The policies of all tags of a function. Throws ApiError. */
export function listScalingPolicies(
  functionId: string,
  { api }: { api: Api },
): Promise<readonly ScalingPolicy[]> {
  return api.list({
    what: `list the scaling policies of the function ${functionId}`,
    service: 'serverless-functions',
    path: `${pathOf(functionId)}/scalingPolicies`,
    query: {},
    field: 'scalingPolicies',
    read: readPolicy,
  })
}

/** The policy of a tag of a function, and until when to wait for its change, in milliseconds of `Clock.now()`. */
export interface PolicyChange<Policy> {
  readonly functionId: string
  readonly policy: Policy
  readonly deadlineMs: number
}

/** Writes all numbers of a tag's policy, and waits for it. Throws ApiError, OperationError. */
export async function setScalingPolicy(
  { functionId, policy, deadlineMs }: PolicyChange<ScalingPolicy>,
  deps: OperationDeps,
): Promise<void> {
  await operate(
    {
      what: `set the scaling policy of the tag ${policy.tag} of the function ${functionId}`,
      doing: `Setting the scaling policy of the tag ${policy.tag}`,
      noun: `the change of the scaling policy of the tag ${policy.tag}`,
      method: 'POST',
      path: `${pathOf(functionId)}:setScalingPolicy`,
      body: policy,
      deadlineMs,
    },
    deps,
  )
}

/** Takes a tag's policy away, and waits for it. Throws ApiError, OperationError. */
export async function removeScalingPolicy(
  { functionId, policy: { tag }, deadlineMs }: PolicyChange<Pick<ScalingPolicy, 'tag'>>,
  deps: OperationDeps,
): Promise<void> {
  await operate(
    {
      what: `remove the scaling policy of the tag ${tag} of the function ${functionId}`,
      doing: `Removing the scaling policy of the tag ${tag}`,
      noun: `the removal of the scaling policy of the tag ${tag}`,
      method: 'POST',
      path: `${pathOf(functionId)}:removeScalingPolicy`,
      body: { tag },
      deadlineMs,
    },
    deps,
  )
}

function pathOf(functionId: string): string {
  return `/functions/v1/functions/${encodeURIComponent(functionId)}`
}
