/** The action that rolls back, as a story. */

import { getExisting } from '../deploy/function.ts'
import { storyOf, type WorkDeps } from '../sub-action/story.ts'
import { apply } from './apply.ts'
import type { RollbackFacts } from './facts.ts'
import { parseRollback, type RollbackInputs } from './inputs.ts'
import { findTargets } from './targets.ts'
import { sumUp, tell } from './words.ts'

/** Rolls back and reports. */
export const main = storyOf({
  name: 'rollback',
  noun: 'rollback',
  parse: parseRollback,
  work: rollBack,
  tell,
  sumUp,
})

async function rollBack(inputs: RollbackInputs, deps: WorkDeps<RollbackFacts>): Promise<void> {
  const { isDryRun, waitSeconds } = inputs
  const { cloud, progress } = deps
  const target = progress.record('function', await getExisting(inputs.target, cloud))
  const plan = progress.record('plan', await findTargets({ ...inputs, function: target }, cloud))
  if (isDryRun) return
  // From here on the cloud is changed.
  progress.record('live', await apply({ functionId: target.id, plan, waitSeconds }, deps))
}
