/** Reads and compresses one file in the fastest way for its size. */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { crc32, createDeflateRaw, deflateRaw, deflateRawSync } from 'node:zlib'
import { findPrivateKey } from '../keys.ts'
import type { SourceFile } from '../source.ts'
import type { Packed } from './writer.ts'

/** A file that is ready to be stored. */
export interface Outcome {
  readonly packed: Packed
  /** The kind of private key that the file is; undefined if it is not one. */
  readonly key?: string | undefined
}

/** Up to this size, using the thread pool costs more than the compression itself. */
export const SMALL_BYTES = 32 * 1024
/** From this size on, a file is never read into memory as a whole. */
export const LARGE_BYTES = 1 << 20

const LEVEL = 6
const SAMPLES = 16
const SAMPLE_BYTES = 16 * 1024
/** A file is stored uncompressed if no sample shrinks to less than this share. */
const SAMPLE_SHRINKS = 0.98
/** One byte larger than a small file, so that a file that has grown is noticed. */
const scratch = Buffer.allocUnsafeSlow(SMALL_BYTES + 1)

/**
 * Packs a file of at most {@link SMALL_BYTES} in this thread; undefined if it has grown beyond that since it was
 * selected. Throws errors of the file system.
 */
export function packSmall(file: SourceFile): Outcome | undefined {
  const length = readScratch(file)
  if (length > SMALL_BYTES) return undefined
  const bytes = scratch.subarray(0, length)
  const key = findPrivateKey(bytes)
  const crc = crc32(bytes)
  if (length > 0) {
    // An output buffer of the right size avoids a copy of the result.
    const deflated = deflateRawSync(bytes, { level: LEVEL, chunkSize: outputBytes(length) })
    if (deflated.length < length) return { key, packed: deflatedFile([deflated], { length, crc }) }
  }
  return { key, packed: storedFile([Buffer.from(bytes)], { length, crc }) }
}

/** Packs a larger file, compressing in the thread pool. Rejects with errors of the file system. */
export async function packLarger(file: SourceFile): Promise<Outcome> {
  return file.sizeBytes < LARGE_BYTES ? packMedium(file) : packLarge(file)
}

async function packMedium(file: SourceFile): Promise<Outcome> {
  const bytes = readFileSync(file.path)
  const key = findPrivateKey(bytes)
  const length = bytes.length
  const crc = crc32(bytes)
  const deflated = await new Promise<Buffer>((resolve, reject) => {
    deflateRaw(bytes, { level: LEVEL, chunkSize: outputBytes(length) }, (error, result) => {
      if (error === null) resolve(result)
      else reject(error)
    })
  })
  if (deflated.length < length) return { key, packed: deflatedFile([deflated], { length, crc }) }
  return { key, packed: storedFile([bytes], { length, crc }) }
}

async function packLarge(file: SourceFile): Promise<Outcome> {
  const handle = await open(file.path)
  try {
    if (await shrinks(handle, file.sizeBytes)) {
      const deflated = await deflateLarge(handle)
      if (deflated.packedBytes < deflated.sizeBytes) return { packed: deflated }
    }
    return { packed: await storeLarge(handle) }
  } finally {
    await handle.close()
  }
}

/** Whether the file is likely to shrink, judged by samples spread evenly over it. */
async function shrinks(handle: FileHandle, sizeBytes: number): Promise<boolean> {
  const sample = Buffer.allocUnsafe(SAMPLE_BYTES)
  const step = Math.floor((sizeBytes - SAMPLE_BYTES) / (SAMPLES - 1))
  for (let index = 0; index < SAMPLES; index++) {
    const { bytesRead } = await handle.read(sample, 0, SAMPLE_BYTES, index * step)
    if (bytesRead === 0) return true
    const bytes = sample.subarray(0, bytesRead)
    if (deflateRawSync(bytes, { level: LEVEL }).length < bytesRead * SAMPLE_SHRINKS) return true
  }
  return false
}

async function deflateLarge(handle: FileHandle): Promise<Packed> {
  const stream = createDeflateRaw({ level: LEVEL, chunkSize: LARGE_BYTES })
  const pieces: Buffer[] = []
  stream.on('data', (piece: Buffer) => pieces.push(piece))
  const sums = { length: 0, crc: 0 }
  for await (const bytes of readPieces(handle)) {
    sums.length += bytes.length
    sums.crc = crc32(bytes, sums.crc)
    await new Promise<void>((resolve, reject) => {
      stream.write(bytes, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }
  stream.end()
  await finished(stream)
  return deflatedFile(pieces, sums)
}

async function storeLarge(handle: FileHandle): Promise<Packed> {
  const pieces: Buffer[] = []
  const sums = { length: 0, crc: 0 }
  for await (const bytes of readPieces(handle)) {
    pieces.push(bytes)
    sums.length += bytes.length
    sums.crc = crc32(bytes, sums.crc)
  }
  return storedFile(pieces, sums)
}

async function* readPieces(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await handle.read({
      buffer: Buffer.allocUnsafeSlow(LARGE_BYTES),
      position,
    })
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** The file uncompressed; uses the size actually read, which may have changed since the selection. */
function storedFile(
  pieces: readonly Uint8Array[],
  of: { readonly length: number; readonly crc: number },
): Packed {
  return {
    method: 'stored',
    pieces,
    packedBytes: of.length,
    sizeBytes: of.length,
    crc32: of.crc,
  }
}

function deflatedFile(
  pieces: readonly Uint8Array[],
  of: { readonly length: number; readonly crc: number },
): Packed {
  return {
    method: 'deflated',
    pieces,
    packedBytes: pieces.reduce((sum, { length }) => sum + length, 0),
    sizeBytes: of.length,
    crc32: of.crc,
  }
}

/** Fills the scratch buffer; a result above {@link SMALL_BYTES} means that the file has grown. */
function readScratch(file: SourceFile): number {
  const descriptor = openSync(file.path, 'r')
  try {
    let length = 0
    while (length < scratch.length) {
      const read = readSync(descriptor, scratch, length, scratch.length - length, null)
      length += read
      // Usually one read is enough; stopping here saves a call per file.
      if (read === 0 || length === file.sizeBytes) break
    }
    return length
  } finally {
    closeSync(descriptor)
  }
}

/** Room for the worst case of deflate. */
function outputBytes(length: number): number {
  return length + (length >> 10) + 64
}
