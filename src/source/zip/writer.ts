/**
 * Writes a zip into memory, entry by entry: nothing in it but names, bytes and the executable bit.
 */

import { createHash, type Hash } from 'node:crypto'
import { DeployError } from '../../errors.ts'

/** One entry more and the format needs its 64-bit form, as it does from 4 GiB on. */
export const MAX_ENTRIES = 65_534

/** A file as it is stored: `deflated`, or as it is. */
export interface Packed {
  readonly method: 'stored' | 'deflated'
  readonly pieces: readonly Uint8Array[]
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly crc32: number
}

/** How an entry is called and may be used. */
export interface EntryHead {
  /** With `/` separators. */
  readonly name: string
  readonly executable: boolean
}

/** A finished zip. */
export interface Zip {
  readonly chunks: readonly Uint8Array[]
  readonly sizeBytes: number
  /** Hex. */
  readonly sha256: string
}

/** Most that the file offsets of the format can say, with room for the central directory. */
const MAX_BYTES = 0xffff_ffff - MAX_ENTRIES * 1024
/** Small pieces are gathered in slabs of this size, so that sending and hashing take few steps. */
const SLAB_BYTES = 1 << 20
/** Names are UTF-8; sizes stand in the local header, so there are no data descriptors. */
const FLAGS = 0x0800
const VERSION_NEEDED = 20
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED
/** 1980-01-01 00:00:00, the earliest time there is in a zip. */
const DOS_DATE = (1 << 5) | 1
const DOS_TIME = 0
const FILE_MODE = 0o100644
const PROGRAM_MODE = 0o100755
const METHODS = { stored: 0, deflated: 8 } as const

/** Takes the entries in the order in which they are to stand in the zip. */
export class ZipWriter {
  readonly #chunks: Uint8Array[] = []
  readonly #hash: Hash = createHash('sha256')
  readonly #central: Buffer[] = []
  #slab = Buffer.alloc(0)
  #slabStart = 0
  #slabEnd = 0
  #offset = 0

  /**
   * Appends an entry. The pieces are not copied when they are as large as a slab: leave them alone
   * afterwards.
   *
   * Throws DeployError `SOURCE_TOO_LARGE` where the format would need its 64-bit form.
   */
  add(head: EntryHead, packed: Packed): void {
    if (this.#central.length === MAX_ENTRIES || this.#offset + packed.packedBytes > MAX_BYTES) {
      throw new DeployError(
        'SOURCE_TOO_LARGE',
        `the package would have more than ${MAX_ENTRIES} files or 4 GiB, ` +
          'the most that a zip can contain',
      )
    }
    const name = Buffer.from(head.name)
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
    record.writeUInt32LE((head.executable ? PROGRAM_MODE : FILE_MODE) * 0x1_0000, 38)
    record.writeUInt32LE(this.#offset, 42)
    name.copy(record, 46)
    this.#central.push(record)

    this.#write(Buffer.from('PK\x03\x04', 'latin1'))
    this.#write(common)
    this.#write(name)
    for (const piece of packed.pieces) this.#write(piece)
  }

  /** Writes the central directory; the writer is of no use afterwards. */
  finish(): Zip {
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

  /** The rest of the slab stays in use for what comes next. */
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
