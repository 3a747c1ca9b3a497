/** Reads a ready zip: checks its entries and uses its bytes unchanged. */

import { createHash } from 'node:crypto'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { DeployError } from '../../errors.ts'
import { yieldToEventLoop } from '../event-loop.ts'
import {
  findDirectory,
  findEntryFault,
  readDirectory,
  readEntry,
  TAIL_BYTES,
  type DirectoryEntry,
  type DirectoryPlace,
} from './central-directory.ts'
import { findPrivateKey, MAX_KEY_BYTES } from '../keys.ts'
import { judgeKeys, warnOfKeys, type FoundKey } from '../found-keys.ts'
import { BUCKET_LIMIT_BYTES, checkLimits } from '../limits.ts'
import { showName } from '../file-names.ts'
import { listProblems } from '../../text.ts'
import { isInside } from '../select/root.ts'
import type { CheckedArchive } from '../source.ts'
import { fsCode, describeFsError } from '../fs-error.ts'

/** Bytes are read and hashed in steps of this size, between which other work can run. */
const STEP_BYTES = 8 << 20

/**
 * Reads a ready zip of the workspace without changing a byte of it.
 *
 * Throws DeployError `SOURCE_EMPTY` when the zip is missing or contains no file; `SOURCE_UNSAFE` when it is outside of the
 *   workspace, is damaged, has names that would be unpacked elsewhere, or contains a private key; `SOURCE_TOO_LARGE` when
 *   it exceeds the limits for every way to send it.
 */
export async function readPackage(
  file: string,
  deps: { workspace: string },
): Promise<CheckedArchive> {
  const shown = `\`package\` ${showName(file)}`
  const real = await findFile(file, { shown, workspace: deps.workspace })
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
    const files = all.filter(({ isFolder }) => !isFolder)
    if (files.length === 0) {
      throw new DeployError('SOURCE_EMPTY', `${shown} is a zip without files`, {
        topic: 'ready-zip-missing',
        hint: 'Check the step that creates the zip.',
      })
    }
    const archive = {
      sizeBytes: size,
      entries: files.map(({ name, sizeBytes, packedBytes, crc32 }) => ({
        name,
        sizeBytes,
        packedBytes,
        crc32,
      })),
      unpackedBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    }
    // Checked before the whole zip is read into memory.
    checkLimits(archive, 'bucket')
    const { bytes, sha256 } = await readAll(handle, size)
    const warnings = await checkEntries(all, { bytes, place, shown })
    return { ...archive, chunks: [bytes], sha256, warnings }
  } finally {
    await handle.close()
  }
}

/** Enough for the largest number of entries with names of 400 bytes. */
const MAX_DIRECTORY_BYTES = 32 << 20

async function checkEntries(
  entries: readonly DirectoryEntry[],
  zip: { bytes: Buffer; place: DirectoryPlace; shown: string },
): Promise<readonly string[]> {
  const keys: FoundKey[] = []
  for (const entry of entries) {
    const data = orThrow(readEntry(entry, zip), zip.shown)
    const content = unpack(data, entry)
    if (content === undefined) {
      throw badZip(`is a damaged zip: ${showName(entry.name)} cannot be unpacked`, zip.shown)
    }
    const kind = findPrivateKey(content)
    if (kind !== undefined) keys.push({ name: entry.name, kind })
    await yieldToEventLoop()
  }
  const { rejected, tolerated } = judgeKeys(keys)
  if (rejected.length > 0) {
    const problems = rejected.map(
      ({ name, kind }) => `${zip.shown} contains ${showName(name)}, which is ${kind}`,
    )
    throw new DeployError('SOURCE_UNSAFE', listProblems(problems, 'files of the package'), {
      topic: 'private-key',
      hint: 'Remove it from the zip. Keep secrets in Lockbox: the input `secrets` passes them to the function.',
    })
  }
  return warnOfKeys(tolerated, 'Remove them from the zip:')
}

/** The content of a small entry; empty for a large one and for an unknown method; undefined if its size is wrong. */
function unpack(packed: Buffer, { method, sizeBytes }: DirectoryEntry): Buffer | undefined {
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

async function findFile(
  file: string,
  about: { shown: string; workspace: string },
): Promise<string> {
  const workspace = await realpath(about.workspace)
  const real = await realpath(path.resolve(workspace, file)).catch((error: unknown) => {
    const missing = fsCode(error) === 'ENOENT' || fsCode(error) === 'ENOTDIR'
    throw new DeployError(
      missing ? 'SOURCE_EMPTY' : 'SOURCE_UNSAFE',
      missing
        ? `${about.shown} does not exist in the workspace`
        : `${about.shown} ${describeFsError(error)}`,
      {
        topic: missing ? 'ready-zip-missing' : undefined,
        hint: 'Check the name, and that the step which creates the zip runs before this one.',
      },
    )
  })
  if (!isInside(workspace, real)) {
    throw new DeployError('SOURCE_UNSAFE', `${about.shown} is outside of the workspace`, {
      topic: 'path-leaves-workspace',
      hint: 'Put the zip into the workspace and write its path relative to that.',
    })
  }
  if (!(await stat(real)).isFile()) {
    throw new DeployError('SOURCE_EMPTY', `${about.shown} is not a file`, {
      hint: '`package` must be a zip; use `source-root` or `include` for a folder.',
    })
  }
  return real
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

async function readAll(
  handle: FileHandle,
  size: number,
): Promise<{ bytes: Buffer; sha256: string }> {
  const bytes = await readRange(handle, { from: 0, to: size })
  const hash = createHash('sha256')
  for (let from = 0; from < bytes.length; from += STEP_BYTES) {
    hash.update(bytes.subarray(from, from + STEP_BYTES))
    await yieldToEventLoop()
  }
  return { bytes, sha256: hash.digest('hex') }
}
