/** What there is to say beside a run's outcome: kept for its end, since a failed run has one annotation, its failure. */

import type { Fact } from '../deploy/progress.ts'
import type { Annotation, RunContext, Runner } from '../ports.ts'
import { quote, withoutBackticks } from '../text.ts'

export class Remarks {
  readonly warnings: Annotation[] = []
  readonly notices: Annotation[] = []
  readonly #runner: Runner
  #functionName = ''

  constructor(runner: Runner) {
    this.#runner = runner
  }

  /** Keeps what a fact gives reason to say. */
  take(fact: Fact): void {
    switch (fact.name) {
      case 'inputs':
        this.#warn('Inputs', fact.value.warnings)
        break
      case 'warnings':
        this.#warn('Inputs', fact.value)
        break
      case 'package':
        this.#warn('Package', fact.value.selection.warnings)
        break
      case 'notice':
        this.#notice(fact.value)
        break
      case 'function': {
        const { function: target, notice } = fact.value
        this.#functionName = target.name
        if (notice !== undefined) this.#notice({ title: 'New function', message: notice })
        break
      }
      case 'build': {
        const warning = pullRequestWarning(this.#functionName, this.#runner.context)
        if (warning) this.#warn('Pull request', [warning])
        break
      }
      case 'plan':
      case 'previous':
      case 'skipped':
      case 'code':
      case 'version':
        break
    }
  }

  #notice({ title, message }: Annotation): void {
    this.notices.push({ title, message: withoutBackticks(message) })
  }

  #warn(title: string, messages: readonly string[]): void {
    for (const message of messages) {
      // A warning about one input begins with its name.
      const [, input] = /^`([a-z.-]+)`/.exec(message) ?? []
      const about = input === undefined ? title : `${title}: ${input}`
      this.warnings.push({ title: about, message: withoutBackticks(this.#runner.hide(message)) })
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
