/** What is in a package, for the log. */

import { showName } from '../source/file-names.ts'
import type { Archive, Excluded, Selection } from '../source/source.ts'
import { formatBytes, plural } from '../text.ts'

const LARGEST = 10

/** How much goes in. */
export function describeArchive({ entries, unpackedBytes, sizeBytes }: Archive): string {
  return `${plural(entries.length, 'file')}, ${formatBytes(unpackedBytes)}; zip ${formatBytes(sizeBytes)}`
}

/** The ten largest files, and what each rule left out. */
export function describeSelection(selection: Selection, archive: Archive): string[] {
  const largest = archive.entries
    .toSorted((a, b) => b.packedBytes - a.packedBytes)
    .slice(0, LARGEST)
  return [
    'Largest, packed and unpacked:',
    ...largest.map(
      ({ name, packedBytes, sizeBytes }) =>
        `  ${formatBytes(packedBytes).padStart(10)} ${formatBytes(sizeBytes).padStart(10)}  ` +
        showName(name),
    ),
    ...(selection.excluded.length === 0 ? [] : ['Left out:']),
    ...selection.excluded.map((left) => `  ${describeExcluded(left)}`),
  ]
}

function describeExcluded({ rule, count, folders }: Excluded): string {
  const parts = [
    ...(count > 0 ? [plural(count, 'file')] : []),
    ...(folders > 0 ? [`${plural(folders, 'folder')} with everything below`] : []),
  ]
  return `${showName(rule)}: ${parts.join(', ')}`
}
