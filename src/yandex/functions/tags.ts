/** Tags of versions: setting one and taking one away. */

import { operate, type OperationDeps } from './operations.ts'

/** A tag of a version, and until when to wait for it to change, in milliseconds of `Clock.now()`. */
export interface TagChange {
  readonly versionId: string
  readonly tag: string
  readonly deadlineMs: number
  /** Told when the cloud has accepted it, before its end. */
  readonly onAccepted?: () => void
}

/** Puts a tag on a version, and so takes it from the one that holds it; waits for it. Throws ApiError, OperationError. */
export function setTag(change: TagChange, deps: OperationDeps): Promise<void> {
  return changeTag({ ...change, method: 'setTag', verb: 'set' }, deps)
}

/** Takes a tag away from the version that holds it, and waits for it. Throws ApiError, OperationError. */
export function removeTag(change: TagChange, deps: OperationDeps): Promise<void> {
  return changeTag({ ...change, method: 'removeTag', verb: 'remove' }, deps)
}

async function changeTag(
  {
    versionId,
    tag,
    deadlineMs,
    onAccepted,
    method,
    verb,
  }: TagChange & { method: 'setTag' | 'removeTag'; verb: string },
  deps: OperationDeps,
): Promise<void> {
  await operate(
    {
      what: `${verb} the tag ${tag} of the version ${versionId}`,
      method: 'POST',
      path: `/functions/v1/versions/${encodeURIComponent(versionId)}:${method}`,
      body: { tag },
      deadlineMs,
      onAccepted,
      doing: `Changing the tag ${tag} of the version ${versionId}`,
      noun: `the change of the tag ${tag}`,
    },
    deps,
  )
}
