/** What is live of the function of a step: who holds its tags, who may call it, how far it scales, and its package. */

import { DeployError } from '../errors.ts'
import type { Delivery } from '../inputs/code.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { listRemoteZip, type Listing } from '../source/zip/listing.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { listAccessBindings } from '../yandex/functions/access.ts'
import { listScalingPolicies } from '../yandex/functions/scaling.ts'
import { getVersionByTag, LATEST, type Version } from '../yandex/functions/versions.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import { readObject } from '../yandex/storage.ts'
import type { FoundTarget } from './function.ts'
import { UNEXPOSED, type LiveExposure } from './plan/exposure.ts'
import { readFingerprint } from './plan/fingerprint.ts'
import type { Holders } from './plan/plan.ts'
import { tagsInvolved } from './release/tags.ts'
import { packageKey } from './code.ts'

/** A step whose function is being looked up. */
export type Looking = Inputs & { readonly finding: Promise<FoundTarget> }

/** Undefined when it cannot be read, and the step does without. */
export async function readLive(step: Looking, cloud: Cloud): Promise<Holders | undefined> {
  const functionId = await existingId(step)
  if (functionId === undefined) return new Map()
  try {
    return await readHolders({ functionId, tags: tagsInvolved(step) }, cloud)
  } catch (error) {
    if (needsPlan(step) || !isUnreadable(error)) throw error
    cloud.log(`What is live could not be read, so nothing is compared: ${error.message}`)
    return undefined
  }
}

/** Who holds each of the tags, and {@link LATEST}; all are asked for side by side. */
export async function readHolders(
  { functionId, tags }: { functionId: string; tags: readonly string[] },
  cloud: Cloud,
): Promise<Holders> {
  const found = await Promise.all(
    [LATEST, ...tags].map(async (tag) => {
      const version = await getVersionByTag({ functionId, tag }, cloud)
      return version ? [[tag, version] as const] : []
    }),
  )
  return new Map(found.flat())
}

/** Whether the step acts by what is live. */
function needsPlan({ release, exposure }: Inputs): boolean {
  const { isDryRun, skipUnchanged, reuseCode, check, previousTag } = release
  const { isPublic, scaling } = exposure
  const others = [check, previousTag, isPublic, scaling]
  return isDryRun || skipUnchanged || reuseCode || others.some((input) => input !== undefined)
}

/** An account that deploys may have no right to look, and an answer may have a shape of the future. */
function isUnreadable(error: unknown): error is DeployError {
  if (error instanceof ApiError) return error.httpStatus === 403
  return error instanceof DeployError && error.code === 'API_UNEXPECTED'
}

/** As far as the step asks about it, side by side. */
export async function readLiveExposure(step: Looking, cloud: Cloud): Promise<LiveExposure> {
  const functionId = await existingId(step)
  if (functionId === undefined) return UNEXPOSED
  const { isPublic, scaling } = step.exposure
  try {
    const [bindings, policies] = await Promise.all([
      isPublic === undefined ? UNEXPOSED.bindings : listAccessBindings(functionId, cloud),
      scaling ? listScalingPolicies(functionId, cloud) : UNEXPOSED.policies,
    ])
    return { bindings, policies }
  } catch (error) {
    // A function that is not there is told by the look-up, which knows what to do about it.
    await step.finding
    throw error
  }
}

/** A function that is given by its id need not be found first; undefined for one that is to be created. */
async function existingId(step: Looking): Promise<string | undefined> {
  const { target } = step.function
  return target.kind === 'id' ? target.functionId : (await step.finding).function?.id
}

/**
 * The package that is live, if the bucket still has it. Undefined otherwise: a plan can do without, so trouble with the
 * bucket is only logged.
 */
export async function readLivePackage(
  { delivery, live }: { delivery: Delivery; live: Version },
  cloud: Cloud,
): Promise<Listing | undefined> {
  const sha256 = readFingerprint(live.description)?.sha256
  if (delivery.kind !== 'bucket' || sha256 === undefined) return undefined
  const key = packageKey({ delivery, functionId: live.functionId, sha256 })
  try {
    return await listRemoteZip((range) =>
      readObject({ bucket: delivery.bucket, key, range }, cloud),
    )
  } catch (error) {
    if (!(error instanceof DeployError) || error.code === 'CANCELLED') throw error
    cloud.log(`The live package cannot be compared file by file: ${error.message}`)
    return undefined
  }
}
