/** The heading of a summary: what happened, and to which function. */

import { planHeadline } from '../plan.ts'
import type { RunEnd } from './end.ts'
import { text } from './markup.ts'

/** One line of Markdown. */
export function successTitle({ known }: RunEnd): string {
  const target = known.inputs?.function.target
  const wanted = target?.kind === 'name' ? target.functionName : target?.functionId
  const names = [known.function?.function.name, wanted, 'function']
  const name = text(names.find((one) => one) ?? '')
  if (known.inputs?.release.isDryRun && known.plan) {
    return `### Plan for ${name}: ${planHeadline(known.plan)}`
  }
  if (known.skipped) return `### Unchanged: ${name}`
  return known.version?.isReady === false
    ? `### Accepted a version of ${name}`
    : `### Deployed ${name}`
}
