/** The limits of Yandex Cloud Functions on a package, checked before anything is sent. */

import { DeployError } from '../errors.ts'
import { formatBytes } from '../text.ts'
import { showName } from './file-names.ts'
import type { Archive, ArchiveEntry, SourceFile } from './source.ts'
import { MAX_ENTRIES } from './zip/writer.ts'

// In bytes; source of all three: https://yandex.cloud/en/docs/functions/concepts/limits

/** Largest zip inside a request: 3.5 MB. */
export const INLINE_LIMIT_BYTES = 3_670_016
/** Largest zip in a bucket: 128 MB. */
export const BUCKET_LIMIT_BYTES = 128 * 1024 ** 2
/** Largest sum of the unpacked files: 680 MB. */
export const UNPACKED_LIMIT_BYTES = 680 * 1024 ** 2

const EXCLUDE_HINT =
  'Exclude what the function does not need, with `exclude` or a `.ycignore` file.'
const DELIVERIES = {
  inline: { limit: INLINE_LIMIT_BYTES, where: 'inside the request', hint: undefined },
  bucket: { limit: BUCKET_LIMIT_BYTES, where: 'through a bucket', hint: EXCLUDE_HINT },
} as const

const NAMED_FILES = 5

/** Checks a package against the limits for the way it is sent. Throws DeployError `SOURCE_TOO_LARGE`. */
export function checkLimits(
  {
    sizeBytes,
    unpackedBytes,
    entries,
  }: Pick<Archive, 'sizeBytes' | 'unpackedBytes'> & {
    readonly entries: readonly Omit<ArchiveEntry, 'crc32'>[]
  },
  delivery: keyof typeof DELIVERIES,
): void {
  const { limit, where, hint } = DELIVERIES[delivery]
  const problems: string[] = []
  if (sizeBytes > limit) {
    problems.push(
      `the package is ${exact(sizeBytes)}; the limit when it is sent ${where} is ${exact(limit)}`,
    )
  }
  if (unpackedBytes > UNPACKED_LIMIT_BYTES) {
    problems.push(
      `the files are ${exact(unpackedBytes)} unpacked; the limit is ${exact(UNPACKED_LIMIT_BYTES)}`,
    )
  }
  if (problems.length === 0) return
  const largest = entries
    .toSorted((a, b) => b.packedBytes - a.packedBytes)
    .slice(0, NAMED_FILES)
    .map(({ name, packedBytes }) => `${showName(name)} (${formatBytes(packedBytes)})`)
  const list = largest.length === 0 ? '' : `. The largest files: ${largest.join(', ')}`
  const evidence = { kind: 'largest files', entries } as const
  throw new DeployError('SOURCE_TOO_LARGE', problems.join('; ') + list, { evidence, hint })
}

/** As {@link checkLimits}, for files that are not packed yet: only their unpacked size is known. */
export function checkUnpacked(files: readonly SourceFile[]): void {
  const entries = files.map(({ name, sizeBytes }) => ({ name, sizeBytes, packedBytes: sizeBytes }))
  const unpackedBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  checkLimits({ sizeBytes: 0, unpackedBytes, entries }, 'bucket')
}

/** Checks that a zip can contain so many files. Throws DeployError `SOURCE_TOO_LARGE`. */
export function checkCount(files: number): void {
  if (files <= MAX_ENTRIES) return
  throw new DeployError(
    'SOURCE_TOO_LARGE',
    `the package would have more than ${MAX_ENTRIES} files, the most that a zip can contain`,
    { hint: EXCLUDE_HINT },
  )
}

function exact(bytes: number): string {
  return `${formatBytes(bytes)} (${bytes} bytes)`
}
