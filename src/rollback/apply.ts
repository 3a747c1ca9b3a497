/** Carries a rollback out: tags are moved, or a copy of an older version is made. */

import { finishBuild, startBuild } from '../deploy/build.ts'
import { cancelled, withBuildLog } from '../deploy/failure.ts'
import { copyOf } from '../deploy/release/copy.ts'
import { DeployError } from '../errors.ts'
import type { WorkDeps } from '../sub-action/story.ts'
import { OperationError } from '../yandex/functions/operation.ts'
import { isUncertain, NothingDone } from '../yandex/http/http.ts'
import { isMove, type LiveNow, type Plan, type RollbackFacts } from './facts.ts'
import { moveTags } from './tags.ts'

/** Throws DeployError; tags that were moved before the failure are put back then. */
export async function apply(
  { functionId, plan, waitSeconds }: { functionId: string; plan: Plan; waitSeconds: number },
  deps: WorkDeps<RollbackFacts>,
): Promise<LiveNow> {
  const { cloud, context, progress } = deps
  if (plan.kind === 'tags') {
    const [first] = plan.moves
    await moveTags({ functionId, moves: plan.moves.filter(isMove), waitSeconds }, cloud)
    return { versionId: first.to.id, previousId: isMove(first) ? first.from?.id : undefined }
  }
  const { from, to, isLive } = plan
  if (isLive) return { versionId: from.id, previousId: undefined }
  const wait = { untilReady: true, timeoutSeconds: waitSeconds }
  const asked = { ...copyOf({ version: to, runId: context.runId }), wait }
  try {
    const build = progress.record('build', await startBuild(asked, cloud))
    const { id } = await finishBuild({ build, wait }, cloud)
    return { versionId: id, previousId: from.id }
  } catch (thrown) {
    throw await explain(thrown, { functionId, ...deps })
  }
}

/** What else can be found out or done after a copy failed. */
async function explain(
  thrown: unknown,
  { functionId, cloud, progress }: WorkDeps<RollbackFacts> & { functionId: string },
): Promise<unknown> {
  if (!(thrown instanceof DeployError)) return thrown
  const { build } = progress.known
  if (!build) {
    if (thrown instanceof NothingDone) {
      return thrown.with({ message: `${thrown.message}\nNo copy was created.` })
    }
    if (!isUncertain(thrown)) return thrown
    return thrown.with({
      message: `${thrown.message}\nThe request for a copy was under way: it may be building.`,
      hint: `See \`yc serverless function list-operations ${functionId}\` before you run the job again.`,
      details: { 'function id': functionId, ...thrown.details },
    })
  }
  const { operation, hides = [] } = build
  if (thrown.code === 'CANCELLED') return cancelled({ thrown, operation }, cloud)
  if (thrown instanceof OperationError) return withBuildLog(thrown, { cloud, hides })
  return thrown.with({
    message: `${thrown.message}\nThe copy of the version was accepted and may still become the newest one: look it up with \`yc operation get ${operation.id}\` before you run the job again.`,
    details: { 'operation id': operation.id, ...thrown.details },
  })
}
