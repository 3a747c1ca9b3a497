/** The story of a deployment. */

import { apply } from './deploy/apply.ts'
import { connect, type ConnectDeps } from './deploy/connect.ts'
import { explainFailure } from './deploy/failure.ts'
import { prepare, prepareAlone } from './deploy/prepare.ts'
import { Progress } from './deploy/progress.ts'
import { maskCredentials } from './inputs/credentials.ts'
import { parseInputs, readSubject, type Inputs } from './inputs/inputs.ts'
import type { RawInputs } from './inputs/reader.ts'
import { Report, type ReportDeps } from './report/report.ts'
import type { Cloud } from './yandex/cloud.ts'

/** Everything that a deployment takes from the world. */
export type World = Omit<ConnectDeps, 'log'> & ReportDeps

/** Deploys and reports; resolves to the exit code, whatever happens. */
export async function main(raw: RawInputs, world: World): Promise<0 | 1> {
  const report = new Report(world)
  const progress = new Progress((fact) => {
    report.tell(fact)
  })
  try {
    maskCredentials(raw, world.runner)
    const subject = readSubject(raw)
    if (subject) progress.record('subject', subject)
    const inputs = progress.record('inputs', parseInputs(raw, world.runner.context))
    const log = (message: string): void => {
      report.log(message)
    }
    const connection = connect(inputs, { ...world, log })
    if (connection) {
      const { cloud, close } = connection
      await deploy(inputs, { ...world, cloud, progress }).finally(close)
    } else await planAlone(inputs, { ...world, progress })
    await report.succeeded(progress.known)
    return 0
  } catch (error) {
    await report.failed(error, progress.known)
    return 1
  }
}

async function planAlone(inputs: Inputs, deps: World & { progress: Progress }): Promise<void> {
  const { packed, plan } = await prepareAlone(inputs, { ...deps, context: deps.runner.context })
  if (packed) deps.progress.record('package', packed)
  deps.progress.record('plan', plan)
}

async function deploy(
  inputs: Inputs,
  { cloud, progress, runner }: World & { cloud: Cloud; progress: Progress },
): Promise<void> {
  const prepared = await prepare(inputs, { cloud, context: runner.context })
  const { target, code, plan, warnings } = prepared
  progress.record('warnings', warnings)
  if (code.kind !== 'version') progress.record('package', code.packed)
  const { isDryRun } = inputs.release
  if (isDryRun && target.function) {
    progress.record('function', { function: target.function, origin: 'found' })
  }
  progress.record('plan', plan)
  if (isDryRun) return
  if (plan.live) progress.record('previous', plan.live)

  // From here on the cloud is changed; progress tells how far it came.
  try {
    await apply({ inputs, prepared }, { cloud, progress, context: runner.context })
  } catch (thrown) {
    const { folderId } = target
    throw await explainFailure(thrown, { known: { ...progress.known, inputs }, folderId, cloud })
  }
}
