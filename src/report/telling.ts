/** What a fact gives to tell: outputs and lines of the log at once, warnings and notices for the end of the run. Pure. */

import type { Fact, KnownFacts } from '../deploy/progress.ts'
import type { Annotation, RunContext } from '../ports.ts'
import { oneLine, quote } from '../text.ts'
import { checkLine, describePackage, scalingLine } from './log.ts'
import { planJson, type Outputs } from './outputs.ts'
import { planHeadline, planLines } from './plan.ts'
import type { Told } from './teller.ts'

export interface Telling extends Told<Outputs> {
  readonly warnings?: { readonly title: string; readonly messages: readonly string[] }
  readonly notice?: Annotation
}

/** All that one fact gives to tell. */
export function tellingOf(fact: Fact): Telling {
  switch (fact.name) {
    case 'subject':
    case 'promotion':
      return {}
    case 'inputs':
      return { warnings: { title: 'Inputs', messages: fact.value.warnings } }
    case 'warnings':
      return { warnings: { title: 'Inputs', messages: fact.value } }
    case 'notice':
      return { notice: fact.value }
    case 'package': {
      const { selection, archive } = fact.value
      return {
        outputs: { 'package-sha256': archive.sha256, 'package-size': String(archive.sizeBytes) },
        group: describePackage(fact.value),
        warnings: { title: 'Package', messages: selection.warnings },
      }
    }
    case 'plan': {
      const { changed, changes } = fact.value
      return {
        outputs: {
          changed: changed === undefined ? '' : String(changed),
          changes: changes.join(','),
          plan: planJson(fact.value),
        },
        lines: [`Plan: ${planHeadline(fact.value)}`, ...planLines(fact.value)],
      }
    }
    case 'previous':
      return { outputs: { 'previous-version-id': fact.value.id } }
    case 'function': {
      const { function: target, origin, notice } = fact.value
      const { id, name, httpInvokeUrl: url } = target
      return {
        outputs: { 'function-id': id, ...(url !== '' && { 'function-url': url }) },
        lines: [`Function ${oneLine(name)} (${id}): ${origin}`],
        ...(notice !== undefined && { notice: { title: 'New function', message: notice } }),
      }
    }
    case 'skipped': {
      const line = 'Unchanged: the live version is what the step asks for, so none is created'
      return { outputs: { skipped: String(fact.value) }, ...(fact.value && { lines: [line] }) }
    }
    case 'code': {
      if (fact.value.kind === 'inline') return {}
      if (fact.value.kind === 'version') {
        return { lines: [`Code: that of the version ${fact.value.versionId}; nothing is uploaded`] }
      }
      const { bucket, key, outcome } = fact.value
      const state = outcome === 'present' ? 'already uploaded' : 'uploaded'
      return {
        outputs: { 'object-name': key },
        lines: [`Object ${key} in the bucket ${bucket}: ${state}`],
      }
    }
    case 'build': {
      const { id } = fact.value.operation
      return {
        outputs: { 'operation-id': id },
        lines: [`Operation ${id}: the version is being built`],
      }
    }
    case 'version': {
      const { id, isReady } = fact.value
      const state = isReady ? 'ready' : 'accepted (not waiting for the build)'
      return { outputs: { 'version-id': id }, lines: [`Version ${id}: ${state}`] }
    }
    case 'checked':
      return {
        outputs: { checked: String(fact.value.kind === 'passed') },
        lines: [checkLine(fact.value)],
      }
    case 'restored': {
      const { versionId, fromId } = fact.value
      return {
        lines: [`Version ${versionId}: ready, a copy of ${fromId} for callers without a tag`],
      }
    }
    case 'access': {
      const { isPublic, changed, leftOpen } = fact.value
      const state = isPublic ? 'on, anyone may call the function' : 'off'
      const rights = leftOpen.map(({ roleId, subject }) => `${roleId} for ${subject.id}`).join(', ')
      const message = oneLine(`\`public: false\` left other rights as they are: ${rights}.`)
      return {
        lines: [`Public access: ${state}${changed ? '' : ' (unchanged)'}`],
        ...(rights !== '' && { notice: { title: 'Public access', message } }),
      }
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

/**
 * A pull request whose code is deployed before it is merged. Undefined for another event, and for a function that is
 * meant for it: its name has the number of the pull request, or the word `preview`.
 */
export function pullRequestWarning(
  { build, function: target }: KnownFacts,
  { event, ref = '' }: RunContext,
): string | undefined {
  if (!build || event !== 'pull_request') return undefined
  const name = target?.function.name ?? ''
  const [, number = ''] = /^refs\/pull\/(\d+)\//.exec(ref) ?? []
  if (/(?:^|-)previews?(?:-|$)/.test(name)) return undefined
  if (number !== '' && name.split(/\D+/).includes(number)) return undefined
  const which = number === '' ? 'a pull request' : `the pull request ${number}`
  return `The code of ${which} becomes $latest of the function ${quote(name)} before it is merged: callers without a tag get it at once. Set \`dry-run: true\` for pull requests, or deploy each to a function of its own.`
}
