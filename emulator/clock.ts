/** The time as the cloud writes it. */

import type { Cloud } from './state.ts'

let moments = 0

/** The current time as the cloud writes it: RFC 3339 with nanoseconds, which tell two moments of one millisecond apart. */
export function timestamp(cloud: Cloud): string {
  moments = (moments + 1) % 1_000_000
  const nanoseconds = String(moments).padStart(6, '0')
  return new Date(cloud.settings.clock()).toISOString().replace('Z', `${nanoseconds}Z`)
}
