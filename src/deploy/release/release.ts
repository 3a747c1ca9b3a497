/** From a version that is ready to the one that callers get: its check, then its tags, and the way back. */

import { DeployError } from '../../errors.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { setTag } from '../../yandex/functions/tags.ts'
import { getVersionByTag } from '../../yandex/functions/versions.ts'
import type { DeployDeps, Deployment } from '../prepare.ts'
import { checkFailed, promotionFailed, releaseCancelled } from './account.ts'
import { runCheck, type CheckEnd } from './check.ts'
import { afterAbort, GRACE_MS } from './grace.ts'
import { readPointers, type Pointer } from './pointers.ts'
import { promote } from './promote.ts'
import type { Checking, Released } from './released.ts'
import { restoreLatest } from './restore.ts'
import { tagsAfterBuild, tagsInvolved } from './tags.ts'

/**
 * Checks the version and moves the tags, as far as the step wants it; nothing without a version that is ready. Records
 * each thing as soon as it is done. Throws DeployError CHECK_FAILED, PROMOTION_FAILED and CANCELLED with an account of
 * what points where.
 */
export async function release(
  { inputs, prepared: { plan, latest } }: Deployment,
  deps: DeployDeps,
): Promise<void> {
  const { version, function: target, skipped = false } = deps.progress.known
  if (!version?.isReady || !target) return
  const { check } = inputs.release
  const tags = skipped ? plan.tagsToMove : tagsAfterBuild(inputs)
  // A version that was found live with the tags of the step has them from a release; without tags nothing tells.
  const isReleased = skipped && inputs.settings.tags.length > 0
  if (tags.length === 0 && (isReleased || !check)) return
  const released: Released = {
    inputs,
    function: target.function,
    versionId: version.id,
    origin: skipped ? 'live' : 'created',
    liveId: plan.live?.id,
    former: latest,
  }
  if (check) await checkVersion({ released, check }, deps)
  if (tags.length > 0) await moveTags({ released, tags }, deps)
}

async function checkVersion(checking: Checking, deps: DeployDeps): Promise<void> {
  const { released } = checking
  const { cloud, progress } = deps
  let end: CheckEnd
  try {
    if (released.origin === 'live') await giveTag(checking, cloud)
    end = await runCheck(checking, cloud)
  } catch (thrown) {
    if (!isCancellation(thrown)) throw thrown
    const pointers = await pointersOf(released, deps)
    throw releaseCancelled(released, { thrown, phase: 'the check', pointers })
  }
  progress.record('checked', end)
  if (end.kind === 'passed') {
    if (!end.isProven) {
      cloud.log('The answer did not say which version it is from; its tag is on it')
    }
    return
  }
  const latest = await restoreLatest(checking, deps)
  if (latest.kind === 'restored') progress.record('restored', latest)
  const pointers = await pointersOf(released, deps)
  if (latest.kind !== 'failed' || !isCancellation(latest.cause)) {
    throw checkFailed(released, { end, latest, pointers })
  }
  const phase = 'the restoring of `$latest` after a failed check'
  throw releaseCancelled(released, { thrown: latest.cause, phase, pointers, latest })
}

/** A version that was found live does not have the tag of the check yet, unless an earlier run gave it. */
async function giveTag({ released, check: { tag } }: Checking, cloud: Cloud): Promise<void> {
  const { versionId, function: target, inputs } = released
  const holder = await getVersionByTag({ functionId: target.id, tag }, cloud)
  if (holder?.id === versionId) return
  const deadlineMs = cloud.clock.now() + inputs.wait.timeoutSeconds * 1000
  const patient = cloud.withSignal(afterAbort(cloud.signal, GRACE_MS.change))
  await setTag({ versionId, tag, deadlineMs }, patient)
  cloud.log(`Tag ${tag}: moved to the version ${versionId}, to call it`)
}

async function moveTags(
  { released, tags }: { released: Released; tags: readonly string[] },
  deps: DeployDeps,
): Promise<void> {
  const { cloud, progress } = deps
  const { inputs, versionId } = released
  const end = await promote({ released, tags }, cloud)
  if (end.kind === 'promoted') {
    // Another run may have moved the first tag after the plan was made.
    const [first] = inputs.settings.tags
    const former = end.moves.find(({ tag }) => tag === first)?.fromId
    if (former !== undefined) progress.record('previous', { id: former })
    progress.record('promotion', { versionId, moves: end.moves })
    return
  }
  const pointers = await pointersOf(released, deps)
  const { cause: thrown, undone } = end
  if (!isCancellation(thrown)) throw promotionFailed(released, { end, pointers })
  throw releaseCancelled(released, { thrown, phase: 'the move of the tags', undone, pointers })
}

function pointersOf(
  { inputs, function: target }: Released,
  { cloud }: DeployDeps,
): Promise<readonly Pointer[]> {
  return readPointers({ functionId: target.id, tags: tagsInvolved(inputs) }, cloud)
}

function isCancellation(thrown: unknown): thrown is DeployError {
  return thrown instanceof DeployError && thrown.code === 'CANCELLED'
}
