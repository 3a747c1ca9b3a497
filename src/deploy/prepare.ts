/** Everything that a deployment reads before it changes the cloud, side by side. */

import type { Inputs } from '../inputs/inputs.ts'
import type { RunContext } from '../ports.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { LATEST, type Version } from '../yandex/functions/versions.ts'
import { findTarget, folderOf, type FoundTarget } from './function.ts'
import type { LiveExposure } from './plan/exposure.ts'
import { readLivePackage, readSourceVersion } from './plan/live.ts'
import { packCode, type PackedCode } from './package.ts'
import { planDeployment, planUncompared, type Plan } from './plan/plan.ts'
import type { Known, WantedCode } from './plan/sides.ts'
import { withReleaseTags } from './release/tags.ts'
import { readLive, readLiveExposure, type Holders } from './read-live.ts'
import { resolveNames } from './references.ts'
import { versionSpec, type ResolvedNames } from './request.ts'
import { checkRuntime } from './runtime.ts'
import { together } from './together.ts'
import { findStored, type PreparedCode } from './upload.ts'

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
  /** Who may call the function and how far it scales, as far as the step asks for it. */
  readonly exposure: LiveExposure
}

export interface PrepareDeps {
  readonly cloud: Cloud
  readonly context: RunContext
}

/** Throws DeployError for the first read that fails, and as soon as the run is cancelled. */
export async function prepare(inputs: Inputs, deps: PrepareDeps): Promise<Preparation> {
  const { cloud } = deps
  const { settings, function: wanted } = inputs
  const finding = findTarget(wanted, cloud)
  const reading = readLive(inputs, { finding, cloud })
  const folder = async (): Promise<string> => wanted.folderId ?? folderOf(await finding)
  const [target, holders, exposure, [names, warnings], { code, livePackage }] = await Promise.all([
    finding,
    reading,
    readLiveExposure(inputs, { finding, cloud }),
    together([resolveNames({ settings, folder }, cloud), checkRuntime(settings.runtime, cloud)]),
    prepareCode({ ...inputs, finding, reading }, deps),
  ])
  // A list of runtimes that cannot be read is no trouble, not even when it is not awaited.
  cloud.signal.throwIfAborted()
  const known: Omit<Known, 'holders'> = {
    function: target.kind === 'existing' ? target.function : undefined,
    folderId: folderOf(target),
    livePackage,
    exposure,
  }
  const asked = {
    function: wanted,
    code: wantedCode(code),
    spec: versionSpec({ settings, names }),
    tags: settings.tags,
    exposure: inputs.exposure,
  }
  const plan = holders
    ? withReleaseTags(planDeployment(asked, { ...known, holders }), { inputs, holders })
    : planUncompared(asked, NOT_READABLE)
  return { target, names, warnings, code, plan, latest: holders?.get(LATEST), exposure }
}

/** The package, checked, and a plan that compares it with nothing. */
export async function prepareAlone(
  { code: { source, delivery }, settings }: Inputs,
  { context, signal }: { context: RunContext; signal: AbortSignal },
): Promise<{ readonly packed: PackedCode | undefined; readonly plan: Plan }> {
  const { tags } = settings
  if (source.kind === 'version') {
    const code = { ...source, sha256: undefined }
    return { packed: undefined, plan: planUncompared({ code, tags }, NO_CREDENTIALS) }
  }
  const packed = await raceAbort(packCode({ source, delivery, settings }, context), signal)
  return { packed, plan: planUncompared({ code: packageOf(packed), tags }, NO_CREDENTIALS) }
}

const NO_CREDENTIALS = { why: 'there are no credentials' }
const NOT_READABLE = { why: 'what is live could not be read' }

function wantedCode(code: PreparedCode): WantedCode {
  return code.kind === 'version' ? code : packageOf(code.packed)
}

function packageOf({ archive: { sha256, sizeBytes, entries } }: PackedCode): WantedCode {
  return { kind: 'package', sha256, sizeBytes, files: entries }
}

async function prepareCode(
  {
    code,
    settings,
    finding,
    reading,
  }: Inputs & { finding: Promise<FoundTarget>; reading: Promise<Holders | undefined> },
  { cloud, context }: PrepareDeps,
): Promise<{ readonly code: PreparedCode; readonly livePackage: Known['livePackage'] }> {
  const { source, delivery } = code
  const rest = { livePackage: undefined }
  if (source.kind === 'version') {
    return { code: await readSourceVersion(source.versionId, cloud), ...rest }
  }
  const packing = packCode({ source, delivery, settings }, context)
  const packed = raceAbort(packing, cloud.signal)
  if (delivery.kind === 'inline') return { code: { ...delivery, packed: await packed }, ...rest }
  // The live package is looked into beside the packing, though it may turn out to be the same.
  const [ready, stored, livePackage] = await Promise.all([
    packed,
    Promise.all([packed, finding]).then(([ready, target]) =>
      findStored({ delivery, packed: ready, target }, cloud),
    ),
    reading.then((holders) => {
      const live = holders?.get(settings.tags[0] ?? LATEST)
      return live && readLivePackage({ delivery, live }, cloud)
    }),
  ])
  return { code: { ...delivery, packed: ready, stored }, livePackage }
}

/** Packing cannot be aborted: when the run is cancelled, it is no longer waited for. */
async function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
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
