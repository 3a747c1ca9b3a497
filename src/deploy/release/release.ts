/** From a version that is ready to the one that callers get: its check, then its tags, and the way back. */

import type { Inputs } from '../../inputs/inputs.ts'
import type { CheckInputs } from '../../inputs/release/check.ts'
import { DeployError } from '../../errors.ts'
import { setTag } from '../../yandex/functions/tags.ts'
import { getVersionByTag } from '../../yandex/functions/versions.ts'
import type { Preparation } from '../prepare.ts'
import type { PublishDeps } from '../publish.ts'
import { checkFailed, promotionFailed, releaseCancelled } from './account.ts'
import { runCheck, type CheckEnd } from './check.ts'
import { afterAbort, GRACE_MS } from './grace.ts'
import type { Latest, Released } from './lines.ts'
import { readPointers, type Pointer } from './pointers.ts'
import { promote } from './promote.ts'
import { restoreLatest } from './restore.ts'
import { tagsAfterBuild, tagsInvolved } from './tags.ts'

interface Step {
  readonly released: Released
  readonly prepared: Preparation
  readonly deps: PublishDeps
}

/**
 * Checks the version and moves the tags, as far as the step wants it; nothing without a version that is ready. Records
 * each thing as soon as it is done. Throws DeployError CHECK_FAILED, PROMOTION_FAILED and CANCELLED with an account of
 * what points where.
 */
export async function release(
  { inputs, prepared }: { inputs: Inputs; prepared: Preparation },
  deps: PublishDeps,
): Promise<void> {
  const { version, function: target, skipped = false } = deps.progress.known
  if (!version?.isReady || !target) return
  const { check } = inputs.release
  const tags = skipped ? prepared.plan.tagsToMove : tagsAfterBuild(inputs)
  // A version that was found live with the tags of the step has them from a release; without tags nothing tells.
  const isReleased = skipped && inputs.settings.tags.length > 0
  if (tags.length === 0 && (isReleased || !check)) return
  const released: Released = {
    inputs,
    function: target.function,
    versionId: version.id,
    origin: skipped ? 'live' : 'created',
    before: { liveId: prepared.plan.live?.id, latestId: prepared.latest?.id },
  }
  const step = { released, prepared, deps }
  if (check) await checkVersion(check, step)
  if (tags.length > 0) await moveTags(tags, step)
}

async function checkVersion(check: CheckInputs, step: Step): Promise<void> {
  const { released, deps } = step
  const { cloud, progress } = deps
  const end = await reachEnd(check, step).catch(async (thrown: unknown) => {
    if (!isCancellation(thrown)) throw thrown
    const pointers = await pointersOf(step)
    throw releaseCancelled(released, { thrown, phase: 'the check', undone: [], pointers })
  })
  progress.record('checked', end)
  if (end.kind === 'passed') {
    if (!end.isProven) {
      cloud.log('The answer did not say which version it is from; its tag is on it')
    }
    return
  }
  const latest = await restore(step)
  const pointers = await pointersOf(step)
  if (latest.kind !== 'failed' || !isCancellation(latest.cause)) {
    throw checkFailed(released, { end, latest, pointers })
  }
  const phase = 'the restoring of `$latest` after a failed check'
  const thrown = latest.cause
  throw releaseCancelled(released, { thrown, phase, undone: [], pointers, latest })
}

async function reachEnd(check: CheckInputs, { released, prepared, deps }: Step): Promise<CheckEnd> {
  const { cloud } = deps
  const { inputs, versionId, function: target } = released
  const { id: functionId, httpInvokeUrl } = target
  if (released.origin === 'live') await giveTag(check.tag, { released, deps })
  const { timeoutSeconds: executionSeconds, environment } = inputs.settings
  const hides = Object.values(environment.variables)
  const formerAt = prepared.latest?.createdAt
  return runCheck(
    { check, functionId, versionId, httpInvokeUrl, executionSeconds, formerAt, hides },
    cloud,
  )
}

/** A version that was found live does not have the tag of the check yet, unless an earlier run gave it. */
async function giveTag(
  tag: string,
  { released, deps: { cloud } }: Pick<Step, 'released' | 'deps'>,
): Promise<void> {
  const { versionId, function: target, inputs } = released
  const holder = await getVersionByTag({ functionId: target.id, tag }, cloud)
  if (holder?.id === versionId) return
  const deadlineMs = cloud.clock.now() + inputs.wait.timeoutSeconds * 1000
  const patient = cloud.withSignal(afterAbort(cloud.signal, GRACE_MS.change))
  await setTag({ versionId, tag, deadlineMs }, patient)
  cloud.log(`Tag ${tag}: moved to the version ${versionId}, to call it`)
}

async function restore({
  released,
  prepared,
  deps: { cloud, context, progress },
}: Step): Promise<Latest> {
  const { inputs, versionId, function: target } = released
  if (released.origin === 'live') return { kind: 'untouched' }
  const { check } = inputs.release
  if (check?.restoreLatest !== true) return { kind: 'left' }
  const { latest: former } = prepared
  const failed = { functionId: target.id, versionId, former, checkTag: check.tag }
  const latest = await restoreLatest({ ...failed, runId: context.runId, wait: inputs.wait }, cloud)
  if (latest.kind === 'restored') progress.record('restored', latest)
  return latest
}

async function moveTags(tags: readonly string[], step: Step): Promise<void> {
  const { released, deps } = step
  const { cloud, progress } = deps
  const { inputs, versionId, function: target } = released
  const { check, previousTag } = inputs.release
  const end = await promote(
    {
      functionId: target.id,
      versionId,
      tags,
      // A version that was found live by the first of the tags keeps it.
      previousTag: released.origin === 'live' ? undefined : previousTag,
      checkTag: check?.tag,
      waitMs: inputs.wait.timeoutSeconds * 1000,
    },
    cloud,
  )
  if (end.kind === 'promoted') {
    // Another run may have moved the first tag after the plan was made.
    const [first] = inputs.settings.tags
    const former = end.moves.find(({ tag }) => tag === first)?.fromId
    if (former !== undefined) progress.record('previous', { id: former })
    progress.record('promotion', { versionId, moves: end.moves })
    return
  }
  const pointers = await pointersOf(step)
  const { cause: thrown, undone } = end
  if (!isCancellation(thrown)) throw promotionFailed(released, { end, pointers })
  throw releaseCancelled(released, { thrown, phase: 'the move of the tags', undone, pointers })
}

function pointersOf({ released, deps }: Step): Promise<readonly Pointer[]> {
  const tags = tagsInvolved(released.inputs)
  return readPointers({ functionId: released.function.id, tags }, deps.cloud)
}

function isCancellation(thrown: unknown): thrown is DeployError {
  return thrown instanceof DeployError && thrown.code === 'CANCELLED'
}
