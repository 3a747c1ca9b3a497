/** Brings the cloud to what a plan says: the function, then a new version or none, then tags, access and scaling. */

import type { Inputs } from '../inputs/inputs.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { ensureFunction } from './function.ts'
import type { LiveVersion } from './plan/plan.ts'
import { whyNotSkipped } from './plan/shortcuts.ts'
import type { DeployDeps, Preparation } from './prepare.ts'
import { publish } from './publish.ts'
import { expose } from './exposure/expose.ts'
import { release } from './release/release.ts'

/** Records each thing as soon as it is done. Throws DeployError. */
export async function apply(
  { inputs, prepared }: { inputs: Inputs; prepared: Preparation },
  deps: DeployDeps,
): Promise<void> {
  const { cloud, progress } = deps
  const { target: found, latest } = prepared
  const { function: wanted, wait } = inputs
  const ensured = await ensureFunction({ found, inputs: wanted, wait }, cloud)
  const { id: functionId } = progress.record('function', ensured).function
  const deployment = { inputs, prepared, functionId }
  const unchanged = inputs.release.skipUnchanged ? unchangedVersion(prepared, cloud) : undefined
  progress.record('skipped', unchanged !== undefined)
  if (unchanged) {
    progress.record('version', { id: unchanged.id, isReady: true })
    // A version that failed its check may have stayed there.
    if (latest && latest.id !== unchanged.id) {
      const message = `No version was created, and $latest is another one than that of the tags: callers without a tag get the version ${latest.id}.`
      progress.record('notice', { title: 'Unchanged', message })
    }
  } else await publish(deployment, deps)
  await release(deployment, deps)
  await expose(deployment, deps)
}

/** The live version, if it is what the step asks for. */
function unchangedVersion({ plan }: Preparation, { log }: Cloud): LiveVersion | undefined {
  const reason = whyNotSkipped(plan)
  if (reason === undefined) return plan.live
  log(`A version is created, since ${reason}`)
  return undefined
}
