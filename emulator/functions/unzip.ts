/** Unpacks a zip in memory and checks every entry: its name, its size and its CRC. */

import { crc32 } from 'node:zlib'
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'

/** A file in a zip. */
export interface ZipEntry {
  readonly name: string
  /** Unix mode; 0 when the zip was made without one. */
  readonly mode: number
  readonly bytes: Buffer
}

/** A zip that is refused, and why. */
export class ZipError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ZipError'
  }
}

/**
 * The files of a zip, one after the other.
 * Throws ZipError when it is damaged or unpacks to more than `maxBytes`.
 */
export async function* unzip(zip: Buffer, maxBytes: number): AsyncGenerator<ZipEntry> {
  let left = maxBytes
  const file = await open(zip)
  try {
    for await (const entry of file.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      const bytes = await read(file, { entry, limit: left })
      left -= bytes.length
      if (crc32(bytes) !== entry.crc32) throw new ZipError(`bad CRC of ${entry.fileName}`)
      yield { name: entry.fileName, mode: entry.externalFileAttributes >>> 16, bytes }
    }
  } catch (error) {
    throw error instanceof ZipError ? error : new ZipError(String(error), { cause: error })
  }
}

async function open(zip: Buffer): Promise<ZipFile> {
  try {
    return await fromBufferPromise(zip, { lazyEntries: true })
  } catch (error) {
    throw new ZipError(String(error), { cause: error })
  }
}

async function read(
  file: ZipFile,
  { entry, limit }: { readonly entry: Entry; readonly limit: number },
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of await file.openReadStreamPromise(entry)) {
    if (!Buffer.isBuffer(chunk)) continue
    size += chunk.length
    if (size > limit) throw new ZipError(TOO_LARGE)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const TOO_LARGE = 'unpacked package exceeds the limit'
