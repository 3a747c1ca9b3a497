/** What is live, for a plan to compare with: who holds the tags, and the files of the package that runs. */

import { DeployError } from '../../errors.ts'
import type { Delivery } from '../../inputs/code.ts'
import type { ExposureInputs } from '../../inputs/release/exposure.ts'
import { listRemoteZip } from '../../source/zip/listing.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { listAccessBindings } from '../../yandex/functions/access.ts'
import { listScalingPolicies } from '../../yandex/functions/scaling.ts'
import {
  getVersion,
  getVersionByTag,
  LATEST,
  type Version,
} from '../../yandex/functions/versions.ts'
import { ApiError } from '../../yandex/http/api-error.ts'
import { readObject } from '../../yandex/storage.ts'
import { UNEXPOSED, type LiveExposure } from './exposure.ts'
import { readFingerprint } from './fingerprint.ts'
import type { Package } from './sides.ts'
import { packageKey, type PreparedCode } from '../upload.ts'

/** Who holds each of the tags, and {@link LATEST}; all are asked for side by side. */
export async function readHolders(
  { functionId, tags }: { functionId: string; tags: readonly string[] },
  cloud: Cloud,
): Promise<ReadonlyMap<string, Version>> {
  const found = await Promise.all(
    [LATEST, ...tags].map(async (tag) => {
      const version = await getVersionByTag({ functionId, tag }, cloud)
      return version ? [[tag, version] as const] : []
    }),
  )
  return new Map(found.flat())
}

/** What the step asks about of public access and scaling, side by side. */
export async function readExposure(
  { functionId, exposure }: { functionId: string; exposure: ExposureInputs },
  cloud: Cloud,
): Promise<LiveExposure> {
  const [bindings, policies] = await Promise.all([
    exposure.isPublic === undefined ? UNEXPOSED.bindings : listAccessBindings(functionId, cloud),
    exposure.scaling ? listScalingPolicies(functionId, cloud) : UNEXPOSED.policies,
  ])
  return { bindings, policies }
}

/**
 * The package that is live, if the bucket still has it. Undefined otherwise: a plan can do without, so trouble with the
 * bucket is only logged.
 */
export async function readLivePackage(
  { delivery, live }: { delivery: Delivery; live: Version },
  cloud: Cloud,
): Promise<Package | undefined> {
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

/** The version whose code is to be taken, with what its fingerprint says. Throws DeployError when there is none. */
export async function readSourceVersion(versionId: string, cloud: Cloud): Promise<PreparedCode> {
  try {
    const { description } = await getVersion(versionId, cloud)
    return { kind: 'version', versionId, sha256: readFingerprint(description)?.sha256 }
  } catch (error) {
    if (!(error instanceof ApiError) || error.grpcCode !== 'NOT_FOUND') throw error
    throw error.with({
      code: 'INPUT_INVALID',
      message: `\`source-version-id\`: ${error.message}`,
      inputs: ['source-version-id'],
      hint: 'Correct the id: it must be that of a version in the same folder which the account that deploys can see.',
    })
  }
}
