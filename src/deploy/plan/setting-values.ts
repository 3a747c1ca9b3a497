/** Values of settings in words that are equal exactly when the values are. */

import type { Mount } from '../../yandex/functions/version-request.ts'

/** The text, unless it is empty as proto3 writes one that is not set. */
export function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

/** The name of an enum's value, unless it is the one that stands for none. */
export function specified(value: string | undefined): string | undefined {
  return value?.endsWith('_UNSPECIFIED') === true ? undefined : given(value)
}

/** A `MetadataOption` as its input has it. */
export function enabled(value: string | undefined): string | undefined {
  const option = specified(value)
  return option && ({ ENABLED: 'true', DISABLED: 'false' }[option] ?? option)
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB']

/** Bytes in the largest unit that is exact, so that only equal sizes read the same. */
export function size(bytes: string): string {
  let value = BigInt(bytes)
  let unit = 0
  for (; value > 0n && value % 1024n === 0n && unit < UNITS.length - 1; unit++) value /= 1024n
  return `${value} ${UNITS[unit] ?? ''}`
}

function readOnly(mode: string | undefined): string {
  return mode === 'READ_ONLY' ? ', read-only' : ''
}

/** A bucket in the file system. Its prefix is a folder, with or without a slash at its end. */
export function bucketMount(
  { bucketId, prefix = '' }: NonNullable<Mount['objectStorage']>,
  mode: string | undefined,
): string {
  return `${bucketId}/${prefix.replace(/\/$/, '')}${readOnly(mode)}`
}

/** What a disk has when no size of a block is known, as disks of Compute have. No document says it of these. */
const DEFAULT_BLOCK_SIZE = '4096'

/** A disk in the file system. A size of a block that is left out is whatever the live disk has. */
export function disk(
  { size: bytes, blockSize }: Disk,
  { mode, live }: { mode: string | undefined; live: Disk | undefined },
): string {
  const block = chosen(blockSize) ?? chosen(live?.blockSize) ?? DEFAULT_BLOCK_SIZE
  return `${size(bytes)}, blocks of ${size(block)}${readOnly(mode)}`
}

type Disk = NonNullable<Mount['ephemeralDiskSpec']>

function chosen(bytes: string | undefined): string | undefined {
  return bytes === '0' ? undefined : bytes
}
