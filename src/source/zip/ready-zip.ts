/** Reads a ready zip: checks its entries and uses its bytes unchanged. */

import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'
import { DeployError } from '../../errors.ts'
import { listProblems } from '../../text.ts'
import { yieldToEventLoop } from '../event-loop.ts'
import { describeFsError, fsCode, showName } from '../file-names.ts'
import { judgeKeys, type FoundKey } from '../found-keys.ts'
import { findPrivateKey, MAX_KEY_BYTES } from '../keys.ts'
import { BUCKET_LIMIT_BYTES, checkLimits } from '../limits.ts'
import type { CheckedArchive } from '../source.ts'
import { findInput } from '../workspace.ts'
import {
  findDirectory,
  findEntryFault,
  readDirectory,
  readEntry,
  TAIL_BYTES,
  type DirectoryEntry,
  type DirectoryPlace,
} from './central-directory.ts'

/** Enough for the largest number of entries with names of 400 bytes. */
const MAX_DIRECTORY_BYTES = 32 << 20
/** Bytes are read and hashed in steps of this size, between which other work can run. */
const STEP_BYTES = 8 << 20

/**
 * Throws DeployError `SOURCE_EMPTY` when the zip is missing or contains no file; `SOURCE_UNSAFE` when it is outside of the
 * workspace, is damaged, has names that would be unpacked elsewhere, or contains a private key; `SOURCE_TOO_LARGE` when
 * it exceeds the limits for every way to send it.
 */
export async function readPackage(
  file: string,
  deps: { workspace: string },
): Promise<CheckedArchive> {
  const { real, shown } = await findInput('package', { ...deps, path: file })
  const handle = await open(real).catch((error: unknown) => {
    throw new DeployError('SOURCE_UNSAFE', `${shown} ${describeFsError(error)}`, { cause: error })
  })
  try {
    const { size } = await handle.stat()
    const tail = await readRange(handle, { from: Math.max(0, size - TAIL_BYTES), to: size })
    const place = orThrow(findDirectory(tail, size), shown)
    if (size > BUCKET_LIMIT_BYTES && place.length > MAX_DIRECTORY_BYTES) {
      checkLimits({ sizeBytes: size, entries: [], unpackedBytes: 0 }, 'bucket')
    }
    const records = await readRange(handle, { from: place.start, to: place.start + place.length })
    const all = orThrow(readDirectory(records, place), shown)
    orThrow(findEntryFault(all) ?? all, shown)
    const entries = all.filter(({ isFolder }) => !isFolder).map(({ file }) => file)
    if (entries.length === 0) {
      throw new DeployError('SOURCE_EMPTY', `${shown} is a zip without files`, {
        topic: 'ready-zip-missing',
        hint: 'Check the step that creates the zip.',
      })
    }
    const unpackedBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const archive = { sizeBytes: size, entries, unpackedBytes }
    // Checked before the whole zip is read into memory.
    checkLimits(archive, 'bucket')
    const bytes = await readRange(handle, { from: 0, to: size })
    const warnings = await checkEntries(all, { bytes, place, shown })
    return { ...archive, chunks: [bytes], sha256: await hash(bytes), warnings }
  } finally {
    await handle.close()
  }
}

async function checkEntries(
  entries: readonly DirectoryEntry[],
  zip: { bytes: Buffer; place: DirectoryPlace; shown: string },
): Promise<readonly string[]> {
  const keys: FoundKey[] = []
  for (const entry of entries) {
    const { name } = entry.file
    const data = readEntry(entry, zip)
    const content = data && unpack(data, entry)
    if (content === undefined) {
      const fault = data ? 'cannot be unpacked' : 'is not where the central directory says'
      throw badZip(`is a damaged zip: ${showName(name)} ${fault}`, zip.shown)
    }
    const kind = findPrivateKey(content)
    if (kind !== undefined) keys.push({ name, kind })
    await yieldToEventLoop()
  }
  const { rejected, warnings } = judgeKeys(keys, { how: 'Remove them from the zip:' })
  if (rejected.length > 0) {
    const problems = rejected.map(
      ({ name, kind }) => `${zip.shown} contains ${showName(name)}, which is ${kind}`,
    )
    throw new DeployError('SOURCE_UNSAFE', listProblems(problems, 'files of the package'), {
      topic: 'private-key',
      hint: 'Remove it from the zip. Keep secrets in Lockbox: the input `secrets` passes them to the function.',
    })
  }
  return warnings
}

/** The content of a small entry; empty for a large one and for an unknown method; undefined if its size is wrong. */
function unpack(
  packed: Buffer,
  { method, file: { sizeBytes } }: DirectoryEntry,
): Buffer | undefined {
  if (method !== 0 && method !== 8) return Buffer.alloc(0)
  const isLarge = sizeBytes > MAX_KEY_BYTES
  try {
    const options = { maxOutputLength: Math.max(1, Math.min(sizeBytes, MAX_KEY_BYTES)) }
    const content = method === 0 ? packed : inflateRawSync(packed, options)
    return content.length === sizeBytes ? content : undefined
  } catch (error) {
    return isLarge && fsCode(error) === 'ERR_BUFFER_TOO_LARGE' ? Buffer.alloc(0) : undefined
  }
}

function orThrow<Read>(read: Read | string, shown: string): Read {
  if (typeof read !== 'string') return read
  throw badZip(read, shown)
}

function badZip(fault: string, shown: string): DeployError {
  return new DeployError('SOURCE_UNSAFE', `${shown} ${fault}`, {
    topic: 'ready-zip-damaged',
    hint: 'Recreate the zip, for example with `zip -r`, or let this action create it from `source-root`.',
  })
}

async function readRange(handle: FileHandle, range: { from: number; to: number }): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(range.to - range.from)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(
      bytes,
      filled,
      Math.min(STEP_BYTES, bytes.length - filled),
      range.from + filled,
    )
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

async function hash(bytes: Buffer): Promise<string> {
  const sha256 = createHash('sha256')
  for (let from = 0; from < bytes.length; from += STEP_BYTES) {
    sha256.update(bytes.subarray(from, from + STEP_BYTES))
    await yieldToEventLoop()
  }
  return sha256.digest('hex')
}
