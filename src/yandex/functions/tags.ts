/** Tags of versions: setting one and taking one away. */

import { readOperation } from '../wire.ts'
import { waitForOperation, type OperationDeps } from './operations.ts'

/** A tag of a version, and how long to wait for it to change, in milliseconds of `Clock.now()`. */
export interface TagChange {
  readonly versionId: string
  readonly tag: string
  readonly deadlineMs: number
}

/** Puts a tag on a version, and so takes it from the one that holds it; waits for it. Throws ApiError, OperationError. */
export function setTag(change: TagChange, deps: OperationDeps): Promise<void> {
  return changeTag({ ...change, method: 'setTag', what: 'set' }, deps)
}

/** Takes a tag away from the version that holds it, and waits for it. Throws ApiError, OperationError. */
export function removeTag(change: TagChange, deps: OperationDeps): Promise<void> {
  return changeTag({ ...change, method: 'removeTag', what: 'remove' }, deps)
}

async function changeTag(
  {
    versionId,
    tag,
    deadlineMs,
    method,
    what,
  }: TagChange & { method: 'setTag' | 'removeTag'; what: string },
  deps: OperationDeps,
): Promise<void> {
  const operation = await deps.api.call({
    what: `${what} the tag ${tag} of the version ${versionId}`,
    service: 'serverless-functions',
    method: 'POST',
    path: `/functions/v1/versions/${encodeURIComponent(versionId)}:${method}`,
    body: { tag },
    quotaMs: deadlineMs - deps.clock.now(),
    mayHoldSecrets: true,
    read: readOperation,
  })
  await waitForOperation(
    { operation, wait: { what: `the change of the tag ${tag}`, deadlineMs } },
    deps,
  )
}
