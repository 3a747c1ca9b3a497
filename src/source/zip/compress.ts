/** Reads and compresses one file in the fastest way for its size. */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { crc32, createDeflateRaw, deflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib'
import { findPrivateKey } from '../keys.ts'
import type { SourceFile } from '../source.ts'
import type { Packed } from './writer.ts'

/** A file that is ready to be stored. */
export interface PackedFile extends Packed {
  /** The kind of private key that the file is; undefined if it is not one. */
  readonly key?: string | undefined
}

/** What is known of a file without its packed bytes. */
type Facts = Pick<PackedFile, 'sizeBytes' | 'crc32' | 'key'>

/** Up to this size, using the thread pool costs more than the compression itself. */
export const SMALL_BYTES = 32 * 1024
/** From this size on, a file is never read into memory as a whole. */
const LARGE_BYTES = 1 << 20

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
export function packSmall(file: SourceFile): PackedFile | undefined {
  const length = readScratch(file)
  if (length > SMALL_BYTES) return undefined
  const bytes = scratch.subarray(0, length)
  const facts = factsOf(bytes)
  if (length > 0) {
    const deflated = deflateRawSync(bytes, optionsFor(length))
    if (deflated.length < length) return packedAs('deflated', { pieces: [deflated], facts })
  }
  return packedAs('stored', { pieces: [Buffer.from(bytes)], facts })
}

/** Packs a larger file, compressing in the thread pool. Rejects with errors of the file system. */
export async function packLarger(file: SourceFile): Promise<PackedFile> {
  return file.sizeBytes < LARGE_BYTES ? packMedium(file) : packLarge(file)
}

const deflateInPool = promisify(deflateRaw)

async function packMedium(file: SourceFile): Promise<PackedFile> {
  const bytes = readFileSync(file.path)
  const facts = factsOf(bytes)
  const deflated = await deflateInPool(bytes, optionsFor(bytes.length))
  if (deflated.length < bytes.length) return packedAs('deflated', { pieces: [deflated], facts })
  return packedAs('stored', { pieces: [bytes], facts })
}

async function packLarge(file: SourceFile): Promise<PackedFile> {
  const handle = await open(file.path)
  try {
    if (await shrinks(handle, file.sizeBytes)) {
      const deflated = await deflateLarge(handle)
      if (deflated.packedBytes < deflated.sizeBytes) return deflated
    }
    const pieces: Buffer[] = []
    const facts = await readPieces(handle, (piece) => pieces.push(piece))
    return packedAs('stored', { pieces, facts })
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

async function deflateLarge(handle: FileHandle): Promise<PackedFile> {
  const stream = createDeflateRaw({ level: LEVEL, chunkSize: LARGE_BYTES })
  const pieces: Buffer[] = []
  stream.on('data', (piece: Buffer) => pieces.push(piece))
  const write = promisify((piece: Buffer, done: (error?: Error | null) => void) =>
    stream.write(piece, done),
  )
  const facts = await readPieces(handle, write)
  stream.end()
  await finished(stream)
  return packedAs('deflated', { pieces, facts })
}

/** Reads a file piece by piece; its size is the one actually read, which may have changed since the selection. */
async function readPieces(handle: FileHandle, use: (piece: Buffer) => unknown): Promise<Facts> {
  const facts = { sizeBytes: 0, crc32: 0 }
  for (;;) {
    const buffer = Buffer.allocUnsafeSlow(LARGE_BYTES)
    const { bytesRead } = await handle.read({ buffer, position: facts.sizeBytes })
    if (bytesRead === 0) return facts
    const piece = buffer.subarray(0, bytesRead)
    facts.sizeBytes += bytesRead
    facts.crc32 = crc32(piece, facts.crc32)
    await use(piece)
  }
}

function factsOf(bytes: Buffer): Facts {
  return { sizeBytes: bytes.length, crc32: crc32(bytes), key: findPrivateKey(bytes) }
}

function packedAs(
  method: Packed['method'],
  { pieces, facts }: { pieces: readonly Uint8Array[]; facts: Facts },
): PackedFile {
  const packedBytes = pieces.reduce((sum, { length }) => sum + length, 0)
  return { method, pieces, packedBytes, ...facts }
}

/** An output buffer that has room for the worst case avoids a copy of the result. */
function optionsFor(length: number): ZlibOptions {
  return { level: LEVEL, chunkSize: length + (length >> 10) + 64 }
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
