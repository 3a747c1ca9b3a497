/** Inputs about the file system of the function: `/tmp` in memory, buckets, a disk. */

import {
  parseBucketMount,
  parseBytes,
  parseEphemeralDisk,
  ValueError,
  type BucketMount,
  type EphemeralDisk,
} from '../values.ts'
import { quote } from '../words.ts'
import { parseBucket } from './code.ts'
import type { InputReader } from './reader.ts'

export interface FileSystem {
  readonly tmpfsBytes: number | undefined
  readonly buckets: readonly BucketMount[]
  readonly disk: EphemeralDisk | undefined
}

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** https://github.com/yandex-cloud/cloudapi (function_service.proto, `tmpfs_size`) and https://yandex.cloud/en/docs/functions/concepts/mounting */
const TMPFS = { minBytes: 512 * MIB, minMemoryBytes: 1024 * MIB, shareOfMemory: 3 / 4 }
const DISK = { stepBytes: GIB, maxBytes: 100 * GIB }

export function readFileSystem(
  reader: InputReader,
  { memoryBytes }: { memoryBytes: number | undefined },
): FileSystem {
  const tmpfsBytes = reader.parse('tmpfs-size', parseBytes)
  if (tmpfsBytes !== undefined && memoryBytes !== undefined) {
    checkTmpfs(reader, { tmpfsBytes, memoryBytes })
  }
  const buckets = reader.list('mounts', (line) => checkBucketMount(parseBucketMount(line)))
  const disks = reader.list('ephemeral-disk', (line) => checkDisk(parseEphemeralDisk(line)))
  if (disks.length > 1)
    reader.problem('ephemeral-disk', 'has more than one line; one disk is allowed')
  checkUnique(reader, [...buckets, ...disks])
  return { tmpfsBytes, buckets, disk: disks[0] }
}

function checkTmpfs(
  reader: InputReader,
  { tmpfsBytes, memoryBytes }: { tmpfsBytes: number; memoryBytes: number },
): void {
  const maxBytes = memoryBytes * TMPFS.shareOfMemory
  const isRoomy = memoryBytes >= TMPFS.minMemoryBytes
  if (tmpfsBytes === 0 || (isRoomy && tmpfsBytes >= TMPFS.minBytes && tmpfsBytes <= maxBytes))
    return
  const memory = isRoomy ? `here ${maxBytes / MIB}Mb` : 'which must be at least 1024Mb'
  reader.problem(
    'tmpfs-size',
    `is ${tmpfsBytes} bytes; it must be 0, or from 512Mb to three quarters of \`memory\`, ${memory}`,
  )
}

function checkBucketMount(mount: BucketMount): BucketMount {
  checkName(mount.name)
  parseBucket(mount.bucket)
  return mount
}

function checkDisk(disk: EphemeralDisk): EphemeralDisk {
  checkName(disk.name)
  const { sizeBytes } = disk
  if (sizeBytes < DISK.stepBytes || sizeBytes > DISK.maxBytes || sizeBytes % DISK.stepBytes !== 0) {
    throw new ValueError(`has the size ${sizeBytes} bytes; write a multiple of 1GB up to 100GB`)
  }
  return disk
}

function checkName(name: string): void {
  if (/^[-_0-9a-zA-Z]{1,100}$/.test(name)) return
  throw new ValueError(
    `has the name ${quote(name)}; a mount's name has 1 to 100 letters, digits, - and _`,
  )
}

function checkUnique(reader: InputReader, mounts: readonly { name: string }[]): void {
  const names = mounts.map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  for (const name of twice) {
    reader.problem(
      'mounts',
      `use the name ${quote(name)} more than once, \`ephemeral-disk\` included`,
    )
  }
}
