/** Quotas, https://yandex.cloud/en/docs/functions/concepts/limits: counted before anything is created. */

import { ApiError, CODE } from './http/status.ts'
import type { Cloud, Quotas } from './state.ts'

/** The documented defaults. */
export const DEFAULT_QUOTAS: Quotas = {
  operationsPerFunction: 10,
  operationsPerFolder: 15,
  operationsPerCloud: 20,
  tagsPerFunction: 10,
  functionsPerCloud: 10,
  provisionedInstancesPerCloud: 2,
}

interface Usage {
  readonly name: string
  readonly subject: string
  readonly limit: number
  /** Including what is about to be added. */
  readonly usage: number
}

/**
 * Refuses one more operation on a function (empty id: a function that does not exist yet).
 * Throws RESOURCE_EXHAUSTED, which passes as soon as an operation ends.
 */
export function checkOperationQuotas(cloud: Cloud, functionId: string): void {
  const { quotas } = cloud.settings
  const running = [...cloud.operations.values()].filter((operation) => !operation.isDone)
  const onFunction = running.filter((operation) => operation.functionId === functionId)
  within({
    name: 'serverless.concurrentFunctionOperations',
    subject: `function:${functionId}`,
    limit: quotas.operationsPerFunction,
    usage: onFunction.length + 1,
  })
  within({
    name: 'serverless.concurrentFolderOperations',
    subject: `folder:${cloud.folderId}`,
    limit: quotas.operationsPerFolder,
    usage: running.length + 1,
  })
  within({
    name: 'serverless.concurrentCloudOperations',
    subject: `cloud:${cloud.cloudId}`,
    limit: quotas.operationsPerCloud,
    usage: running.length + 1,
  })
}

/** Refuses one more function. Throws RESOURCE_EXHAUSTED, which waiting does not mend. */
export function checkFunctionQuota(cloud: Cloud): void {
  within({
    name: 'serverless.functions.count',
    subject: `cloud:${cloud.cloudId}`,
    limit: cloud.settings.quotas.functionsPerCloud,
    usage: cloud.functions.size + 1,
  })
}

/** Refuses more tags on a function. Throws RESOURCE_EXHAUSTED, which waiting does not mend. */
export function checkTagQuota(
  cloud: Cloud,
  { functionId, tags }: { readonly functionId: string; readonly tags: readonly string[] },
): void {
  const present = [...cloud.versions.values()]
    .filter((version) => version.functionId === functionId)
    .flatMap((version) => version.tags.filter((tag) => tag !== '$latest'))
  within({
    name: 'serverless.functionTags.count',
    subject: `function:${functionId}`,
    limit: cloud.settings.quotas.tagsPerFunction,
    usage: new Set([...present, ...tags]).size,
  })
}

/** Refuses more provisioned instances than the cloud may have. Throws RESOURCE_EXHAUSTED, which waiting does not mend. */
export function checkProvisionedQuota(
  cloud: Cloud,
  wanted: { readonly functionId: string; readonly tag: string; readonly count: number },
): void {
  const others = [...cloud.scalingPolicies.values()]
    .flat()
    .filter(({ functionId, tag }) => functionId !== wanted.functionId || tag !== wanted.tag)
    .reduce((sum, policy) => sum + Number(policy.provisionedInstancesCount), 0)
  within({
    name: 'serverless.provisionedInstances.count',
    subject: `cloud:${cloud.cloudId}`,
    limit: cloud.settings.quotas.provisionedInstancesPerCloud,
    usage: others + wanted.count,
  })
}

function within({ name, subject, limit, usage }: Usage): void {
  if (usage <= limit) return
  const description = `Quota ${name}: limit ${limit}, required ${usage}`
  throw new ApiError({
    code: CODE.RESOURCE_EXHAUSTED,
    message: `Quota limit ${name} exceeded`,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ subject, description }],
      },
    ],
  })
}
