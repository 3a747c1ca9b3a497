/** The outputs that a fact sets; an output is set only after the fact that it reports is true. */

import type { Fact } from '../deploy/progress.ts'
import type { OutputName } from '../inputs/names.ts'
import { planJson } from './plan-json.ts'

export type Outputs<Name extends string = OutputName> = Readonly<Partial<Record<Name, string>>>

/** The outputs of one fact. Pure. */
export function outputsOf(fact: Fact): Outputs {
  switch (fact.name) {
    case 'subject':
    case 'inputs':
    case 'warnings':
    case 'access':
    case 'scaling':
    case 'notice':
    case 'promotion':
    case 'restored':
      return {}
    case 'package': {
      const { sha256, sizeBytes } = fact.value.archive
      return { 'package-sha256': sha256, 'package-size': String(sizeBytes) }
    }
    case 'plan': {
      const { changed, changes } = fact.value
      return {
        changed: changed === undefined ? '' : String(changed),
        changes: changes.join(','),
        plan: planJson(fact.value),
      }
    }
    case 'previous':
      return { 'previous-version-id': fact.value.id }
    case 'skipped':
      return { skipped: String(fact.value) }
    case 'function': {
      const { id, httpInvokeUrl } = fact.value.function
      return { 'function-id': id, ...(httpInvokeUrl !== '' && { 'function-url': httpInvokeUrl }) }
    }
    case 'code':
      return fact.value.kind === 'bucket' ? { 'object-name': fact.value.key } : {}
    case 'build':
      return { 'operation-id': fact.value.operation.id }
    case 'version':
      return { 'version-id': fact.value.id }
    case 'checked':
      return { checked: String(fact.value.kind === 'passed') }
  }
}
