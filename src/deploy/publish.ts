/** A new version: of which code it is made, and how it is described. */

import type { RunContext } from '../ports.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { isRefusedAs } from '../yandex/functions/operation.ts'
import { finishBuild, startBuild } from './build.ts'
import { describeVersion, withoutFingerprint, type Fingerprint } from './plan/fingerprint.ts'
import { whyNotReused } from './plan/shortcuts.ts'
import type { DeployDeps, Deployment, Preparation } from './prepare.ts'
import { tagsAtCreation } from './release/tags.ts'
import { versionRequest } from './request.ts'
import { uploadCode, type UploadedCode } from './code.ts'

/** Creates the version, of the live version's code where that is wanted and enough. Throws DeployError. */
export async function publish(deployment: Deployment, deps: DeployDeps): Promise<void> {
  const { inputs, prepared, functionId } = deployment
  const { cloud, progress } = deps
  const reused = inputs.release.reuseCode ? reusableCode(prepared, cloud) : undefined
  if (reused) {
    try {
      await createFrom(reused, { deployment, ...deps })
      return
    } catch (error) {
      // The service may find out at once that a version's code is gone, or only in the build.
      if (!isRefusedAs(error, ['NOT_FOUND', 'FAILED_PRECONDITION'])) throw error
      progress.forget('code', 'build')
      const message = `The code of the version ${reused.versionId} could not be taken again, so the package was sent: ${error.message}`
      progress.record('notice', { title: 'Code', message })
    }
  }
  const code = await uploadCode({ code: prepared.code, functionId }, cloud)
  await createFrom(code, { deployment, ...deps })
}

function reusableCode(
  { plan }: Preparation,
  { log }: Cloud,
): Extract<UploadedCode, { kind: 'version' }> | undefined {
  const reason = whyNotReused(plan)
  if (reason === undefined && plan.live) {
    return { kind: 'version', versionId: plan.live.id, sha256: plan.live.sha256 }
  }
  log(`The code of the live version is not reused: ${reason ?? ''}`)
  return undefined
}

async function createFrom(
  code: UploadedCode,
  { deployment, cloud, progress, context }: DeployDeps & { deployment: Deployment },
): Promise<void> {
  const { inputs, prepared, functionId } = deployment
  const { settings, wait } = inputs
  progress.record('code', code)
  const { description, isMarked } = describeVersion(
    { text: settings.description, isOwn: settings.hasOwnDescription },
    fingerprintOf(code, context),
  )
  if (!isMarked) progress.record('notice', NO_ROOM)
  const request = versionRequest({
    functionId,
    settings: { ...settings, description, tags: tagsAtCreation(inputs) },
    names: prepared.names,
    code,
  })
  const plain = isMarked ? withoutFingerprint(settings.description) : undefined
  const build = progress.record('build', await startBuild({ request, plain, wait }, cloud))
  progress.record('version', await finishBuild({ build, wait }, cloud))
}

const NO_ROOM = {
  title: 'Description',
  message:
    '`description` leaves no room for the fingerprint of the package, so a later plan cannot tell what this version runs. Shorten it by 120 characters.',
}

function fingerprintOf(code: UploadedCode, { runId = 'unknown' }: RunContext): Fingerprint {
  return {
    sha256: code.kind === 'inline' ? code.packed.archive.sha256 : code.sha256,
    runId,
    fromVersionId: code.kind === 'version' ? code.versionId : undefined,
  }
}
