/** The version itself: its build is started, and waited for when the step says so. */

import type { WaitInputs } from '../inputs/inputs.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { createVersion, versionIdOf } from '../yandex/functions/create-version.ts'
import type { Operation } from '../yandex/functions/operation.ts'
import { waitForOperation } from '../yandex/functions/operations.ts'
import type { CreateVersionRequest } from '../yandex/functions/version-request.ts'

/** A request for a version that the cloud has accepted. */
export interface Build {
  readonly operation: Operation
  /** When `wait-timeout` ends, on the clock of the run. */
  readonly deadlineMs: number
}

/** The version that a run created. */
export interface DeployedVersion {
  readonly id: string
  /** False when the run ends before the build does. */
  readonly isReady: boolean
}

export async function startBuild(
  { request, wait }: { request: CreateVersionRequest; wait: WaitInputs },
  cloud: Cloud,
): Promise<Build> {
  const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000
  return { operation: await createVersion({ request, deadlineMs }, cloud), deadlineMs }
}

/** Throws OperationError when the build fails, and DeployError OPERATION_TIMEOUT. */
export async function finishBuild(
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
