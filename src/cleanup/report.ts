/** Tells the user what happened in a clean-up: its facts as soon as they are true, the rest at the end. */

import type { FactOf } from '../deploy/progress.ts'
import type { Clock, Runner } from '../ports.ts'
import type { LogEntry } from '../report/log.ts'
import type { Outputs } from '../report/outputs.ts'
import { shortFailure, shortSummary, type ShortEnd } from '../report/summary/short.ts'
import { seconds } from '../report/summary/times.ts'
import { Teller } from '../report/teller.ts'
import type { CleanupFacts } from './facts.ts'
import { fieldsOf, goneNotice, lastWords, planLines, titleOf } from './words.ts'

type Known = Readonly<Partial<CleanupFacts>>

export class CleanupReport {
  readonly #runner: Runner
  readonly #teller: Teller

  constructor(deps: { runner: Runner; clock: Clock }) {
    this.#runner = deps.runner
    this.#teller = new Teller('cleanup', deps)
  }

  /** A fact that has just become true. */
  tell(fact: FactOf<CleanupFacts>): void {
    this.#teller.tell({ outputs: outputsOf(fact), log: logOf(fact) })
    if (fact.name === 'inputs') this.#teller.warn('Inputs', fact.value.warnings)
  }

  /** What is being done, for the log. */
  log(message: string): void {
    this.#teller.log(message)
  }

  /** Throws DeployError when the clean-up is done and its outputs are not. */
  async succeeded(known: Known): Promise<void> {
    // A mistyped name must not go unseen, though it is no error.
    const notice = goneNotice(known)
    if (notice !== undefined) this.#teller.notice({ title: 'No function', message: notice })
    await this.#teller.succeeded({
      done: 'The clean-up is done',
      summary: () => shortSummary(titleOf(known), this.#end(known)),
    })
    this.#runner.info(`${lastWords(known)} in ${seconds(this.#teller.durationMs)}`, 'done')
  }

  /** Takes whatever was thrown. */
  async failed(thrown: unknown, known: Known): Promise<void> {
    await this.#teller.failed(thrown, {
      known: {},
      summary: (shown) => shortFailure(shown, this.#end(known)),
    })
  }

  #end(known: Known): ShortEnd {
    const time = ['Time', seconds(this.#teller.durationMs)] as const
    return {
      function: known.result?.isDeleted ? undefined : known.found,
      fields: [...fieldsOf(known), time],
    }
  }
}

function logOf(fact: FactOf<CleanupFacts>): LogEntry {
  switch (fact.name) {
    case 'inputs':
      return {}
    case 'found':
      return { lines: [`Function ${fact.value.name} (${fact.value.id}): found`] }
    case 'plan':
      return { lines: planLines(fact.value) }
    case 'untagged':
      return {
        lines: [`Tag ${fact.value.tag}: removed from the version ${fact.value.versionId ?? ''}`],
      }
    case 'result':
      return fact.value.isDeleted ? { lines: ['Function: deleted'] } : {}
  }
}

function outputsOf(fact: FactOf<CleanupFacts>): Outputs {
  switch (fact.name) {
    case 'inputs':
    case 'plan':
    case 'untagged':
      return {}
    case 'found':
      return { 'function-id': fact.value.id }
    case 'result': {
      const { removedTags, isDeleted } = fact.value
      return { 'removed-tags': removedTags.join('\n'), deleted: String(isDeleted) }
    }
  }
}
