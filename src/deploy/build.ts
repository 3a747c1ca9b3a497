/** The build of a version: started, and waited for when the step says so. */

import type { WaitInputs } from '../inputs/inputs.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { BUILD, isRefusedAs, type Operation } from '../yandex/functions/operation.ts'
import { waitForOperation } from '../yandex/functions/operations.ts'
import { createVersion, versionIdOf } from '../yandex/functions/versions.ts'
import type { CreateVersionRequest } from '../yandex/functions/version-request.ts'

/** A request for a version that the cloud has accepted. */
export interface Build {
  readonly operation: Operation
  /** When `wait-timeout` ends, on the clock of the run. */
  readonly deadlineMs: number
  /** Values of the environment, which the error of a failed build may repeat. */
  readonly hides?: readonly string[]
}

/** The version that a run created, or found to be what is asked for. */
export interface DeployedVersion {
  readonly id: string
  /** False when the run ends before the build does. */
  readonly isReady: boolean
}

/** `plain` is the description to fall back on, since regions may be behind in what they take. Throws ApiError. */
export async function startBuild(
  wanted: { request: CreateVersionRequest; plain: string | undefined; wait: WaitInputs },
  cloud: Cloud,
): Promise<Build> {
  const { request, plain, wait } = wanted
  const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000
  const start = async (description: string): Promise<Build> => ({
    operation: await createVersion({ request: { ...request, description }, deadlineMs }, cloud),
    deadlineMs,
    hides: Object.values(request.environment ?? {}),
  })
  return start(request.description).catch((error: unknown) => {
    const isAboutIt = isRefusedAs(error, ['INVALID_ARGUMENT']) && /description/i.test(error.message)
    if (plain === undefined || !isAboutIt) throw error
    cloud.log(`Trying again without the fingerprint in the description: ${error.message}`)
    return start(plain)
  })
}

/** Throws OperationError when the build fails, and DeployError OPERATION_TIMEOUT. */
export async function finishBuild(
  { build, wait }: { build: Build; wait: WaitInputs },
  cloud: Cloud,
): Promise<DeployedVersion> {
  const { operation } = build
  // A build that has ended is looked at even when nobody waits: it may have failed.
  const isOver = operation.done || operation.error !== undefined
  const ended =
    wait.untilReady || isOver ? await waitForOperation({ ...build, what: BUILD }, cloud) : operation
  return { id: versionIdOf(ended), isReady: ended.done }
}
