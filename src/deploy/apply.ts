/** Brings the cloud to what a plan says: the function, a new version or the tags of the live one, access and scaling. */

import type { Inputs, WaitInputs } from '../inputs/inputs.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { setTag } from '../yandex/functions/tags.ts'
import type { DeployedVersion } from './build.ts'
import { ensureFunction } from './function.ts'
import type { LiveVersion } from './plan/plan.ts'
import { canSkip } from './plan/shortcuts.ts'
import type { Preparation } from './prepare.ts'
import { publish, type PublishDeps } from './publish.ts'
import { expose } from './release/exposure.ts'

/** Records each thing as soon as it is done. Throws DeployError. */
export async function apply(
  { inputs, prepared }: { inputs: Inputs; prepared: Preparation },
  deps: PublishDeps,
): Promise<void> {
  const { cloud, progress } = deps
  const { target, plan } = prepared
  const { function: wanted, wait } = inputs
  const ensured = await ensureFunction({ found: target, inputs: wanted, wait }, cloud)
  const { id: functionId } = progress.record('function', ensured).function
  const unchanged = inputs.release.skipUnchanged ? unchangedVersion(prepared, cloud) : undefined
  progress.record('skipped', unchanged !== undefined)
  if (unchanged) {
    const moved = await moveTags({ live: unchanged, tags: plan.tagsToMove, wait }, cloud)
    progress.record('version', moved)
  } else await publish({ inputs, prepared, functionId }, deps)
  await expose({ inputs, prepared, functionId }, deps)
}

/** The live version, if it is what the step asks for. */
function unchangedVersion({ plan }: Preparation, { log }: Cloud): LiveVersion | undefined {
  const decision = canSkip(plan)
  if (decision.isPossible) return plan.live
  log(`A version is created, since ${decision.reason}`)
  return undefined
}

/** Gives tags to the live version. Throws DeployError. */
async function moveTags(
  { live, tags, wait }: { live: LiveVersion; tags: readonly string[]; wait: WaitInputs },
  cloud: Cloud,
): Promise<DeployedVersion> {
  const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000
  for (const tag of tags) {
    await setTag({ versionId: live.id, tag, deadlineMs }, cloud)
    cloud.log(`Tag ${tag}: moved to the version ${live.id}`)
  }
  return { id: live.id, isReady: true }
}
