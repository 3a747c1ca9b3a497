/** How long a run took, and on what the time went. */

import type { Facts } from '../../deploy/progress.ts'
import type { RunEnd } from './end.ts'

/** The stages of a deployment, each with the fact that ends it. Files are packed while the cloud is read. */
const STAGES: readonly (readonly [name: string, ends: keyof Facts])[] = [
  ['packing and reading', 'plan'],
  ['function', 'skipped'],
  ['upload', 'build'],
  ['build', 'version'],
  ['check', 'checked'],
  ['tags', 'promotion'],
  ['restoring', 'restored'],
]

/** `12.3 s: packing and reading 1.2 s, upload 0.8 s, build 9.9 s, rest 0.4 s`, without what took no time. */
export function timeOf({ times, durationMs }: RunEnd): string {
  let doneMs = 0
  const parts: (readonly [string, number])[] = []
  for (const [name, fact] of STAGES) {
    const endMs = times[fact]
    if (endMs === undefined) continue
    parts.push([name, endMs - doneMs])
    doneMs = endMs
  }
  // A run that ends before its build does fails in it.
  const isBuilding = times.build !== undefined && times.version === undefined
  if (parts.length > 0) parts.push([isBuilding ? 'build' : 'rest', durationMs - doneMs])
  const shown = parts.filter(([, ms]) => ms >= 50).map(([name, ms]) => `${name} ${unbroken(ms)}`)
  return shown.length < 2 ? unbroken(durationMs) : `${unbroken(durationMs)}: ${shown.join(', ')}`
}

/** On one line. */
function unbroken(ms: number): string {
  return seconds(ms).replace(' ', '\u00a0')
}

/** `12.3 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
