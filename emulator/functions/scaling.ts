/** Scaling policies: each belongs to a tag of a function, and stays when the tag moves. */

import { timestamp } from '../clock.ts'
import type { Call, Route } from '../http/route.ts'
import { ApiError, CODE } from '../http/status.ts'
import { findActiveFunction, findByTag, findFunction } from '../lookup.ts'
import { LIST_PAGE } from '../messages/function.ts'
import { page } from '../messages/pages.ts'
import { readMessage, readQuery } from '../messages/read.ts'
import { REMOVE_SCALING_POLICY, SCALING_POLICY, SET_SCALING_POLICY } from '../messages/scaling.ts'
import { writeMessage } from '../messages/write.ts'
import { checkProvisionedQuota } from '../quotas.ts'
import { EMPTY, idempotent, packed, startOperation } from '../services/operations.ts'
import type { Cloud, ScalingPolicy } from '../state.ts'

/** The methods of FunctionService that are about scaling. */
export function scalingRoutes(cloud: Cloud): Route[] {
  const path = '/functions/v1/functions/{functionId}'
  return [
    {
      method: 'GET',
      path: `${path}/scalingPolicies`,
      permission: 'functions.read',
      hasQuery: true,
      handle: ({ params, query }) => {
        const request = readQuery(LIST_PAGE, query)
        const { id } = findFunction(cloud, params.functionId)
        const items = policies(cloud, id).map((policy) => ({ ...policy, id: policy.tag }))
        return page(request, { name: 'scalingPolicies', items, write })
      },
    },
    {
      method: 'POST',
      path: `${path}:setScalingPolicy`,
      permission: 'functions.write',
      handle: idempotent(cloud, set),
    },
    {
      method: 'POST',
      path: `${path}:removeScalingPolicy`,
      permission: 'functions.write',
      handle: idempotent(cloud, remove),
    },
  ]
}

function set(cloud: Cloud, call: Call): Promise<object> {
  const { id: functionId } = findActiveFunction(cloud, call.params.functionId)
  const { tag, ...counts } = readMessage(SET_SCALING_POLICY, call.json)
  // Whether a tag that no version has may have a policy is not documented: the stricter reading.
  findByTag(cloud, { functionId, tag })
  const count = Number(counts.provisionedInstancesCount)
  checkProvisionedQuota(cloud, { functionId, tag, count })
  const work = {
    description: 'Set scaling policy',
    functionId,
    metadata: packed('SetScalingPolicyMetadata', { functionId }),
    apply: () => {
      const all = policies(cloud, functionId)
      const now = timestamp(cloud)
      const createdAt = all.find((policy) => policy.tag === tag)?.createdAt ?? now
      const policy = { functionId, tag, createdAt, modifiedAt: now, ...counts }
      const others = all.filter((other) => other.tag !== tag)
      cloud.scalingPolicies.set(functionId, [...others, policy])
      return packed('ScalingPolicy', write(policy))
    },
  }
  return startOperation(cloud, { call, work })
}

function remove(cloud: Cloud, call: Call): Promise<object> {
  const { id: functionId } = findActiveFunction(cloud, call.params.functionId)
  const { tag } = readMessage(REMOVE_SCALING_POLICY, call.json)
  if (!policies(cloud, functionId).some((policy) => policy.tag === tag)) {
    throw new ApiError({
      code: CODE.NOT_FOUND,
      message: `Scaling policy of tag ${tag} of function ${functionId} not found`,
    })
  }
  const work = {
    description: 'Remove scaling policy',
    functionId,
    metadata: packed('RemoveScalingPolicyMetadata', { functionId }),
    apply: () => {
      const others = policies(cloud, functionId).filter((policy) => policy.tag !== tag)
      cloud.scalingPolicies.set(functionId, others)
      return EMPTY
    },
  }
  return startOperation(cloud, { call, work })
}

function policies(cloud: Cloud, functionId: string): readonly ScalingPolicy[] {
  return cloud.scalingPolicies.get(functionId) ?? []
}

function write(policy: object): object {
  return writeMessage(SCALING_POLICY, policy)
}
