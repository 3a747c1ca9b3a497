/** Everything that a deployment reads before it changes the cloud, side by side. */

import { once } from 'node:events'
import type { Inputs } from '../inputs/inputs.ts'
import type { RunContext } from '../ports.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { LATEST, type Version } from '../yandex/functions/versions.ts'
import { findTarget, type FoundTarget } from './function.ts'
import {
  findStored,
  packCode,
  type PackedCode,
  type PreparedCode,
  readSourceVersion,
} from './code.ts'
import type { WantedCode } from './plan/package.ts'
import { planDeployment, planUncompared, type Plan } from './plan/plan.ts'
import type { Progress } from './progress.ts'
import { readLive, readLiveExposure, readLivePackage, type Looking } from './read-live.ts'
import { resolveNames } from './references.ts'
import { withReleaseTags } from './release/tags.ts'
import { versionSpec, type ResolvedNames } from './request.ts'
import { checkRuntime } from './runtime.ts'
import { together } from './together.ts'

/** What is known before the cloud is changed. */
export interface Preparation {
  readonly target: FoundTarget
  readonly names: ResolvedNames
  /** What was found out about the inputs, though the step can go on. */
  readonly warnings: readonly string[]
  readonly code: PreparedCode
  /** What the deployment will change. */
  readonly plan: Plan
  /** What callers without a tag get before the deployment. */
  readonly latest: Version | undefined
}

/** A step whose function is there, and that can change the rest of the cloud. */
export interface Deployment {
  readonly inputs: Inputs
  readonly prepared: Preparation
  readonly functionId: string
}

export interface PrepareDeps {
  readonly cloud: Cloud
  readonly context: RunContext
}

export interface DeployDeps extends PrepareDeps {
  readonly progress: Progress
}

/** Throws DeployError for the first read that fails, and as soon as the run is cancelled. */
export async function prepare(inputs: Inputs, deps: PrepareDeps): Promise<Preparation> {
  const { cloud } = deps
  const { settings, function: wanted } = inputs
  const finding = findTarget(wanted, cloud)
  const step = { ...inputs, finding }
  const reading = readLive(step, cloud)
  const folder = async (): Promise<string> => wanted.folderId ?? (await finding).folderId
  const [target, holders, exposure, [names, warnings], code, livePackage] = await Promise.all([
    finding,
    reading,
    readLiveExposure(step, cloud),
    together([resolveNames({ settings, folder }, cloud), checkRuntime(settings.runtime, cloud)]),
    prepareCode(step, deps),
    // The live package is looked into beside the packing, though it may turn out to be the same.
    reading.then((holders) => {
      const live = holders?.get(settings.tags[0] ?? LATEST)
      return live && readLivePackage({ delivery: inputs.code.delivery, live }, cloud)
    }),
  ])
  // A list of runtimes that cannot be read is no trouble, not even when it is not awaited.
  cloud.signal.throwIfAborted()
  const asked = {
    function: wanted,
    code: code.kind === 'version' ? code : packageOf(code.packed),
    spec: versionSpec({ settings, names }),
    tags: settings.tags,
    exposure: inputs.exposure,
  }
  const plan = holders
    ? withReleaseTags(planDeployment(asked, { ...target, holders, livePackage, exposure }), {
        inputs,
        holders,
      })
    : planUncompared(asked, { why: 'what is live could not be read' })
  return { target, names, warnings, code, plan, latest: holders?.get(LATEST) }
}

/** The package, checked, and a plan that compares it with nothing. */
export async function prepareAlone(
  { code: { source, delivery }, settings }: Inputs,
  { context, signal }: { context: RunContext; signal: AbortSignal },
): Promise<{ readonly packed: PackedCode | undefined; readonly plan: Plan }> {
  const { tags } = settings
  const why = 'there are no credentials'
  if (source.kind === 'version') {
    const code = { ...source, sha256: undefined }
    return { packed: undefined, plan: planUncompared({ code, tags }, { why }) }
  }
  const packed = await raceAbort(packCode({ source, delivery, settings }, context), signal)
  return { packed, plan: planUncompared({ code: packageOf(packed), tags }, { why }) }
}

function packageOf({ archive: { sha256, sizeBytes, entries } }: PackedCode): WantedCode {
  return { kind: 'package', sha256, sizeBytes, files: entries }
}

async function prepareCode(
  { code: { source, delivery }, settings, finding }: Looking,
  { cloud, context }: PrepareDeps,
): Promise<PreparedCode> {
  if (source.kind === 'version') return readSourceVersion(source.versionId, cloud)
  const packing = raceAbort(packCode({ source, delivery, settings }, context), cloud.signal)
  if (delivery.kind === 'inline') return { ...delivery, packed: await packing }
  const [packed, target] = await Promise.all([packing, finding])
  return { ...delivery, packed, stored: await findStored({ delivery, packed, target }, cloud) }
}

/** Packing cannot be aborted: when the run is cancelled, it is no longer waited for. */
async function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // A listener that stays would keep the package in memory.
  const settled = new AbortController()
  const aborted = once(signal, 'abort', { signal: settled.signal }).then((): never => {
    throw signal.reason as Error
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    settled.abort()
  }
}
