/** Tells the user what happened in a rollback: its facts as soon as they are true, the rest at the end. */

import type { FactOf } from '../deploy/progress.ts'
import type { Clock, Runner } from '../ports.ts'
import type { LogEntry } from '../report/log.ts'
import type { Outputs } from '../report/outputs.ts'
import { shortFailure, shortSummary } from '../report/summary/short.ts'
import { seconds } from '../report/summary/times.ts'
import { Teller } from '../report/teller.ts'
import type { RollbackFacts } from './facts.ts'
import { fieldsOf, planLines, titleOf } from './words.ts'

type Known = Readonly<Partial<RollbackFacts>>

export class RollbackReport {
  readonly #runner: Runner
  readonly #teller: Teller

  constructor(deps: { runner: Runner; clock: Clock }) {
    this.#runner = deps.runner
    this.#teller = new Teller('rollback', deps)
  }

  /** A fact that has just become true. */
  tell(fact: FactOf<RollbackFacts>): void {
    this.#teller.tell({ outputs: outputsOf(fact), log: logOf(fact) })
    if (fact.name === 'inputs') this.#teller.warn('Inputs', fact.value.warnings)
  }

  /** What is being done, for the log. */
  log(message: string): void {
    this.#teller.log(message)
  }

  /** Throws DeployError when the rollback is done and its outputs are not. */
  async succeeded(known: Known): Promise<void> {
    await this.#teller.succeeded({
      done: 'The rollback is done',
      summary: () =>
        shortSummary(titleOf(known), { function: known.function, fields: this.#fields(known) }),
    })
    const time = seconds(this.#teller.durationMs)
    const line = known.inputs?.isDryRun
      ? `Planned in ${time}; nothing was changed`
      : `Rolled back in ${time}`
    this.#runner.info(line, 'done')
  }

  /** Takes whatever was thrown. */
  async failed(thrown: unknown, known: Known): Promise<void> {
    await this.#teller.failed(thrown, {
      known: {},
      summary: (shown) =>
        shortFailure(shown, {
          function: known.function,
          fields: [['Time', seconds(this.#teller.durationMs)]],
        }),
    })
  }

  #fields(known: Known) {
    return [...fieldsOf(known), ['Time', seconds(this.#teller.durationMs)] as const]
  }
}

function logOf(fact: FactOf<RollbackFacts>): LogEntry {
  switch (fact.name) {
    case 'inputs':
    case 'moved':
      return {}
    case 'function':
      return { lines: [`Function ${fact.value.name} (${fact.value.id}): found`] }
    case 'plan':
      return { lines: planLines(fact.value) }
    case 'build':
      return { lines: [`Operation ${fact.value.operation.id}: the copy is being made`] }
    case 'live':
      return { lines: [`Version ${fact.value.versionId}: live`] }
  }
}

function outputsOf(fact: FactOf<RollbackFacts>): Outputs {
  switch (fact.name) {
    case 'inputs':
    case 'plan':
    case 'moved':
    case 'build':
      return {}
    case 'function': {
      const { id, httpInvokeUrl } = fact.value
      return { 'function-id': id, ...(httpInvokeUrl !== '' && { 'function-url': httpInvokeUrl }) }
    }
    case 'live': {
      const { versionId, previousId } = fact.value
      return {
        'version-id': versionId,
        ...(previousId !== undefined && { 'previous-version-id': previousId }),
      }
    }
  }
}
