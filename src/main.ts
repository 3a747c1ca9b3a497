/** The story of a deployment. */

import { connect, type ConnectDeps } from './deploy/connect.ts'
import { explainFailure } from './deploy/failure.ts'
import { ensureFunction, folderOf } from './deploy/function.ts'
import { prepare } from './deploy/prepare.ts'
import { Progress } from './deploy/progress.ts'
import { finishBuild, startBuild } from './deploy/publish.ts'
import { versionRequest } from './deploy/request.ts'
import { uploadCode } from './deploy/upload.ts'
import { maskCredentials } from './inputs/credentials.ts'
import { parseInputs, type Inputs } from './inputs/inputs.ts'
import type { RawInputs } from './inputs/reader.ts'
import { Report } from './report/report.ts'
import type { Cloud } from './yandex/cloud.ts'

/** Everything that a deployment takes from the world. */
export type World = ConnectDeps

/** Deploys and reports; resolves to the exit code, whatever happens. */
export async function main(raw: RawInputs, world: World): Promise<0 | 1> {
  const report = new Report(world)
  const progress = new Progress((fact) => {
    report.tell(fact)
  })
  try {
    maskCredentials(raw, world.runner)
    const inputs = progress.record('inputs', parseInputs(raw, world.runner.context))
    const { cloud, close } = connect(inputs, world)
    await deploy(inputs, { ...world, cloud, progress }).finally(close)
    await report.succeeded(progress.known)
    return 0
  } catch (error) {
    await report.failed(error, progress.known)
    return 1
  }
}

async function deploy(
  inputs: Inputs,
  { cloud, progress, runner }: World & { cloud: Cloud; progress: Progress },
): Promise<void> {
  const { settings, wait } = inputs
  const { target, names, code, warnings } = await prepare(inputs, {
    cloud,
    context: runner.context,
  })
  progress.record('warnings', warnings)
  if (code.kind !== 'version') progress.record('package', code.packed)

  // From here on the cloud is changed; progress tells how far it came.
  try {
    const ensured = await ensureFunction({ found: target, inputs: inputs.function, wait }, cloud)
    const { id: functionId } = progress.record('function', ensured).function
    const uploaded = progress.record('code', await uploadCode({ code, functionId }, cloud))
    const request = versionRequest({ functionId, settings, names, code: uploaded })
    const build = progress.record('build', await startBuild({ request, wait }, cloud))
    progress.record('version', await finishBuild({ build, wait }, cloud))
  } catch (thrown) {
    const folderId = folderOf(target)
    throw await explainFailure(thrown, { known: { ...progress.known, inputs }, folderId, cloud })
  }
}
