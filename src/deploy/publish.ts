/** A new version: of which code it is made, and how it is described. */

import type { Inputs } from '../inputs/inputs.ts'
import type { VersionSettings } from '../inputs/version.ts'
import type { RunContext } from '../ports.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { OperationError } from '../yandex/functions/operation.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import { finishBuild, startBuild } from './build.ts'
import { describeVersion, withoutFingerprint, type Fingerprint } from './plan/fingerprint.ts'
import { canReuseCode } from './plan/shortcuts.ts'
import type { Preparation } from './prepare.ts'
import type { Progress } from './progress.ts'
import { tagsAtCreation } from './release/tags.ts'
import { versionRequest } from './request.ts'
import { uploadCode, type UploadedCode } from './upload.ts'

/** What a version is made of, and for which function. */
export interface Publication {
  readonly inputs: Inputs
  readonly prepared: Preparation
  readonly functionId: string
}

export interface PublishDeps {
  readonly cloud: Cloud
  readonly context: RunContext
  readonly progress: Progress
}

/** Creates the version, of the live version's code where that is wanted and enough. Throws DeployError. */
export async function publish(publication: Publication, deps: PublishDeps): Promise<void> {
  const { inputs, prepared, functionId } = publication
  const { cloud, progress } = deps
  const reused = inputs.release.reuseCode ? reusableCode(prepared, cloud) : undefined
  if (reused) {
    try {
      await createFrom(reused, { publication, ...deps })
      return
    } catch (error) {
      if (!isGone(error)) throw error
      progress.forget('code', 'build')
      const message = `The code of the version ${reused.versionId} could not be taken again, so the package was sent: ${error.message}`
      progress.record('notice', { title: 'Code', message })
    }
  }
  await createFrom(await uploadCode({ code: prepared.code, functionId }, cloud), {
    publication,
    ...deps,
  })
}

type VersionCode = Extract<UploadedCode, { kind: 'version' }>

function reusableCode({ plan }: Preparation, { log }: Cloud): VersionCode | undefined {
  const decision = canReuseCode(plan)
  if (decision.isPossible && plan.live) {
    return { kind: 'version', versionId: plan.live.id, sha256: plan.live.sha256 }
  }
  if (!decision.isPossible) log(`The code of the live version is not reused: ${decision.reason}`)
  return undefined
}

/** The service may find out at once that a version's code is gone, or only in the build. */
function isGone(error: unknown): error is ApiError | OperationError {
  return (
    (error instanceof ApiError || error instanceof OperationError) &&
    ['NOT_FOUND', 'FAILED_PRECONDITION'].includes(error.grpcCode ?? '')
  )
}

async function createFrom(
  code: UploadedCode,
  { publication, cloud, progress, context }: PublishDeps & { publication: Publication },
): Promise<void> {
  const { inputs, prepared, functionId } = publication
  const { settings, wait } = inputs
  progress.record('code', code)
  const { description, isMarked } = describe(settings, fingerprintOf(code, context))
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

function describe(
  { description: text, hasOwnDescription: isOwn }: VersionSettings,
  fingerprint: Fingerprint,
): { description: string; isMarked: boolean } {
  return describeVersion({ text, isOwn }, fingerprint)
}

function fingerprintOf(code: UploadedCode, { runId = 'unknown' }: RunContext): Fingerprint {
  switch (code.kind) {
    case 'version':
      return { sha256: code.sha256, runId, fromVersionId: code.versionId }
    case 'inline':
      return { sha256: code.packed.archive.sha256, runId, fromVersionId: undefined }
    case 'bucket':
      return { sha256: code.sha256, runId, fromVersionId: undefined }
  }
}
