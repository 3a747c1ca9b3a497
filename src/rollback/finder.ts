/** Finds the versions that a rollback can go to. */

import { DeployError } from '../errors.ts'
import { quote } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import { getVersion, type Version } from '../yandex/functions/versions.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import type { Skipped } from './plan.ts'
import type { Place } from './trail.ts'

/** Reads each version once. */
export class VersionFinder {
  readonly #cloud: Cloud
  readonly #found: Map<string, Promise<Version | undefined>>

  constructor(cloud: Cloud, known: readonly Version[] = []) {
    this.#cloud = cloud
    this.#found = new Map(known.map((version) => [version.id, Promise.resolve(version)]))
  }

  /** The version of a place, or else a copy of it; adds those that cannot be gone back to. Throws ApiError. */
  async findIn(place: Place, skipped: Skipped[]): Promise<Version | undefined> {
    for (const versionId of place) {
      const version = await this.find(versionId)
      if (version && version.status !== 'DELETING') return version
      skipped.push({ versionId, reason: version ? 'is being deleted' : 'is gone' })
    }
    return undefined
  }

  /** Undefined when it is gone. Throws ApiError. */
  find(id: string): Promise<Version | undefined> {
    const known = this.#found.get(id)
    if (known) return known
    const finding = findVersion(id, this.#cloud)
    this.#found.set(id, finding)
    return finding
  }
}

async function findVersion(id: string, cloud: Cloud): Promise<Version | undefined> {
  try {
    return await getVersion(id, cloud)
  } catch (error) {
    if (error instanceof ApiError && error.grpcCode === 'NOT_FOUND') return undefined
    throw error
  }
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
