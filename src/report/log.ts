/** What the log shows of a step: a line, lines about it, and details folded under a title. Pure. */

import type { KnownFacts } from '../deploy/progress.ts'
import type { PackedCode } from '../deploy/code.ts'
import type { CheckEnd } from '../deploy/release/check.ts'
import type { TagScaling } from '../deploy/exposure/scaling.ts'
import type { LogLine } from '../ports.ts'
import { showName } from '../source/file-names.ts'
import type { Excluded } from '../source/source.ts'
import { formatBytes, oneLine, plural } from '../text.ts'
import { seconds } from './summary/times.ts'

export interface LogEntry {
  /** The first is the step, the others are about it. */
  readonly lines?: readonly (string | LogLine)[]
  /** Folded under their title, which is the step. */
  readonly group?: { readonly title: string; readonly lines: readonly string[] }
}

/** How many of the largest files are named. */
const LARGEST = 10

/** How much goes in, the largest files, and what each rule left out. */
export function describePackage({
  archive: { entries, unpackedBytes, sizeBytes },
  selection: { excluded },
}: PackedCode): { readonly title: string; readonly lines: readonly string[] } {
  const largest = entries.toSorted((a, b) => b.packedBytes - a.packedBytes).slice(0, LARGEST)
  const column = (bytes: number): string => formatBytes(bytes).padStart(10)
  return {
    title: `Package: ${plural(entries.length, 'file')}, ${formatBytes(unpackedBytes)}; zip ${formatBytes(sizeBytes)}`,
    lines: [
      'Largest, packed and unpacked:',
      ...largest.map(
        (file) => `  ${column(file.packedBytes)} ${column(file.sizeBytes)}  ${showName(file.name)}`,
      ),
      ...(excluded.length === 0 ? [] : ['Left out:']),
      ...excluded.map((left) => `  ${describeExcluded(left)}`),
    ],
  }
}

function describeExcluded({ rule, count, folders }: Excluded): string {
  const parts = [
    ...(count > 0 ? [plural(count, 'file')] : []),
    ...(folders > 0 ? [`${plural(folders, 'folder')} with everything below`] : []),
  ]
  return `${showName(rule)}: ${parts.join(', ')}`
}

export function checkLine(end: CheckEnd): string {
  const calls = plural(end.calls, 'call')
  if (end.kind === 'failed') return oneLine(`Check: not passed after ${calls}: ${end.reason}`)
  return `Check: passed after ${calls}, HTTP ${end.status} under the tag ${end.tag}`
}

/** A tag with the numbers of its policy, by the names of their inputs. */
export function scalingLine({ tag, ...counts }: TagScaling): string {
  const numbers = [
    ['provisioned-instances', counts.provisionedInstancesCount],
    ['zone-instances-limit', counts.zoneInstancesLimit],
    ['zone-requests-limit', counts.zoneRequestsLimit],
  ] as const
  const shown = numbers.filter(([, count]) => count !== '0').map((number) => number.join(' '))
  return `${tag}: ${shown.length > 0 ? shown.join(', ') : 'no limits, nothing provisioned'}`
}

/** What the run came to: how long it took, and where the function answers. */
export function lastLine(
  { inputs, version, skipped, function: target }: KnownFacts,
  durationMs: number,
): string {
  const time = seconds(durationMs)
  if (inputs?.release.isDryRun) return `Planned in ${time}; nothing was changed`
  const did = skipped ? 'Unchanged' : version?.isReady === false ? 'Accepted' : 'Deployed'
  const address = oneLine(target?.function.httpInvokeUrl ?? '')
  return `${did} in ${time}${address && `: ${address}`}`
}
