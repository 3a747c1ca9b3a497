/** The limits of Yandex Cloud Functions on a package, checked before anything is sent. */

import { DeployError } from '../errors.ts'
import { formatBytes } from '../text.ts'
import { showName } from './names.ts'
import type { Archive, ArchiveEntry, SourceFile } from './source.ts'
import { MAX_ENTRIES } from './zip/writer.ts'

/**
 * Largest zip that may be sent inside the request, in bytes: 3.5 MB.
 * https://yandex.cloud/en/docs/functions/concepts/limits
 */
export const INLINE_LIMIT_BYTES = 3_670_016

/**
 * Largest zip that is taken from a bucket, in bytes: 128 MB.
 * https://yandex.cloud/en/docs/functions/concepts/limits
 */
export const BUCKET_LIMIT_BYTES = 128 * 1024 * 1024

/**
 * Most that a package may hold once unpacked, in bytes: 680 MB.
 * https://yandex.cloud/en/docs/functions/concepts/limits
 */
export const UNPACKED_LIMIT_BYTES = 680 * 1024 * 1024

const DELIVERIES = {
  inline: { limit: INLINE_LIMIT_BYTES, where: 'sent inside the request' },
  bucket: { limit: BUCKET_LIMIT_BYTES, where: 'sent through a bucket' },
} as const

const NAMED_FILES = 5
const EXCLUDE_HINT =
  'Leave out what the function does not need, with `exclude` or a `.ycignore` file.'

/**
 * Checks a package against the limits of the way it is sent.
 *
 * @throws DeployError `SOURCE_TOO_LARGE`, naming the size, the limit and the largest files, with a
 *   table of the largest folders.
 */
export function checkLimits(
  archive: Pick<Archive, 'sizeBytes' | 'entries' | 'unpackedBytes'>,
  delivery: 'inline' | 'bucket',
): void {
  const { limit, where } = DELIVERIES[delivery]
  const problems: string[] = []
  if (archive.sizeBytes > limit) {
    problems.push(
      `the package takes ${exact(archive.sizeBytes)}, ` +
        `the limit for one ${where} is ${exact(limit)}`,
    )
  }
  if (archive.unpackedBytes > UNPACKED_LIMIT_BYTES) {
    problems.push(unpackedProblem(archive.unpackedBytes))
  }
  if (problems.length === 0) return
  throw tooLarge(archive.entries, {
    problems,
    hint: delivery === 'inline' ? undefined : EXCLUDE_HINT,
  })
}

/**
 * Checks that files which are not packed yet fit into a package once they are unpacked.
 *
 * @throws DeployError `SOURCE_TOO_LARGE`, as {@link checkLimits} does.
 */
export function checkUnpacked(files: readonly SourceFile[]): void {
  const unpackedBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (unpackedBytes <= UNPACKED_LIMIT_BYTES) return
  // Nothing is packed or read yet.
  const entries = files.map(({ name, sizeBytes }) => ({
    name,
    sizeBytes,
    packedBytes: sizeBytes,
    crc32: 0,
  }))
  throw tooLarge(entries, {
    problems: [unpackedProblem(unpackedBytes)],
    hint: EXCLUDE_HINT,
  })
}

/**
 * Checks that so many files fit into a zip.
 *
 * @throws DeployError `SOURCE_TOO_LARGE`
 */
export function checkCount(files: number): void {
  if (files <= MAX_ENTRIES) return
  throw new DeployError(
    'SOURCE_TOO_LARGE',
    `the package would have more than ${MAX_ENTRIES} files, the most that a zip can hold`,
    { hint: EXCLUDE_HINT },
  )
}

function tooLarge(
  entries: readonly ArchiveEntry[],
  about: { problems: readonly string[]; hint: string | undefined },
): DeployError {
  const largest = entries
    .toSorted((a, b) => b.packedBytes - a.packedBytes)
    .slice(0, NAMED_FILES)
    .map(({ name, packedBytes }) => `${showName(name)} (${formatBytes(packedBytes)})`)
  return new DeployError(
    'SOURCE_TOO_LARGE',
    about.problems.join('; ') +
      (largest.length === 0 ? '' : `. The largest files: ${largest.join(', ')}`),
    {
      evidence: { kind: 'largest files', entries },
      ...(about.hint !== undefined && { hint: about.hint }),
    },
  )
}

function unpackedProblem(bytes: number): string {
  return `the files take ${exact(bytes)} unpacked, the limit is ${exact(UNPACKED_LIMIT_BYTES)}`
}

function exact(bytes: number): string {
  return `${formatBytes(bytes)} (${bytes} bytes)`
}
