/** Lists the files of a zip that is far away, by its end and its central directory alone. */

import type { FileSum } from '../source.ts'
import { findDirectory, readDirectory, TAIL_BYTES } from './central-directory.ts'

/** Reads the last bytes of the zip, or those from one to another, the last one not included; undefined if it cannot. */
export type ReadPart = (
  range: { readonly last: number } | { readonly from: number; readonly to: number },
) => Promise<ZipPart | undefined>

interface ZipPart {
  readonly bytes: Uint8Array
  /** Where the part begins in the zip. */
  readonly start: number
  /** Of the whole zip. */
  readonly sizeBytes: number
}

/** What a zip holds. */
export interface Listing {
  readonly sizeBytes: number
  /** In the order of the zip. */
  readonly files: readonly FileSum[]
}

/** A directory of 65 534 files, the most that a package can have, takes about that much. */
const MAX_DIRECTORY_BYTES = 8 * 1024 ** 2

/**
 * The size of the zip, and its files in the order of the zip. One part is read, and a second one only for what the first
 * has not got of the directory. Undefined when a part cannot be had, when the directory is larger than that of any
 * package, or when it is no zip of the plain form.
 */
export async function listRemoteZip(read: ReadPart): Promise<Listing | undefined> {
  const tail = await read({ last: TAIL_BYTES })
  if (!tail) return undefined
  const { sizeBytes } = tail
  const bytes = Buffer.from(tail.bytes)
  const place = findDirectory(bytes, sizeBytes)
  if (typeof place === 'string' || place.length > MAX_DIRECTORY_BYTES) return undefined
  const end = place.start + place.length
  let directory = bytes.subarray(Math.max(0, place.start - tail.start), end - tail.start)
  if (place.start < tail.start) {
    const to = Math.min(end, tail.start)
    const missing = await read({ from: place.start, to })
    // Another size, or a part that is not the one asked for: the zip has been replaced meanwhile, or is sent whole.
    if (missing?.sizeBytes !== sizeBytes || missing.bytes.length !== to - place.start) {
      return undefined
    }
    directory = Buffer.concat([missing.bytes, directory])
  }
  const entries = readDirectory(directory, place)
  if (typeof entries === 'string') return undefined
  const files = entries
    .filter(({ isFolder }) => !isFolder)
    .map(({ file: { name, sizeBytes, crc32 } }) => ({ name, sizeBytes, crc32 }))
  return { sizeBytes, files }
}
