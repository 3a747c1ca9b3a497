/** The story of a deployment. */

import { deliverCode, findStored } from './deploy/upload.ts'
import { explainFailure, type Attempt } from './deploy/failure.ts'
import { parseInputs, type Inputs } from './inputs/inputs.ts'
import type { RawInputs } from './inputs/reader.ts'
import { resolveNames } from './deploy/references.ts'
import { packCode, type PackedCode } from './deploy/package.ts'
import { Report } from './report/report.ts'
import { rolesOf } from './deploy/roles.ts'
import { checkRuntime } from './deploy/runtime.ts'
import { maskCredentials, signIn, type SignInDeps } from './deploy/connect.ts'
import { ensureFunction, findTarget, folderOf, type FoundTarget } from './deploy/function.ts'
import { together } from './deploy/together.ts'
import { versionRequest, type ResolvedNames } from './deploy/request.ts'
import type { Cloud } from './yandex/cloud.ts'
import { createVersion, versionIdOf } from './yandex/functions/create-version.ts'
import { waitForOperation } from './yandex/functions/operations.ts'
import type { Stored } from './yandex/storage.ts'

/** Everything that a deployment takes from the world. */
export type World = SignInDeps

/** Deploys and reports; resolves to the exit code, whatever happens. */
export async function main(raw: RawInputs, world: World): Promise<0 | 1> {
  const report = new Report(world)
  try {
    maskCredentials(raw, world.runner)
    const inputs = parseInputs(raw, world.runner.context)
    await deploy(inputs, { ...world, report })
    await report.succeeded()
    return 0
  } catch (error) {
    await report.failed(error)
    return 1
  }
}

async function deploy(inputs: Inputs, world: World & { report: Report }): Promise<void> {
  const { report, runner, clock } = world
  report.configured(inputs)
  const end = new AbortController()
  const cloud = signIn(inputs, { ...world, signal: AbortSignal.any([world.signal, end.signal]) })
  try {
    const { packed, found, names, stored } = await prepare(inputs, { ...world, cloud })

    // From here on the cloud is changed.
    const { timeoutSeconds } = inputs.wait
    const roles = rolesOf(inputs, folderOf(found))
    const attempt: Attempt = { stage: 'function', packed, roles, timeoutSeconds }
    const deadline = (): number => clock.now() + timeoutSeconds * 1000
    try {
      const target = await ensureFunction(
        { found, inputs: inputs.function, deadlineMs: deadline() },
        cloud,
      )
      report.targeted(target)
      const functionId = target.function.id
      attempt.stage = 'upload'
      attempt.functionId = functionId
      const code = await deliverCode(
        { code: inputs.code, packed, functionId, stored },
        { cloud, report },
      )
      const request = versionRequest({ functionId, settings: inputs.settings, names, code })
      const deadlineMs = deadline()
      attempt.stage = 'version'
      const operation = await createVersion({ request, deadlineMs }, cloud)
      attempt.operation = operation
      report.accepted(operation)
      const wait = { what: 'the build of the version', deadlineMs }
      // An operation that has ended already, well or not, needs no patience.
      const isOver = operation.done || operation.error !== undefined
      const ended =
        inputs.wait.untilReady || isOver
          ? await waitForOperation({ operation, wait }, cloud)
          : operation
      report.versioned({ versionId: versionIdOf(ended), isReady: ended.done })
    } catch (thrown) {
      throw await explainFailure({ thrown, attempt }, { cloud, runner })
    }
  } finally {
    end.abort()
  }
}

/** What is known before the cloud is changed. */
interface Preparation {
  readonly packed: PackedCode | undefined
  readonly found: FoundTarget
  readonly names: ResolvedNames
  readonly stored: Stored
}

/** Everything that only reads, side by side: the package, the function, the names, the runtimes, the bucket. */
async function prepare(
  { code, settings, function: target }: Inputs,
  { cloud, report, runner, signal }: World & { cloud: Cloud; report: Report },
): Promise<Preparation> {
  const finding = findTarget(target, cloud)
  const folder = async (): Promise<string> => target.folderId ?? folderOf(await finding)
  const naming = together([
    resolveNames({ settings, folder }, cloud),
    checkRuntime(settings.runtime, cloud),
  ])
  const packing = unlessAborted(packCode({ code, settings }, runner.context), signal)
  const looking = Promise.all([finding, packing]).then(([found, packed]) =>
    findStored({ delivery: code.delivery, packed, found }, cloud),
  )
  const [packed, found, [names, notes], stored] = await Promise.all([
    packing,
    finding,
    naming,
    looking,
  ])
  report.noted(notes)
  if (packed) report.packed(packed)
  return { packed, found, names, stored }
}

/** Packing cannot be stopped half-way, but nobody has to wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error)
      },
      // A listener that stays would keep the package in memory.
      { once: true, signal: settled.signal },
    )
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    settled.abort()
  }
}
