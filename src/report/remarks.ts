/** What there is to say beside a run's outcome: kept for its end, since a failed run has one annotation, its failure. */

import type { Fact } from '../deploy/progress.ts'
import type { PublicAccess } from '../deploy/exposure/access.ts'
import type { RunContext } from '../ports.ts'
import { oneLine, quote } from '../text.ts'
import type { Teller } from './teller.ts'

export class Remarks {
  readonly #teller: Teller
  readonly #context: RunContext
  #functionName = ''

  constructor(teller: Teller, context: RunContext) {
    this.#teller = teller
    this.#context = context
  }

  /** Keeps what a fact gives reason to say. */
  take(fact: Fact): void {
    switch (fact.name) {
      case 'inputs':
        this.#teller.warn('Inputs', fact.value.warnings)
        break
      case 'warnings':
        this.#teller.warn('Inputs', fact.value)
        break
      case 'package':
        this.#teller.warn('Package', fact.value.selection.warnings)
        break
      case 'notice':
        this.#teller.notice(fact.value)
        break
      case 'function': {
        const { function: target, notice } = fact.value
        this.#functionName = target.name
        if (notice !== undefined) this.#teller.notice({ title: 'New function', message: notice })
        break
      }
      case 'build': {
        const warning = pullRequestWarning(this.#functionName, this.#context)
        if (warning) this.#teller.warn('Pull request', [warning])
        break
      }
      case 'access': {
        const { leftOpen } = fact.value
        if (leftOpen.length === 0) break
        this.#teller.notice({ title: 'Public access', message: leftOpenNotice(leftOpen) })
        break
      }
      case 'subject':
      case 'plan':
      case 'previous':
      case 'skipped':
      case 'code':
      case 'version':
      case 'checked':
      case 'promotion':
      case 'restored':
      case 'scaling':
        break
    }
  }
}

/**
 * A pull request whose code is deployed before it is merged. Undefined for another event, and for a function that is
 * meant for it: its name has the number of the pull request, or the word `preview`.
 */
function pullRequestWarning(
  functionName: string,
  { event, ref = '' }: RunContext,
): string | undefined {
  if (event !== 'pull_request') return undefined
  const [, number = ''] = /^refs\/pull\/(\d+)\//.exec(ref) ?? []
  if (/(?:^|-)previews?(?:-|$)/.test(functionName)) return undefined
  if (number !== '' && functionName.split(/\D+/).includes(number)) return undefined
  const which = number === '' ? 'a pull request' : `the pull request ${number}`
  return `The code of ${which} becomes $latest of the function ${quote(functionName)} before it is merged: callers without a tag get it at once. Set \`dry-run: true\` for pull requests, or deploy each to a function of its own.`
}

function leftOpenNotice(bindings: PublicAccess['leftOpen']): string {
  const rights = bindings.map(({ roleId, subject }) => `${roleId} for ${subject.id}`).join(', ')
  return oneLine(`\`public: false\` left other rights as they are: ${rights}.`)
}
