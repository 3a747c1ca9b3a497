/** The story of a clean-up. */

import { openConnection, type ConnectDeps } from '../deploy/connect.ts'
import { Progress } from '../deploy/progress.ts'
import { maskCredentials } from '../inputs/credentials.ts'
import type { RawInputs } from '../inputs/reader.ts'
import { apply, type ApplyDeps } from './apply.ts'
import type { CleanupFacts } from './facts.ts'
import { parseCleanup, type CleanupInputs } from './inputs.ts'
import { findWork } from './plan.ts'
import { CleanupReport } from './report.ts'

/** Everything that a clean-up takes from the world. */
export type World = Omit<ConnectDeps, 'log'>

/** Cleans up and reports; resolves to the exit code, whatever happens. */
export async function main(raw: RawInputs, world: World): Promise<0 | 1> {
  const report = new CleanupReport(world)
  const progress = new Progress<CleanupFacts>((fact) => {
    report.tell(fact)
  })
  try {
    maskCredentials(raw, world.runner)
    const inputs = progress.record('inputs', parseCleanup(raw))
    const log = (message: string): void => {
      report.log(message)
    }
    const { cloud, close } = openConnection(inputs, { ...world, log })
    await cleanUp(inputs, { cloud, progress }).finally(close)
    await report.succeeded(progress.known)
    return 0
  } catch (error) {
    await report.failed(error, progress.known)
    return 1
  }
}

async function cleanUp(inputs: CleanupInputs, deps: ApplyDeps): Promise<void> {
  const { isDryRun, waitSeconds } = inputs
  const plan = deps.progress.record('plan', await findWork(inputs, deps))
  // From here on the cloud is changed.
  if (!isDryRun) await apply({ plan, waitSeconds }, deps)
}
