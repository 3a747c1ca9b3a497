/** Inputs about the file system of the function: `/tmp` in memory, buckets, a disk. */

import { quote } from '../text.ts'
import type { InputReader } from './reader.ts'
import { GIB, MIB, parseBucket, parseBytes, parseSteppedBytes, ValueError } from './values.ts'

/** A bucket mounted into the function's file system. */
export interface BucketMount {
  readonly name: string
  readonly bucket: string
  readonly prefix: string | undefined
  readonly readOnly: boolean
}

/** A disk that exists as long as an instance of the function. */
export interface EphemeralDisk {
  readonly name: string
  readonly sizeBytes: number
  readonly blockSizeBytes: number | undefined
}

/** What a function finds in its file system. */
export type FileSystem = Readonly<ReturnType<typeof readFileSystem>>

/** https://github.com/yandex-cloud/cloudapi (function_service.proto, `tmpfs_size`) and https://yandex.cloud/en/docs/functions/concepts/mounting */
const TMPFS = { minBytes: 512 * MIB, minMemoryBytes: 1024 * MIB, shareOfMemory: 3 / 4 }
const DISK = { stepBytes: GIB, maxBytes: 100 * GIB }
/** In KiB: https://yandex.cloud/en/docs/cli/cli-ref/serverless/cli-ref/function/version/create */
const BLOCK_SIZES = [4, 8, 16, 32, 64, 128]

export function readFileSystem(
  reader: InputReader,
  { memoryBytes }: { memoryBytes: number | undefined },
) {
  const tmpfsBytes = reader.parse('tmpfs-size', parseBytes)
  if (tmpfsBytes !== undefined && memoryBytes !== undefined) {
    checkTmpfs(reader, { tmpfsBytes, memoryBytes })
  }
  const buckets = reader.list('mounts', parseBucketMount)
  const disks = reader.list('ephemeral-disk', parseEphemeralDisk)
  if (disks.length > 1) {
    reader.problem('ephemeral-disk', 'has more than one line; one disk is allowed')
  }
  const names = [...buckets, ...disks].map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  for (const name of twice) {
    reader.problem(
      'mounts',
      `use the name ${quote(name)} more than once, \`ephemeral-disk\` included`,
    )
  }
  return { tmpfsBytes, buckets, disk: disks[0] }
}

function checkTmpfs(
  reader: InputReader,
  { tmpfsBytes, memoryBytes }: { tmpfsBytes: number; memoryBytes: number },
): void {
  const maxBytes = memoryBytes * TMPFS.shareOfMemory
  const isEnough = memoryBytes >= TMPFS.minMemoryBytes
  const isInRange = isEnough && tmpfsBytes >= TMPFS.minBytes && tmpfsBytes <= maxBytes
  if (tmpfsBytes === 0 || isInRange) return
  const memory = isEnough ? `here ${maxBytes / MIB}Mb` : 'which must be at least 1024Mb'
  reader.problem(
    'tmpfs-size',
    `is ${tmpfsBytes} bytes; it must be 0, or from 512Mb to three quarters of \`memory\`, ${memory}`,
  )
}

/** `<name>:<bucket>[/<prefix>][:ro]`. Throws ValueError. */
export function parseBucketMount(line: string): BucketMount {
  const form = /^([^:]+):([^:/]+)(?:\/([^:]+)?)?(:ro)?$/
  const [, name, bucket, prefix, readOnly] = form.exec(line) ?? []
  if (name === undefined || bucket === undefined) {
    throw new ValueError(`is ${quote(line)}; write <name>:<bucket>[/<prefix>][:ro]`)
  }
  inPart({ line, part: 'name' }, () => parseName(name))
  inPart({ line, part: 'bucket' }, () => parseBucket(bucket))
  return { name, bucket, prefix, readOnly: readOnly !== undefined }
}

/** `<name>:<size>[:<block size>]`, sizes as in {@link parseBytes}. Throws ValueError. */
export function parseEphemeralDisk(line: string): EphemeralDisk {
  const [, name, size, blockSize] = /^([^:]+):([^:]+)(?::([^:]+))?$/.exec(line) ?? []
  if (name === undefined || size === undefined) {
    throw new ValueError(`is ${quote(line)}; write <name>:<size>[:<block size>], such as tmp:10GB`)
  }
  inPart({ line, part: 'name' }, () => parseName(name))
  return {
    name,
    sizeBytes: inPart({ line, part: 'size' }, () => parseSteppedBytes(size, DISK)),
    blockSizeBytes:
      blockSize === undefined
        ? undefined
        : inPart({ line, part: 'block size' }, () => parseBlockSize(blockSize)),
  }
}

function parseBlockSize(text: string): number {
  const bytes = parseBytes(text)
  if (BLOCK_SIZES.includes(bytes / 1024)) return bytes
  throw new ValueError(`is ${quote(text)}; it is one of ${BLOCK_SIZES.join('KB, ')}KB`)
}

/** Quotes the whole line in a message about a part of it, because authors search their workflow for the line. */
function inPart<T>({ line, part }: { line: string; part: string }, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause
    throw new ValueError(`is ${quote(line)}: its ${part} ${cause.message}`, { cause })
  }
}

function parseName(name: string): string {
  if (/^[-_0-9a-zA-Z]{1,100}$/.test(name)) return name
  throw new ValueError(`is ${quote(name)}; a mount's name has 1 to 100 letters, digits, - and _`)
}
