/** The code of a version: packed and checked, or that of an existing version, and how it reaches the cloud. */

import type { CodeSource, Delivery } from '../inputs/code.ts'
import type { VersionSettings } from '../inputs/version.ts'
import { checkEntrypoint } from '../source/entrypoint.ts'
import { checkLimits } from '../source/limits.ts'
import { selectFiles, type FileSelection } from '../source/select/files.ts'
import type { Archive, CheckedArchive, Selection } from '../source/source.ts'
import { packFiles } from '../source/zip/archive.ts'
import { readPackage } from '../source/zip/ready-zip.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { getVersion } from '../yandex/functions/versions.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import { findObject, putObject, type Stored, type Upload } from '../yandex/storage.ts'
import type { FoundTarget } from './function.ts'
import { readFingerprint } from './plan/fingerprint.ts'

/** The archive, and the selection of files for it; empty for a ready zip. */
export interface PackedCode {
  readonly archive: Archive
  readonly selection: Selection
}

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

type Source = Exclude<CodeSource, { kind: 'version' }>

/** Throws DeployError for anything that makes the package unfit, before the cloud is changed. */
export async function packCode(
  code: { source: Source; delivery: Delivery; settings: VersionSettings },
  deps: { workspace: string },
): Promise<PackedCode> {
  const { archive, selection } = await pack(code.source, deps)
  const names = new Set(archive.entries.map(({ name }) => name))
  checkEntrypoint(code.settings, { names, ...selection })
  checkLimits(archive, code.delivery.kind)
  const { files = [], excluded = [], warnings = [] } = selection ?? {}
  return { archive, selection: { files, excluded, warnings: [...warnings, ...archive.warnings] } }
}

async function pack(
  source: Source,
  deps: { workspace: string },
): Promise<{ archive: CheckedArchive; selection?: FileSelection }> {
  if (source.kind === 'package') return { archive: await readPackage(source.path, deps) }
  const selection = await selectFiles(source, deps)
  return { selection, archive: await packFiles(selection.files, selection) }
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

/** Whether the bucket has the package already; that of a new function cannot be there. */
export async function findStored(
  { delivery, packed, target }: { delivery: Bucket; packed: PackedCode; target: FoundTarget },
  cloud: Cloud,
): Promise<Stored> {
  // Without an address of Object Storage no function is created either.
  await cloud.endpoints('storage')
  if (!target.function) return 'absent'
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

function uploadOf(
  { chunks, sizeBytes, sha256 }: Archive,
  { delivery, functionId }: { delivery: Bucket; functionId: string },
): Upload {
  const key = packageKey({ delivery, functionId, sha256 })
  return { bucket: delivery.bucket, key, chunks, sizeBytes }
}

/** The key has function and content, so that jobs never overwrite each other's packages. */
export function packageKey(of: { delivery: Bucket; functionId: string; sha256: string }): string {
  return `${of.delivery.prefix}${of.functionId}/${of.sha256}.zip`
}
