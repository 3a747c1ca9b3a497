/** Carries a clean-up out: takes tags away one by one, or deletes the function. */

import { findExisting } from '../deploy/function.ts'
import { DeployError } from '../errors.ts'
import type { WorkDeps } from '../sub-action/story.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { deleteFunction } from '../yandex/functions/functions.ts'
import { isRefusedAs } from '../yandex/functions/operation.ts'
import { removeTag } from '../yandex/functions/tags.ts'
import { getVersionByTag } from '../yandex/functions/versions.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import type { GrpcCode } from '../yandex/http/grpc.ts'
import { isUncertain, NothingDone } from '../yandex/http/http.ts'
import type { CleanupFacts, Holding, Plan } from './facts.ts'

/** Records each thing as soon as it is done. Throws DeployError. */
export async function apply(
  { plan, waitSeconds }: { plan: Plan; waitSeconds: number },
  deps: WorkDeps<CleanupFacts>,
): Promise<void> {
  const { cloud, progress } = deps
  const deadlineMs = cloud.clock.now() + waitSeconds * 1000
  try {
    if (plan.kind === 'tags') {
      await untag({ ...plan, deadlineMs }, deps)
      return
    }
    const isDeleted =
      plan.kind === 'function' &&
      (await ensureDeleted({ functionId: plan.function.id, deadlineMs }, cloud))
    progress.record('result', { tags: [], isDeleted })
  } catch (thrown) {
    throw explain(thrown, plan)
  }
}

/** What a failure leaves behind, where its own text does not tell. */
function explain(thrown: unknown, plan: Plan): unknown {
  if (!(thrown instanceof DeployError)) return thrown
  const isStopped = thrown instanceof NothingDone
  if (!isStopped && !isUncertain(thrown) && thrown.code !== 'OPERATION_TIMEOUT') return thrown
  const fate = isStopped ? 'is not deleted' : 'may be deleted, now or soon'
  const state =
    plan.kind === 'function'
      ? `The function ${plan.function.id} ${fate}.`
      : 'Some of the tags may be left.'
  const hint = 'Run the job again: what is cleaned up already is no error.'
  return thrown.with({ message: `${thrown.message}\n${state}`, hint })
}

async function untag(
  { functionId, holdings, deadlineMs }: Extract<Plan, { kind: 'tags' }> & { deadlineMs: number },
  { cloud, progress }: WorkDeps<CleanupFacts>,
): Promise<void> {
  const tags: Holding[] = []
  try {
    for (const { tag, versionId: holder } of holdings) {
      const versionId = await removeHeld({ tag, versionId: holder, functionId, deadlineMs }, cloud)
      tags.push({ tag, versionId })
      if (versionId !== undefined) progress.record('untagged', { tag, versionId })
    }
  } finally {
    // Also after a failure: what is removed is removed.
    progress.record('result', { tags, isDeleted: false })
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
      if (!isRefusedAs(error, OUTDATED) || moves === MAX_MOVES) throw error
      const now = await getVersionByTag({ functionId, tag }, cloud)
      // Where nothing has moved, the refusal has another reason.
      if (now?.id === holder) throw error
      holder = now?.id
    }
  }
  return undefined
}

/** Resolves to whether this run has deleted the function: another one may have been faster. */
async function ensureDeleted(
  { functionId, deadlineMs }: { functionId: string; deadlineMs: number },
  cloud: Cloud,
): Promise<boolean> {
  let isOurs = false
  const onUnanswered = (): void => {
    isOurs = true
  }
  try {
    await deleteFunction({ functionId, deadlineMs, onUnanswered }, cloud)
    return true
  } catch (error) {
    if (!isRefusedAs(error, OUTDATED)) throw error
    const now = await findExisting({ kind: 'id', functionId }, cloud)
    if (now && now.status !== 'DELETING') throw error
    // Where only the look at the operation is refused, the deletion itself was accepted.
    isOurs ||= error instanceof ApiError && error.service === 'operation'
    if (!isOurs) cloud.log('The function is gone already')
    return isOurs
  }
}

/** Refusals that come when something has changed since it was read. */
const OUTDATED: readonly GrpcCode[] = ['NOT_FOUND', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT']
