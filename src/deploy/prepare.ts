/** Everything that a deployment reads before it changes the cloud, side by side. */

import type { Inputs } from '../inputs/inputs.ts'
import type { RunContext } from '../ports.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { findTarget, folderOf, type FoundTarget } from './function.ts'
import { packCode } from './package.ts'
import { resolveNames } from './references.ts'
import type { ResolvedNames } from './request.ts'
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
  const folder = async (): Promise<string> => wanted.folderId ?? folderOf(await finding)
  const [target, [names, warnings], code] = await Promise.all([
    finding,
    together([resolveNames({ settings, folder }, cloud), checkRuntime(settings.runtime, cloud)]),
    prepareCode({ ...inputs, finding }, deps),
  ])
  return { target, names, warnings, code }
}

async function prepareCode(
  { code, settings, finding }: Inputs & { finding: Promise<FoundTarget> },
  { cloud, context }: PrepareDeps,
): Promise<PreparedCode> {
  const { source, delivery } = code
  if (source.kind === 'version') return source
  const packing = packCode({ source, delivery, settings }, context)
  const packed = await raceAbort(packing, cloud.signal)
  if (delivery.kind === 'inline') return { ...delivery, packed }
  const stored = await findStored({ delivery, packed, target: await finding }, cloud)
  return { ...delivery, packed, stored }
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
