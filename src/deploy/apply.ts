/** Brings the cloud to what a plan says: the function, then a new version or none, then tags, access and scaling. */

import type { Inputs } from '../inputs/inputs.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { ensureFunction } from './function.ts'
import type { LiveVersion } from './plan/plan.ts'
import { canSkip } from './plan/shortcuts.ts'
import type { Preparation } from './prepare.ts'
import { publish, type PublishDeps } from './publish.ts'
import { expose } from './exposure/expose.ts'
import { release } from './release/release.ts'

/** Records each thing as soon as it is done. Throws DeployError. */
export async function apply(
  { inputs, prepared }: { inputs: Inputs; prepared: Preparation },
  deps: PublishDeps,
): Promise<void> {
  const { cloud, progress } = deps
  const { target } = prepared
  const { function: wanted, wait } = inputs
  const ensured = await ensureFunction({ found: target, inputs: wanted, wait }, cloud)
  const { id: functionId } = progress.record('function', ensured).function
  const unchanged = inputs.release.skipUnchanged ? unchangedVersion(prepared, cloud) : undefined
  progress.record('skipped', unchanged !== undefined)
  if (unchanged) {
    progress.record('version', { id: unchanged.id, isReady: true })
    const { latest } = prepared
    if (latest && latest.id !== unchanged.id) progress.record('notice', latestIsOther(latest.id))
  } else await publish({ inputs, prepared, functionId }, deps)
  await release({ inputs, prepared }, deps)
  await expose({ inputs, prepared, functionId }, deps)
}

/** A version that failed its check may have stayed there. */
function latestIsOther(versionId: string): { title: string; message: string } {
  return {
    title: 'Unchanged',
    message: `No version was created, and $latest is another one than that of the tags: callers without a tag get the version ${versionId}.`,
  }
}

/** The live version, if it is what the step asks for. */
function unchangedVersion({ plan }: Preparation, { log }: Cloud): LiveVersion | undefined {
  const decision = canSkip(plan)
  if (decision.isPossible) return plan.live
  log(`A version is created, since ${decision.reason}`)
  return undefined
}
