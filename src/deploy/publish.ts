/** The version itself: its build is started, and waited for when the step says so. */

import type { Inputs, WaitInputs } from '../inputs/inputs.ts'
import type { VersionSettings } from '../inputs/version.ts'
import type { RunContext } from '../ports.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { createVersion, versionIdOf } from '../yandex/functions/create-version.ts'
import { OperationError, type Operation } from '../yandex/functions/operation.ts'
import { waitForOperation } from '../yandex/functions/operations.ts'
import type { CreateVersionRequest } from '../yandex/functions/version-request.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import { describeVersion, type Fingerprint } from './fingerprint.ts'
import { canReuseCode } from './plan/shortcuts.ts'
import type { Preparation } from './prepare.ts'
import type { Progress } from './progress.ts'
import { versionRequest } from './request.ts'
import { uploadCode, type UploadedCode } from './upload.ts'

/** A request for a version that the cloud has accepted. */
export interface Build {
  readonly operation: Operation
  /** When `wait-timeout` ends, on the clock of the run. */
  readonly deadlineMs: number
}

/** The version that a run created, or found to be what is asked for. */
export interface DeployedVersion {
  readonly id: string
  /** False when the run ends before the build does. */
  readonly isReady: boolean
}

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
    settings: { ...settings, description },
    names: prepared.names,
    code,
  })
  const plain = isMarked ? settings.description : undefined
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

interface BuildRequest {
  readonly request: CreateVersionRequest
  /** The description to fall back on, since regions may be behind in what they take. */
  readonly plain: string | undefined
  readonly wait: WaitInputs
}

async function startBuild({ request, plain, wait }: BuildRequest, cloud: Cloud): Promise<Build> {
  const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000
  const start = async (description: string): Promise<Build> => ({
    operation: await createVersion({ request: { ...request, description }, deadlineMs }, cloud),
    deadlineMs,
  })
  try {
    return await start(request.description)
  } catch (error) {
    if (plain === undefined || !refusesDescription(error)) throw error
    cloud.log(`Trying again without the fingerprint in the description: ${error.message}`)
    return start(plain)
  }
}

function refusesDescription(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    error.grpcCode === 'INVALID_ARGUMENT' &&
    /description/i.test(error.message)
  )
}

/** Throws OperationError when the build fails, and DeployError OPERATION_TIMEOUT. */
async function finishBuild(
  { build, wait }: { build: Build; wait: WaitInputs },
  cloud: Cloud,
): Promise<DeployedVersion> {
  const { operation, deadlineMs } = build
  // A build that has ended is looked at even when nobody waits: it may have failed.
  const isOver = operation.done || operation.error !== undefined
  const ended =
    wait.untilReady || isOver
      ? await waitForOperation(
          { operation, wait: { what: 'the build of the version', deadlineMs } },
          cloud,
        )
      : operation
  return { id: versionIdOf(ended), isReady: ended.done }
}
