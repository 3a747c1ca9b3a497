/** How the code reaches the cloud: inside the request, through a bucket, or not at all. */

import type { CodeInputs, Delivery } from '../inputs/code.ts'
import type { PackedCode } from './package.ts'
import type { Report } from '../report/report.ts'
import type { Archive } from '../source/source.ts'
import type { FoundTarget } from './function.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { VersionCode } from '../yandex/functions/version-request.ts'
import { findObject, putObject, type Stored, type Upload } from '../yandex/storage.ts'

type Bucket = Extract<Delivery, { kind: 'bucket' }>

/** Whether the bucket has the package already; a function that does not exist yet cannot have one there. */
export async function findStored(
  {
    delivery,
    packed,
    found,
  }: { delivery: Delivery; packed: PackedCode | undefined; found: FoundTarget },
  cloud: Cloud,
): Promise<Stored> {
  if (delivery.kind !== 'bucket' || !packed || found.kind === 'missing') return 'absent'
  return findObject(uploadOf(packed.archive, { delivery, functionId: found.function.id }), cloud)
}

/** What {@link deliverCode} needs to know. */
export interface DeliveryPlan {
  readonly code: CodeInputs
  readonly packed: PackedCode | undefined
  readonly functionId: string
  readonly stored: Stored
}

/** Uploads if that is the way and the bucket has not got it. */
export async function deliverCode(
  { code, packed, functionId, stored }: DeliveryPlan,
  { cloud, report }: { cloud: Cloud; report: Report },
): Promise<VersionCode> {
  if (code.source.kind === 'version') return { versionId: code.source.versionId }
  if (!packed) throw new TypeError('a package was expected')
  const { archive } = packed
  if (code.delivery.kind === 'inline') {
    return { content: Buffer.concat(archive.chunks).toString('base64') }
  }
  const upload = uploadOf(archive, { delivery: code.delivery, functionId })
  const outcome = stored === 'present' ? stored : await putObject({ ...upload, stored }, cloud)
  report.delivered({ ...upload, outcome })
  return {
    package: { bucketName: upload.bucket, objectName: upload.key, sha256: archive.sha256 },
  }
}

/** The key tells function and content, so that jobs never overwrite each other's packages. */
function uploadOf(
  { chunks, sizeBytes, sha256 }: Archive,
  { delivery, functionId }: { delivery: Bucket; functionId: string },
): Upload {
  const key = `${delivery.prefix}${functionId}/${sha256}.zip`
  return { bucket: delivery.bucket, key, chunks, sizeBytes }
}
