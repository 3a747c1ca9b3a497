/** The story of a rollback. */

import { openConnection, type ConnectDeps } from '../deploy/connect.ts'
import { getExisting } from '../deploy/function.ts'
import { Progress } from '../deploy/progress.ts'
import { maskCredentials } from '../inputs/credentials.ts'
import type { RawInputs } from '../inputs/reader.ts'
import { apply, type ApplyDeps } from './apply.ts'
import type { RollbackFacts } from './facts.ts'
import { parseRollback, type RollbackInputs } from './inputs.ts'
import { RollbackReport } from './report.ts'
import { findTargets } from './targets.ts'

/** Everything that a rollback takes from the world. */
export type World = Omit<ConnectDeps, 'log'>

/** Rolls back and reports; resolves to the exit code, whatever happens. */
export async function main(raw: RawInputs, world: World): Promise<0 | 1> {
  const { runner } = world
  const report = new RollbackReport(world)
  const progress = new Progress<RollbackFacts>((fact) => {
    report.tell(fact)
  })
  try {
    maskCredentials(raw, runner)
    const inputs = progress.record('inputs', parseRollback(raw))
    const log = (message: string): void => {
      report.log(message)
    }
    const { cloud, close } = openConnection(inputs, { ...world, log })
    await rollBack(inputs, { cloud, progress, context: runner.context }).finally(close)
    await report.succeeded(progress.known)
    return 0
  } catch (error) {
    await report.failed(error, progress.known)
    return 1
  }
}

async function rollBack(inputs: RollbackInputs, deps: ApplyDeps): Promise<void> {
  const { cloud, progress } = deps
  const target = progress.record('function', await getExisting(inputs.target, cloud))
  const plan = progress.record('plan', await findTargets({ ...inputs, function: target }, cloud))
  // From here on the cloud is changed.
  if (!inputs.isDryRun) await apply({ functionId: target.id, plan, inputs }, deps)
}
