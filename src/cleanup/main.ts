/** The action that cleans up, as a story. */

import { findExisting } from '../deploy/function.ts'
import { storyOf, type WorkDeps } from '../sub-action/story.ts'
import { getVersionByTag } from '../yandex/functions/versions.ts'
import { apply } from './apply.ts'
import type { CleanupFacts, Plan } from './facts.ts'
import { parseCleanup, type CleanupInputs } from './inputs.ts'
import { sumUp, tell } from './words.ts'

/** Cleans up and reports. */
export const main = storyOf({
  name: 'cleanup',
  noun: 'clean-up',
  parse: parseCleanup,
  work: cleanUp,
  tell,
  sumUp,
})

async function cleanUp(inputs: CleanupInputs, deps: WorkDeps<CleanupFacts>): Promise<void> {
  const { isDryRun, waitSeconds } = inputs
  const plan = deps.progress.record('plan', await findWork(inputs, deps))
  // From here on the cloud is changed.
  if (!isDryRun) await apply({ plan, waitSeconds }, deps)
}

/** Reads only. Throws ApiError. */
async function findWork(
  { target, work }: CleanupInputs,
  { cloud, progress }: WorkDeps<CleanupFacts>,
): Promise<Plan> {
  const found = await findExisting(target, cloud)
  if (!found) return { kind: 'gone' }
  progress.record('function', found)
  if (work.kind === 'function') {
    return found.status === 'DELETING' ? { kind: 'going' } : { kind: 'function', function: found }
  }
  const holdings = await Promise.all(
    work.tags.map(async (tag) => {
      const holder = await getVersionByTag({ functionId: found.id, tag }, cloud)
      return { tag, versionId: holder?.id }
    }),
  )
  return { kind: 'tags', functionId: found.id, holdings }
}
