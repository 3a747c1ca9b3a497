/** The build step: where a package comes from, and what makes its build fail. */

import { createHash } from 'node:crypto'
import { ApiError, CODE, notFound, precondition, rejected } from '../http/status.ts'
import type { Cloud, StoredVersion, VersionRequest } from '../state.ts'
import { unzip, ZipError } from './unzip.ts'

const MIB = 1024 * 1024
/** Largest zip sent inline, in bytes, https://yandex.cloud/en/docs/functions/concepts/limits. */
const MAX_INLINE_BYTES = 3.5 * MIB
/** Largest zip taken from a bucket. */
const MAX_BUCKET_BYTES = 128 * MIB
/** Largest package once unpacked. */
export const MAX_UNPACKED_BYTES = 680 * MIB

/**
 * The zip of a new version, from whichever of the three sources the request names.
 * Throws INVALID_ARGUMENT or NOT_FOUND.
 */
export function packageBytes(cloud: Cloud, request: VersionRequest): Buffer {
  if (request.package) {
    const { bucketName, objectName } = request.package
    const object = cloud.buckets.get(bucketName)?.get(objectName)
    if (!object) throw rejected(`Object ${objectName} in bucket ${bucketName} not found`)
    return object.bytes
  }
  if (request.versionId !== '') {
    const source = cloud.versions.get(request.versionId)
    if (!source) throw notFound('Version', request.versionId)
    if (source.status === 'CREATING' || source.status === 'DELETING') {
      throw precondition(`Version ${source.id} is not active: its status is ${source.status}`)
    }
    // What the builder made for one runtime is of no use to another.
    if (source.runtime !== request.runtime) {
      throw rejected(`Version ${source.id} was built for runtime ${source.runtime}`)
    }
    return source.zip
  }
  const zip = Buffer.from(request.content, 'base64')
  if (zip.length > MAX_INLINE_BYTES) {
    throw rejected(
      'zip archive content exceeds the maximum size 3.5 MB, use object storage to upload the content',
    )
  }
  return zip
}

/** Unpacks and checks a package as the builder does; gives its size unpacked. Throws INVALID_ARGUMENT. */
export async function build({ zip, settings }: StoredVersion): Promise<number> {
  if (settings.package) {
    if (zip.length > MAX_BUCKET_BYTES) throw rejected('zip archive exceeds the maximum size 128 MB')
    const sha256 = createHash('sha256').update(zip).digest('hex')
    if (settings.package.sha256 !== '' && settings.package.sha256 !== sha256) {
      throw rejected(`SHA256 of the package is ${sha256}, not ${settings.package.sha256}`)
    }
  }
  const names = new Set<string>()
  let imageBytes = 0
  try {
    for await (const { name, bytes } of unzip(zip, MAX_UNPACKED_BYTES)) {
      names.add(name)
      imageBytes += bytes.length
    }
  } catch (error) {
    if (!(error instanceof ZipError)) throw error
    // The message as the cloud is known to give it; the reason is in the details.
    throw new ApiError({
      code: CODE.INVALID_ARGUMENT,
      message: 'Исходный архив не является валидным ZIP архивом',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.LocalizedMessage',
          locale: 'en',
          message: `Source archive is not a valid ZIP archive: ${error.message}`,
        },
      ],
    })
  }
  if (names.size === 0) throw rejected('Source archive is empty')
  const files = entrypointFiles(settings)
  if (files.length > 0 && !files.some((name) => names.has(name))) {
    throw rejected(
      `Entrypoint ${settings.entrypoint} not found: the package has no ${files.join(' or ')}`,
    )
  }
  return imageBytes
}

/** Files of which one must be in the package; none where the entrypoint names no file. */
export function entrypointFiles({
  runtime,
  entrypoint,
}: Pick<VersionRequest, 'runtime' | 'entrypoint'>): string[] {
  const family = /^[a-z]+/.exec(runtime)?.[0] ?? ''
  const path = entrypoint.slice(0, Math.max(0, entrypoint.lastIndexOf('.')))
  switch (family) {
    case 'nodejs':
      return [`${path}.js`, `${path}.mjs`, `${path}.cjs`]
    case 'python':
      return [`${path}.py`]
    case 'php':
      return [`${path}.php`]
    case 'golang':
      return [`${path}.go`, `${path}.so`]
    case 'r':
      return [`${path}.R`, `${path}.r`]
    case 'bash':
      return [entrypoint]
    default:
      return []
  }
}
