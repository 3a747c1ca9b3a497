/** Reads a ready zip: looks through its central directory and takes its bytes as they are. */

import { createHash } from 'node:crypto'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inflateRawSync } from 'node:zlib'
import { DeployError } from '../../errors.ts'
import {
  findDirectory,
  readDirectory,
  readEntry,
  TAIL_BYTES,
  type DirectoryEntry,
  type DirectoryPlace,
} from './central-directory.ts'
import { findPrivateKey, MAX_KEY_BYTES } from '../keys.ts'
import { judgeKeys, warnOfKeys, type FoundKey } from '../found-keys.ts'
import { BUCKET_LIMIT_BYTES, checkLimits } from '../limits.ts'
import { showName } from '../names.ts'
import { listProblems } from '../../text.ts'
import { isInside } from '../select/root.ts'
import type { CheckedArchive } from '../source.ts'
import { fsCode, unreadable } from '../fs-error.ts'

/** The hash is taken in steps of this size, so that the event loop gets its turn. */
const STEP_BYTES = 8 << 20

/**
 * Reads a ready zip of the workspace without changing a byte of it.
 *
 * Throws DeployError `SOURCE_EMPTY` when the file is missing or holds no file; `SOURCE_UNSAFE`
 *   when it lies outside of the workspace, is not a sound zip, has names that would be unpacked
 *   elsewhere, or holds a private key; `SOURCE_TOO_LARGE` when it is over the limit for every way to send it.
 */
export async function readPackage(
  file: string,
  deps: { workspace: string },
): Promise<CheckedArchive> {
  const shown = `\`package\` ${showName(file)}`
  const real = await findFile(file, { shown, workspace: deps.workspace })
  const handle = await open(real).catch((error: unknown) => {
    throw new DeployError('SOURCE_UNSAFE', `${shown} ${unreadable(error)}`, { cause: error })
  })
  try {
    const { size } = await handle.stat()
    const tail = await readRange(handle, { from: Math.max(0, size - TAIL_BYTES), to: size })
    const place = sound(findDirectory(tail, size), shown)
    if (size > BUCKET_LIMIT_BYTES && place.length > MAX_DIRECTORY_BYTES) {
      checkLimits({ sizeBytes: size, entries: [], unpackedBytes: 0 }, 'bucket')
    }
    const records = await readRange(handle, { from: place.start, to: place.start + place.length })
    const all = sound(readDirectory(records, place), shown)
    const files = all.filter(({ isFolder }) => !isFolder)
    if (files.length === 0) {
      throw new DeployError('SOURCE_EMPTY', `${shown} is a zip without a file in it`, {
        topic: 'ready-zip-missing',
        hint: 'Check the step that makes the zip.',
      })
    }
    const archive = {
      sizeBytes: size,
      entries: files.map(({ name, sizeBytes, packedBytes }) => ({ name, sizeBytes, packedBytes })),
      unpackedBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    }
    // Over the limit for every way to send it, there is no use in reading it.
    checkLimits(archive, 'bucket')
    const { bytes, sha256 } = await readAll(handle, size)
    const warnings = await checkEntries(all, { bytes, place, shown })
    return { ...archive, chunks: [bytes], sha256, warnings }
  } finally {
    await handle.close()
  }
}

/** Enough for as many entries as a zip can have, with names of 400 bytes, in bytes. */
const MAX_DIRECTORY_BYTES = 32 << 20

/** How many entries are looked through before the event loop gets its turn. */
const ENTRIES_PER_TURN = 200

async function checkEntries(
  entries: readonly DirectoryEntry[],
  zip: { bytes: Buffer; place: DirectoryPlace; shown: string },
): Promise<readonly string[]> {
  const keys: FoundKey[] = []
  for (const [index, entry] of entries.entries()) {
    const data = sound(readEntry(entry, zip), zip.shown)
    const content = unpack(data, entry)
    if (content === undefined) {
      throw unsound(`is a damaged zip: ${showName(entry.name)} cannot be unpacked`, zip.shown)
    }
    const kind = findPrivateKey(content)
    if (kind !== undefined) keys.push({ name: entry.name, kind })
    if (index % ENTRIES_PER_TURN === 0) await nextTurn()
  }
  const { refused, tolerated } = judgeKeys(keys)
  if (refused.length > 0) {
    const problems = refused.map(
      ({ name, kind }) => `${zip.shown} contains ${showName(name)}, which is ${kind}`,
    )
    throw new DeployError('SOURCE_UNSAFE', listProblems(problems, 'files of the package'), {
      topic: 'private-key',
      hint:
        'Leave it out of the zip. Keep secrets in Lockbox: the input `secrets` brings them to ' +
        'the function.',
    })
  }
  return warnOfKeys(tolerated, 'Leave them out of the zip:')
}

/**
 * What a small entry holds: nothing of a large one, and nothing for a method of which we know no
 * more than its number. Undefined when it is not of the size that its record says.
 */
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
        : `${about.shown} ${unreadable(error)}`,
      {
        topic: missing ? 'ready-zip-missing' : undefined,
        hint: 'Check the name, and that the step which makes the zip runs before this one.',
      },
    )
  })
  if (!isInside(workspace, real)) {
    throw new DeployError('SOURCE_UNSAFE', `${about.shown} is outside of the workspace`, {
      topic: 'path-leaves-workspace',
      hint: 'Put the zip into the workspace and name it relative to that.',
    })
  }
  if (!(await stat(real)).isFile()) {
    throw new DeployError('SOURCE_EMPTY', `${about.shown} is not a file`, {
      hint: 'Name a zip; a folder goes into `source-root` or `include`.',
    })
  }
  return real
}

function sound<Read>(read: Read | string, shown: string): Read {
  if (typeof read !== 'string') return read
  throw unsound(read, shown)
}

function unsound(fault: string, shown: string): DeployError {
  return new DeployError('SOURCE_UNSAFE', `${shown} ${fault}`, {
    topic: 'ready-zip-damaged',
    hint:
      'Make the zip anew, for example with `zip -r`, or let this action make it from ' +
      '`source-root`.',
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
    await nextTurn()
  }
  return { bytes, sha256: hash.digest('hex') }
}
