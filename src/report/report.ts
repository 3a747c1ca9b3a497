/** Tells the user what happened in a deployment: log lines and outputs as soon as facts are true, the rest at the end. */

import type { Fact, Facts, KnownFacts } from '../deploy/progress.ts'
import type { Clock, Runner } from '../ports.ts'
import { oneLine, withoutBackticks } from '../text.ts'
import { reasonOf } from './failure.ts'
import { lastLine, logOf } from './log.ts'
import { newsOf, subjectOf, type News, type TellPullRequest } from './news.ts'
import { outputsOf } from './outputs.ts'
import { Remarks } from './remarks.ts'
import type { RunEnd } from './summary/end.ts'
import { failureSummary, successSummary } from './summary/summary.ts'
import { Teller } from './teller.ts'

export interface ReportDeps {
  readonly runner: Runner
  readonly clock: Clock
  /** Nothing is told when left out. */
  readonly tellPullRequest?: TellPullRequest
}

export class Report {
  readonly #runner: Runner
  readonly #teller: Teller
  readonly #tellPullRequest: TellPullRequest | undefined
  readonly #remarks: Remarks
  readonly #times: Partial<Record<keyof Facts, number>> = {}

  constructor(deps: ReportDeps) {
    this.#tellPullRequest = deps.tellPullRequest
    this.#runner = deps.runner
    this.#teller = new Teller('deploy', deps)
    this.#remarks = new Remarks(this.#teller, deps.runner.context)
  }

  /** A fact that has just become true. */
  tell(fact: Fact): void {
    this.#times[fact.name] = this.#teller.durationMs
    this.#teller.tell({ outputs: outputsOf(fact), log: logOf(fact) })
    this.#remarks.take(fact)
  }

  /** What is being done, for the log. */
  log(message: string): void {
    this.#teller.log(message)
  }

  /** Throws DeployError when the deployment is done and its outputs are not. */
  async succeeded(known: KnownFacts): Promise<void> {
    await this.#teller.succeeded({
      done: doneOf(known),
      summary: () => successSummary(this.#end(known)),
    })
    const trouble = await this.#comment(known, newsOf(known))
    if (trouble !== undefined) {
      this.#runner.notice({ title: 'Pull request', message: withoutBackticks(trouble) })
    }
    this.#runner.info(lastLine(known, this.#teller.durationMs), 'done')
  }

  /** Takes whatever was thrown. */
  async failed(thrown: unknown, known: KnownFacts): Promise<void> {
    const { error } = await this.#teller.failed(thrown, {
      known,
      summary: (shown) => failureSummary({ ...this.#end(known), ...shown }),
    })
    const trouble = await this.#comment(known, newsOf(known, error))
    if (trouble !== undefined) this.#runner.info(trouble)
  }

  /** Resolves to what went wrong: the deployment is what it is, whether or not its comment can be written. */
  async #comment(known: KnownFacts, news: News | undefined): Promise<string | undefined> {
    const token = subjectOf(known)?.commentToken
    if (!token || !news || !this.#tellPullRequest) return undefined
    try {
      const outcome = await this.#tellPullRequest(news, token)
      if (!outcome) this.#runner.info('No comment: the run is for no pull request')
      if (outcome?.url !== undefined) {
        this.#runner.info(`Comment on ${outcome.url.split('#', 1).join('')}`)
        this.#runner.setOutput('comment-url', outcome.url)
      }
      if (outcome?.trouble === undefined) return undefined
      return outcome.url === undefined
        ? notWritten(outcome.trouble)
        : `The comment is written, but an older one may be left as it is: ${outcome.trouble}`
    } catch (error) {
      return notWritten(oneLine(reasonOf(error)))
    }
  }

  #end(known: KnownFacts): RunEnd {
    const { context } = this.#runner
    return { known, context, times: this.#times, durationMs: this.#teller.durationMs }
  }
}

function doneOf({ version }: KnownFacts): string {
  return `The version ${version?.id ?? ''} ${version?.isReady === true ? 'is ready' : 'was accepted'}`
}

function notWritten(reason: string): string {
  return `The comment was not written: ${reason}`
}
