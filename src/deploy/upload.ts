/** How the code reaches the cloud: inside the request, through a bucket, or as that of an existing version. */

import type { CodeSource, Delivery } from '../inputs/code.ts'
import type { Archive } from '../source/source.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { findObject, putObject, type Stored, type Upload } from '../yandex/storage.ts'
import type { FoundTarget } from './function.ts'
import type { PackedCode } from './package.ts'

type Bucket = Extract<Delivery, { kind: 'bucket' }>

/** The code of the version, checked, before anything is sent. */
export type PreparedCode =
  | (Extract<CodeSource, { kind: 'version' }> & {
      /** Hex, of its package, as far as its fingerprint says. */
      readonly sha256: string | undefined
    })
  | { readonly kind: 'inline'; readonly packed: PackedCode }
  | (Bucket & { readonly packed: PackedCode; readonly stored: Stored })

/** The code of the version, where the request for it can refer to it. */
export type UploadedCode =
  | Extract<PreparedCode, { kind: 'version' | 'inline' }>
  | {
      readonly kind: 'bucket'
      readonly bucket: string
      readonly key: string
      /** Hex. */
      readonly sha256: string
      /** `present`: the bucket had the package already. */
      readonly outcome: 'uploaded' | 'present'
    }

/** Whether the bucket has the package already; that of a new function cannot be there. */
export async function findStored(
  { delivery, packed, target }: { delivery: Bucket; packed: PackedCode; target: FoundTarget },
  cloud: Cloud,
): Promise<Stored> {
  // Without an address of Object Storage no function is created either.
  await cloud.endpoints('storage')
  if (target.kind === 'missing') return 'absent'
  const functionId = target.function.id
  return findObject(uploadOf(packed.archive, { delivery, functionId }), cloud)
}

/** Uploads the package unless the bucket has it or none is needed. */
export async function uploadCode(
  { code, functionId }: { code: PreparedCode; functionId: string },
  cloud: Cloud,
): Promise<UploadedCode> {
  if (code.kind !== 'bucket') return code
  const { stored, packed, bucket } = code
  const upload = uploadOf(packed.archive, { delivery: code, functionId })
  const outcome = stored === 'present' ? stored : await putObject({ ...upload, stored }, cloud)
  return { kind: 'bucket', bucket, key: upload.key, sha256: packed.archive.sha256, outcome }
}

/** The key has function and content, so that jobs never overwrite each other's packages. */
export function packageKey({
  delivery,
  functionId,
  sha256,
}: {
  delivery: Bucket
  functionId: string
  sha256: string
}): string {
  return `${delivery.prefix}${functionId}/${sha256}.zip`
}

function uploadOf(
  { chunks, sizeBytes, sha256 }: Archive,
  { delivery, functionId }: { delivery: Bucket; functionId: string },
): Upload {
  const key = packageKey({ delivery, functionId, sha256 })
  return { bucket: delivery.bucket, key, chunks, sizeBytes }
}
