/** Writes a zip into memory, entry by entry: only names, bytes and the executable bit. */

import { createHash } from 'node:crypto'
import { DeployError } from '../../errors.ts'
import type { Archive, ArchiveEntry, SourceFile } from '../source.ts'

/** More entries, or more than 4 GiB, need the Zip64 format. */
export const MAX_ENTRIES = 65_534

/** A packed file. */
export interface Packed extends Omit<ArchiveEntry, 'name'> {
  readonly method: 'stored' | 'deflated'
  readonly pieces: readonly Uint8Array[]
}

/** The largest offset of the format, minus room for the central directory. */
const MAX_BYTES = 0xffff_ffff - MAX_ENTRIES * 1024
/** Small pieces are collected in slabs of this size, so that sending and hashing take few steps. */
const SLAB_BYTES = 1 << 20
/** Names are UTF-8; sizes are in the local headers, without data descriptors. */
const FLAGS = 0x0800
const VERSION_NEEDED = 20
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED
/** 1980-01-01 00:00:00, the earliest time of the format. */
const DOS_DATE = (1 << 5) | 1
const DOS_TIME = 0
const FILE_MODE = 0o100644
const PROGRAM_MODE = 0o100755
const METHODS = { stored: 0, deflated: 8 } as const

/** Entries are written in the order in which they are added. */
export class ZipWriter {
  readonly #chunks: Uint8Array[] = []
  readonly #hash = createHash('sha256')
  readonly #central: Buffer[] = []
  #slab = Buffer.alloc(0)
  #slabStart = 0
  #slabEnd = 0
  #offset = 0

  /**
   * Appends an entry. Large pieces are not copied: do not change them afterwards. Throws DeployError `SOURCE_TOO_LARGE`
   * when the zip would need the Zip64 format.
   */
  add(file: Pick<SourceFile, 'name' | 'executable'>, packed: Packed): void {
    if (this.#central.length === MAX_ENTRIES || this.#offset + packed.packedBytes > MAX_BYTES) {
      throw new DeployError(
        'SOURCE_TOO_LARGE',
        `the package would have more than ${MAX_ENTRIES} files or 4 GiB, ` +
          'the most that a zip can contain',
      )
    }
    const name = Buffer.from(file.name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION_NEEDED, 0)
    common.writeUInt16LE(FLAGS, 2)
    common.writeUInt16LE(METHODS[packed.method], 4)
    common.writeUInt16LE(DOS_TIME, 6)
    common.writeUInt16LE(DOS_DATE, 8)
    common.writeUInt32LE(packed.crc32, 10)
    common.writeUInt32LE(packed.packedBytes, 14)
    common.writeUInt32LE(packed.sizeBytes, 18)
    common.writeUInt16LE(name.length, 22)

    const record = Buffer.alloc(46 + name.length)
    record.write('PK\x01\x02', 0, 'latin1')
    record.writeUInt16LE(MADE_BY_UNIX, 4)
    common.copy(record, 6)
    record.writeUInt32LE((file.executable ? PROGRAM_MODE : FILE_MODE) * 0x1_0000, 38)
    record.writeUInt32LE(this.#offset, 42)
    name.copy(record, 46)
    this.#central.push(record)

    this.#write(Buffer.from('PK\x03\x04', 'latin1'))
    this.#write(common)
    this.#write(name)
    for (const piece of packed.pieces) this.#write(piece)
  }

  /** Writes the central directory; the writer cannot be used afterwards. */
  finish(): Pick<Archive, 'chunks' | 'sizeBytes' | 'sha256'> {
    const start = this.#offset
    for (const record of this.#central) this.#write(record)
    const end = Buffer.alloc(22)
    end.write('PK\x05\x06', 0, 'latin1')
    end.writeUInt16LE(this.#central.length, 8)
    end.writeUInt16LE(this.#central.length, 10)
    end.writeUInt32LE(this.#offset - start, 12)
    end.writeUInt32LE(start, 16)
    this.#write(end)
    this.#flush()
    return { chunks: this.#chunks, sizeBytes: this.#offset, sha256: this.#hash.digest('hex') }
  }

  #write(bytes: Uint8Array): void {
    this.#offset += bytes.length
    if (bytes.length >= SLAB_BYTES) {
      this.#flush()
      this.#emit(bytes)
      return
    }
    let from = 0
    while (from < bytes.length) {
      if (this.#slabEnd === this.#slab.length) {
        this.#flush()
        this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
        this.#slabStart = this.#slabEnd = 0
      }
      const part = bytes.subarray(from, from + this.#slab.length - this.#slabEnd)
      this.#slab.set(part, this.#slabEnd)
      this.#slabEnd += part.length
      from += part.length
    }
  }

  /** The rest of the slab is used for the next pieces. */
  #flush(): void {
    if (this.#slabEnd > this.#slabStart) {
      this.#emit(this.#slab.subarray(this.#slabStart, this.#slabEnd))
    }
    this.#slabStart = this.#slabEnd
  }

  #emit(bytes: Uint8Array): void {
    this.#chunks.push(bytes)
    this.#hash.update(bytes)
  }
}
