/** Carries a clean-up out: takes tags away one by one, or deletes the function. */

import { DeployError, type ErrorCode } from '../errors.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { deleteFunction, getFunction, type CloudFunction } from '../yandex/functions/functions.ts'
import { OperationError } from '../yandex/functions/operation.ts'
import { removeTag } from '../yandex/functions/tags.ts'
import { getVersionByTag } from '../yandex/functions/versions.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import type { CleanupProgress, Holding, Plan } from './facts.ts'

export interface ApplyDeps {
  readonly cloud: Cloud
  readonly progress: CleanupProgress
}

/** Records each thing as soon as it is done. Throws DeployError. */
export async function apply(
  { plan, waitSeconds }: { plan: Plan; waitSeconds: number },
  { cloud, progress }: ApplyDeps,
): Promise<void> {
  const deadlineMs = cloud.clock.now() + waitSeconds * 1000
  try {
    await change({ plan, deadlineMs }, { cloud, progress })
  } catch (thrown) {
    throw explain(thrown, plan)
  }
}

const UNCERTAIN: readonly ErrorCode[] = [
  'CANCELLED',
  'API_UNREACHABLE',
  'API_UNEXPECTED',
  'OPERATION_TIMEOUT',
]

/** What a failure leaves behind that does not tell whether its request had its effect. */
function explain(thrown: unknown, plan: Plan): unknown {
  if (!(thrown instanceof DeployError) || !UNCERTAIN.includes(thrown.code)) return thrown
  const state =
    plan.kind === 'function'
      ? `The function ${plan.function.id} may be deleted, now or soon.`
      : 'Some of the tags may be left.'
  const hint = 'Run the job again: what is cleaned up already is no error.'
  return thrown.with({ message: `${thrown.message}\n${state}`, hint })
}

async function change(
  { plan, deadlineMs }: { plan: Plan; deadlineMs: number },
  { cloud, progress }: ApplyDeps,
): Promise<void> {
  switch (plan.kind) {
    case 'gone':
      progress.record('result', { removedTags: [], isDeleted: false })
      return
    case 'function': {
      const { function: target, isGoing } = plan
      if (!isGoing) await ensureDeleted({ target, deadlineMs }, cloud)
      progress.record('result', { removedTags: [], isDeleted: !isGoing })
      return
    }
    case 'tags':
      await untag({ ...plan, deadlineMs }, { cloud, progress })
  }
}

async function untag(
  {
    function: { id: functionId },
    holdings,
    deadlineMs,
  }: Extract<Plan, { kind: 'tags' }> & { deadlineMs: number },
  { cloud, progress }: ApplyDeps,
): Promise<void> {
  const removedTags: string[] = []
  try {
    for (const holding of holdings) {
      const versionId = await removeHeld({ ...holding, functionId, deadlineMs }, cloud)
      if (versionId === undefined) continue
      removedTags.push(holding.tag)
      progress.record('untagged', { tag: holding.tag, versionId })
    }
  } finally {
    // Also after a failure: what is removed is removed.
    progress.record('result', { removedTags, isDeleted: false })
  }
}

/** How often a tag is followed that another run moves meanwhile. */
const MAX_MOVES = 3

/** The version that the tag was taken from; undefined when nobody holds it any more. */
async function removeHeld(
  { tag, versionId, functionId, deadlineMs }: Holding & { functionId: string; deadlineMs: number },
  cloud: Cloud,
): Promise<string | undefined> {
  let holder = versionId
  for (let moves = 0; holder !== undefined; moves++) {
    try {
      await removeTag({ versionId: holder, tag, deadlineMs }, cloud)
      return holder
    } catch (error) {
      if (!isOutdated(error) || moves === MAX_MOVES) throw error
      const now = await getVersionByTag({ functionId, tag }, cloud)
      // Where nothing has moved, the refusal has another reason.
      if (now?.id === holder) throw error
      holder = now?.id
    }
  }
  return undefined
}

/** Another run may have been faster. */
async function ensureDeleted(
  { target, deadlineMs }: { target: CloudFunction; deadlineMs: number },
  cloud: Cloud,
): Promise<void> {
  try {
    await deleteFunction({ functionId: target.id, deadlineMs }, cloud)
  } catch (error) {
    if (!isOutdated(error) || !(await isGone(target, cloud))) throw error
  }
}

async function isGone({ id }: CloudFunction, cloud: Cloud): Promise<boolean> {
  try {
    return (await getFunction(id, cloud)).status === 'DELETING'
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 404) return true
    throw error
  }
}

/** Refusals that come when something has changed since it was read. */
function isOutdated(error: unknown): error is ApiError | OperationError {
  return (
    (error instanceof ApiError || error instanceof OperationError) &&
    ['NOT_FOUND', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT'].includes(error.grpcCode ?? '')
  )
}
