/** Finds the versions that a rollback can go to: back along the way that a pointer has come, step by step. */

import { DeployError } from '../errors.ts'
import { quote } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import { isRefusedAs } from '../yandex/functions/operation.ts'
import { getVersion, type Version } from '../yandex/functions/versions.ts'
import type { Skipped } from './facts.ts'

/** A pointer comes to a version. */
export interface Step {
  readonly versionId: string
  /** The version whose place it takes: itself, or the one that it is a copy of. */
  readonly placeOf: string
}

/** A place on the way: a version, and its copies, which do the same. */
export type Place = readonly [string, ...string[]]

/**
 * The places that a pointer has come by, the present one last. A step to an earlier place is a step back: what came
 * after that place is no longer on the way. So going back twice goes back two steps, and never to what was gone back
 * from, while a version that is reached anew is a step forward.
 */
export function trailOf(steps: readonly Step[]): readonly Place[] {
  return steps.reduce<readonly Place[]>((trail, { versionId, placeOf }) => {
    const at = trail.findIndex((place) => place.includes(placeOf))
    const place = trail[at]
    if (!place) return [...trail, [versionId]]
    const copies = place.includes(versionId) ? [] : [versionId]
    return [...trail.slice(0, at), [...place, ...copies] as const]
  }, [])
}

/** The places before the present one, nearest first. */
export function placesBefore(steps: readonly Step[]): readonly Place[] {
  return trailOf(steps).slice(0, -1).reverse()
}

/** A version by its id; undefined when it is gone. Throws ApiError. */
export type Find = (id: string) => Promise<Version | undefined>

/** Reads each version once, and none of those that are known. */
export function createFinder(cloud: Cloud, known: readonly Version[] = []): Find {
  const found = new Map<string, Promise<Version | undefined>>(
    known.map((version) => [version.id, Promise.resolve(version)]),
  )
  return (id) => {
    const finding = found.get(id) ?? findVersion(id, cloud)
    found.set(id, finding)
    return finding
  }
}

/** The nearest version on the way back that is still there, and those that are passed over. Throws ApiError. */
export async function findBefore(
  steps: readonly Step[],
  find: Find,
): Promise<{ to: Version | undefined; skipped: readonly Skipped[] }> {
  const skipped: Skipped[] = []
  // A copy does what the version does that it is a copy of.
  for (const versionId of placesBefore(steps).flat()) {
    const to = await find(versionId)
    if (to && to.status !== 'DELETING') return { to, skipped }
    skipped.push({ versionId, reason: to ? 'is being deleted' : 'is gone' })
  }
  return { to: undefined, skipped }
}

/** The version that a step names. Throws DeployError INPUT_INVALID for one that is not of this function, or going. */
export async function findNamed(
  { versionId, function: { id, name } }: { versionId: string; function: CloudFunction },
  cloud: Cloud,
): Promise<Version> {
  const version = await findVersion(versionId, cloud)
  const wrong = (problem: string): DeployError =>
    new DeployError('INPUT_INVALID', `\`version-id\`: ${problem}.`, {
      inputs: ['version-id'],
      hint: `Correct the id; \`yc serverless function version list --function-id ${id}\` lists the versions.`,
    })
  if (!version) throw wrong(`there is no version ${versionId}`)
  if (version.functionId !== id) {
    throw wrong(
      `the version ${versionId} is of the function ${version.functionId}, not of ${quote(name)} (${id})`,
    )
  }
  if (!['ACTIVE', 'OBSOLETE', ''].includes(version.status)) {
    throw wrong(`the version ${versionId} is ${version.status}`)
  }
  return version
}

async function findVersion(id: string, cloud: Cloud): Promise<Version | undefined> {
  try {
    return await getVersion(id, cloud)
  } catch (error) {
    if (isRefusedAs(error, ['NOT_FOUND'])) return undefined
    throw error
  }
}
