/** The heading of a summary or a comment: what happened, and to which function. Pure. */

import type { KnownFacts } from '../../deploy/progress.ts'
import type { Subject } from '../../inputs/inputs.ts'
import { planHeadline } from '../plan.ts'

/** What a run is about: of its inputs, or, where they are invalid, of those that could be read. */
export function subjectOf({ inputs, subject }: KnownFacts): Subject | undefined {
  if (!inputs) return subject
  const { isDryRun, commentToken } = inputs.release
  return { target: inputs.function.target, isDryRun, commentToken }
}

/** The function's name as far as it is known, else its id. */
export function nameOf(
  target: Subject['target'] | undefined,
  found: KnownFacts['function'],
): string {
  const wanted = target?.kind === 'name' ? target.functionName : target?.functionId
  return [found?.function.name, wanted].find((name) => name) ?? 'function'
}

/** For a run that has succeeded; the name is Markdown. */
export function successTitle(
  { plan, version, skipped }: Pick<KnownFacts, 'plan' | 'version' | 'skipped'>,
  name: string,
): string {
  if (plan && !version) return `Plan for ${name}: ${planHeadline(plan)}`
  if (skipped) return `Unchanged: ${name}`
  return version?.isReady === false ? `Accepted a version of ${name}` : `Deployed ${name}`
}
