/** Reads the central directory of a zip, and finds entries that would be unpacked wrongly. */

import { badName, showName } from '../file-names.ts'
import type { ArchiveEntry } from '../source.ts'

/** The end record and its comment are within the last bytes of a zip, at most this many. */
export const TAIL_BYTES = 22 + 0xffff

/** Where the central directory is. */
export interface DirectoryPlace {
  readonly start: number
  readonly length: number
  readonly entries: number
}

/** An entry with the place of its local header. */
export interface DirectoryEntry {
  readonly file: ArchiveEntry
  /** The bytes of the name, one character each. */
  readonly rawName: string
  /** 0 is stored, 8 is deflated. */
  readonly method: number
  readonly offset: number
  readonly isFolder: boolean
  readonly isEncrypted: boolean
}

const END_SIGNATURE = 0x06054b50
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50
const RECORD_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const ENCRYPTED = 1

/**
 * Finds the central directory in the last {@link TAIL_BYTES} of a zip of `size` bytes. Returns a text if there is a
 * fault: the end of a sentence about the file.
 */
export function findDirectory(tail: Buffer, size: number): DirectoryPlace | string {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue
    if (at + 22 + tail.readUInt16LE(at + 20) !== tail.length) continue
    const entries = tail.readUInt16LE(at + 10)
    const length = tail.readUInt32LE(at + 12)
    const start = tail.readUInt32LE(at + 16)
    const is64 = at >= 20 && tail.readUInt32LE(at - 20) === ZIP64_LOCATOR_SIGNATURE
    if (is64 || entries === 0xffff || length === 0xffff_ffff || start === 0xffff_ffff) {
      return 'is a Zip64 archive (for many or large files), which is not supported'
    }
    const isWhole = tail.readUInt16LE(at + 4) === 0 && tail.readUInt16LE(at + 8) === entries
    if (!isWhole) return 'is one part of a zip that was split'
    if (start + length !== size - tail.length + at) {
      return 'is a damaged zip: its central directory is not where its end record says'
    }
    return { start, length, entries }
  }
  return 'is not a zip, or only the beginning of one: the end record is missing'
}

/** Lists the entries of a central directory, or describes a fault as {@link findDirectory} does. */
export function readDirectory(directory: Buffer, place: DirectoryPlace): DirectoryEntry[] | string {
  const entries: DirectoryEntry[] = []
  let at = 0
  while (at < directory.length) {
    const isRecord = at + 46 <= directory.length && directory.readUInt32LE(at) === RECORD_SIGNATURE
    const end = isRecord ? at + 46 + directory.readUInt16LE(at + 28) : Infinity
    if (end > directory.length) return 'is a damaged zip: its central directory cannot be read'
    const name = directory.toString('utf8', at + 46, end)
    const crc32 = directory.readUInt32LE(at + 16)
    const packedBytes = directory.readUInt32LE(at + 20)
    const sizeBytes = directory.readUInt32LE(at + 24)
    entries.push({
      file: { name, sizeBytes, packedBytes, crc32 },
      // Byte by byte: older tools write names in other encodings than UTF-8.
      rawName: directory.toString('latin1', at + 46, end),
      method: directory.readUInt16LE(at + 10),
      offset: directory.readUInt32LE(at + 42),
      isFolder: name.endsWith('/'),
      isEncrypted: (directory.readUInt16LE(at + 8) & ENCRYPTED) !== 0,
    })
    at = end + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  if (at !== directory.length || entries.length !== place.entries) {
    return 'is a damaged zip: its end record has another number of entries'
  }
  return entries
}

/** Describes the first entry that would be unpacked wrongly, as {@link findDirectory} does a fault. */
export function findEntryFault(entries: readonly DirectoryEntry[]): string | undefined {
  const names = new Set<string>()
  for (const { file, rawName, isEncrypted } of entries) {
    if (names.has(rawName)) return `contains ${showName(file.name)} twice`
    const fault = findNameFault(file.name) ?? (isEncrypted ? 'is encrypted' : undefined)
    if (fault !== undefined) return `contains the entry ${showName(file.name)} that ${fault}`
    names.add(rawName)
  }
  return undefined
}

function findNameFault(name: string): string | undefined {
  if (name === '') return 'has no name'
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'is an absolute path'
  if (name.split('/').includes('..')) return 'leads out of the package'
  return badName(name)
}

/** The packed data of an entry; undefined if its local header does not agree with the central directory. */
export function readEntry(
  { file, rawName, method, offset }: DirectoryEntry,
  { bytes, place }: { bytes: Buffer; place: DirectoryPlace },
): Buffer | undefined {
  const nameStart = offset + 30
  if (nameStart > place.start || bytes.readUInt32LE(offset) !== LOCAL_SIGNATURE) return undefined
  const nameEnd = nameStart + bytes.readUInt16LE(offset + 26)
  const dataStart = nameEnd + bytes.readUInt16LE(offset + 28)
  const dataEnd = dataStart + file.packedBytes
  const isSame =
    bytes.toString('latin1', nameStart, nameEnd) === rawName &&
    // Another method would hide the real content from our checks.
    bytes.readUInt16LE(offset + 8) === method
  return isSame && dataEnd <= place.start ? bytes.subarray(dataStart, dataEnd) : undefined
}
