/** What a fact gives the log: a line for the step, lines about it, and details folded under a title. */

import type { Fact, KnownFacts } from '../deploy/progress.ts'
import type { CheckEnd } from '../deploy/release/check.ts'
import type { TagScaling } from '../deploy/exposure/scaling.ts'
import type { LogLine } from '../ports.ts'
import { oneLine, plural } from '../text.ts'
import { describeArchive, describeSelection } from './package.ts'
import { planHeadline, planLines } from './plan.ts'
import { seconds } from './summary/times.ts'

export interface LogEntry {
  /** The first is the step, the others are about it. */
  readonly lines?: readonly (string | LogLine)[]
  /** Folded under their title, which is the step. */
  readonly group?: { readonly title: string; readonly lines: readonly string[] }
}

/** What the log shows of one fact. Pure. */
export function logOf(fact: Fact): LogEntry {
  switch (fact.name) {
    case 'subject':
    case 'inputs':
    case 'warnings':
    case 'previous':
    case 'notice':
      return {}
    case 'package': {
      const { selection, archive } = fact.value
      const title = `Package: ${describeArchive(archive)}`
      return { group: { title, lines: describeSelection(selection, archive) } }
    }
    case 'function': {
      const { function: target, origin } = fact.value
      return { lines: [`Function ${oneLine(target.name)} (${target.id}): ${origin}`] }
    }
    case 'plan':
      return { lines: [`Plan: ${planHeadline(fact.value)}`, ...planLines(fact.value)] }
    case 'skipped':
      return fact.value
        ? { lines: ['Unchanged: the live version is what the step asks for, so none is created'] }
        : {}
    case 'code': {
      if (fact.value.kind === 'version') {
        return { lines: [`Code: that of the version ${fact.value.versionId}; nothing is uploaded`] }
      }
      if (fact.value.kind !== 'bucket') return {}
      const { bucket, key, outcome } = fact.value
      const state = outcome === 'present' ? 'already uploaded' : 'uploaded'
      return { lines: [`Object ${key} in the bucket ${bucket}: ${state}`] }
    }
    case 'build':
      return { lines: [`Operation ${fact.value.operation.id}: the version is being built`] }
    case 'version': {
      const { id, isReady } = fact.value
      const state = isReady ? 'ready' : 'accepted (not waiting for the build)'
      return { lines: [`Version ${id}: ${state}`] }
    }
    case 'checked':
      return { lines: [checkLine(fact.value)] }
    case 'promotion':
      return {}
    case 'restored': {
      const { versionId, fromId } = fact.value
      return {
        lines: [`Version ${versionId}: ready, a copy of ${fromId} for callers without a tag`],
      }
    }
    case 'access': {
      const { isPublic, changed } = fact.value
      const state = isPublic ? 'on, anyone may call the function' : 'off'
      return { lines: [`Public access: ${state}${changed ? '' : ' (unchanged)'}`] }
    }
    case 'scaling':
      return {
        lines: fact.value.map((scaling) => {
          const note =
            scaling.outcome === 'unchanged' ? 'unchanged' : 'in effect within five minutes'
          return `Scaling of ${scalingLine(scaling)} (${note})`
        }),
      }
  }
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

function checkLine(end: CheckEnd): string {
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
