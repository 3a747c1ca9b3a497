/** The build of a version: started, and waited for when the step says so. */

import type { WaitInputs } from '../inputs/inputs.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { createVersion, versionIdOf } from '../yandex/functions/create-version.ts'
import { BUILD, type Operation } from '../yandex/functions/operation.ts'
import { waitForOperation } from '../yandex/functions/operations.ts'
import type { CreateVersionRequest } from '../yandex/functions/version-request.ts'
import { ApiError } from '../yandex/http/api-error.ts'

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

/** What to build, and how long to wait. */
export interface BuildRequest {
  readonly request: CreateVersionRequest
  /** The description to fall back on, since regions may be behind in what they take. */
  readonly plain: string | undefined
  readonly wait: WaitInputs
}

/** Throws ApiError. */
export async function startBuild(
  { request, plain, wait }: BuildRequest,
  cloud: Cloud,
): Promise<Build> {
  const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000
  const start = async (description: string): Promise<Build> => ({
    operation: await createVersion({ request: { ...request, description }, deadlineMs }, cloud),
    deadlineMs,
    hides: Object.values(request.environment ?? {}),
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
export async function finishBuild(
  { build, wait }: { build: Build; wait: WaitInputs },
  cloud: Cloud,
): Promise<DeployedVersion> {
  const { operation, ...rest } = build
  // A build that has ended is looked at even when nobody waits: it may have failed.
  const isOver = operation.done || operation.error !== undefined
  const ended =
    wait.untilReady || isOver
      ? await waitForOperation({ operation, wait: { what: BUILD, ...rest } }, cloud)
      : operation
  return { id: versionIdOf(ended), isReady: ended.done }
}
