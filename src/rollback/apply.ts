/** Carries a rollback out: tags are moved, or a copy of an older version is made. */

import { finishBuild, startBuild } from '../deploy/build.ts'
import { copyOf } from '../deploy/release/copy.ts'
import type { RunContext } from '../ports.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { explainCopyFailure } from './failure.ts'
import type { RollbackProgress } from './facts.ts'
import type { RollbackInputs } from './inputs.ts'
import { isMove, type Copying, type Plan } from './plan.ts'
import { moveTags } from './tags.ts'

export interface ApplyDeps {
  readonly cloud: Cloud
  readonly context: RunContext
  readonly progress: RollbackProgress
}

/** Throws DeployError; tags that were moved before the failure are put back then. */
export async function apply(
  { functionId, plan, inputs }: { functionId: string; plan: Plan; inputs: RollbackInputs },
  deps: ApplyDeps,
): Promise<void> {
  if (plan.kind === 'latest') {
    await copy({ plan, inputs }, deps)
    return
  }
  const { cloud, progress } = deps
  const { moves } = plan
  const { waitSeconds } = inputs
  const [first] = moves
  await moveTags({ functionId, moves: moves.filter(isMove), waitSeconds }, { cloud, progress })
  progress.record('live', {
    versionId: first.to.id,
    previousId: isMove(first) ? first.from?.id : undefined,
  })
}

async function copy(
  { plan: { from, to, isLive }, inputs }: { plan: Copying; inputs: RollbackInputs },
  { cloud, context, progress }: ApplyDeps,
): Promise<void> {
  if (isLive) {
    progress.record('live', { versionId: from.id, previousId: undefined })
    return
  }
  const { request, plain } = copyOf({ version: to, runId: context.runId })
  const wait = { untilReady: true, timeoutSeconds: inputs.waitSeconds }
  try {
    const build = progress.record('build', await startBuild({ request, plain, wait }, cloud))
    const { id } = await finishBuild({ build, wait }, cloud)
    progress.record('live', { versionId: id, previousId: from.id })
  } catch (thrown) {
    throw await explainCopyFailure(thrown, { known: progress.known, cloud })
  }
}
