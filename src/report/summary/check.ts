/** What is shown of a release: how its check ended. Pure. */

import type { CheckEnd } from '../../deploy/release/check.ts'
import { oneLine, plural } from '../../text.ts'

/** A line for the log. */
export function checkLine(end: CheckEnd): string {
  const calls = plural(end.calls, 'call')
  if (end.kind === 'failed') return oneLine(`Check: not passed after ${calls}: ${end.reason}`)
  return `Check: passed after ${calls}, HTTP ${end.status} under the tag ${end.tag}`
}
