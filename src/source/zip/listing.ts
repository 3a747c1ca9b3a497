/** Lists the files of a zip that is far away, by its end and its central directory alone. */

import type { FileSum } from '../source.ts'

/** A part of the zip. */
export interface ZipPart {
  readonly bytes: Uint8Array
  /** Where it begins in the zip. */
  readonly start: number
  /** Of the whole zip. */
  readonly sizeBytes: number
}

/** Reads the last bytes of the zip, or those from one to another, the last one not included. */
export type ReadPart = (
  range: { readonly last: number } | { readonly from: number; readonly to: number },
) => Promise<ZipPart | undefined>

/** The size of a zip, and its files in the order of the zip. */
export interface Listing {
  readonly sizeBytes: number
  readonly files: readonly FileSum[]
}

const END_BYTES = 22
const END_SIGNATURE = 0x06054b50
const RECORD_BYTES = 46
const RECORD_SIGNATURE = 0x02014b50
/** The end record with its comment, and the whole directory of a zip of some hundred files. */
const TAIL_BYTES = END_BYTES + 0xffff
/** A directory of 65 534 files, the most that a package can have, takes about that much. */
const MAX_DIRECTORY_BYTES = 8 * 1024 ** 2

/**
 * One part is read, and a second one only for what the first has not got of the directory. Undefined when a part
 * cannot be had, when the directory is larger than that of any package, or when it is no zip of the plain form.
 */
export async function listRemoteZip(read: ReadPart): Promise<Listing | undefined> {
  const tail = await read({ last: TAIL_BYTES })
  if (!tail) return undefined
  const { sizeBytes } = tail
  const bytes = Buffer.from(tail.bytes)
  const place = findDirectory(bytes)
  if (!place || place.length > MAX_DIRECTORY_BYTES) return undefined
  const end = place.start + place.length
  if (end > tail.start + bytes.length) return undefined
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
  const files = readRecords(directory, place.entries)
  return files && { sizeBytes, files }
}

/** Where the last end record of a zip says that its directory is. */
function findDirectory(
  tail: Buffer,
): { start: number; length: number; entries: number } | undefined {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    const isEnd =
      tail.readUInt32LE(at) === END_SIGNATURE &&
      at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length
    if (isEnd) {
      return {
        entries: tail.readUInt16LE(at + 10),
        length: tail.readUInt32LE(at + 12),
        start: tail.readUInt32LE(at + 16),
      }
    }
  }
  return undefined
}

/** The records of files; folders are none. */
function readRecords(directory: Buffer, entries: number): readonly FileSum[] | undefined {
  const files: FileSum[] = []
  let at = 0
  for (let read = 0; read < entries; read++) {
    const isRecord =
      at + RECORD_BYTES <= directory.length && directory.readUInt32LE(at) === RECORD_SIGNATURE
    if (!isRecord) return undefined
    const nameEnd = at + RECORD_BYTES + directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + RECORD_BYTES, nameEnd)
    const crc32 = directory.readUInt32LE(at + 16)
    const sizeBytes = directory.readUInt32LE(at + 24)
    if (!name.endsWith('/')) files.push({ name, sizeBytes, crc32 })
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return at === directory.length ? files : undefined
}
