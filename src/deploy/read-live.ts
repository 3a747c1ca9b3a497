/** What is live of the function of a step: who holds its tags, who may call it, how far it scales. */

import { DeployError } from '../errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { Version } from '../yandex/functions/versions.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import type { FoundTarget } from './function.ts'
import { UNEXPOSED, type LiveExposure } from './plan/exposure.ts'
import { readExposure, readHolders } from './plan/live.ts'
import { tagsInvolved } from './release/tags.ts'

/** The version that holds each tag. */
export type Holders = ReadonlyMap<string, Version>

/** The function is being looked up. */
export interface Finding {
  readonly finding: Promise<FoundTarget>
  readonly cloud: Cloud
}

/** Undefined when it cannot be read, and the step does without. */
export async function readLive(
  inputs: Inputs,
  { finding, cloud }: Finding,
): Promise<Holders | undefined> {
  const functionId = await existingId(inputs, finding)
  if (functionId === undefined) return new Map()
  try {
    return await readHolders({ functionId, tags: tagsInvolved(inputs) }, cloud)
  } catch (error) {
    if (needsPlan(inputs) || !isUnreadable(error)) throw error
    cloud.log(`What is live could not be read, so nothing is compared: ${error.message}`)
    return undefined
  }
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

/** As far as the step asks about it. */
export async function readLiveExposure(
  inputs: Inputs,
  { finding, cloud }: Finding,
): Promise<LiveExposure> {
  const functionId = await existingId(inputs, finding)
  if (functionId === undefined) return UNEXPOSED
  try {
    return await readExposure({ functionId, exposure: inputs.exposure }, cloud)
  } catch (error) {
    // A function that is not there is told by the look-up, which knows what to do about it.
    await finding
    throw error
  }
}

/** A function that is given by its id need not be found first; undefined for one that is to be created. */
async function existingId(
  { function: { target: wanted } }: Inputs,
  finding: Promise<FoundTarget>,
): Promise<string | undefined> {
  if (wanted.kind === 'id') return wanted.functionId
  const target = await finding
  return target.kind === 'existing' ? target.function.id : undefined
}
