/** Tells the user what happened in a deployment: log lines and outputs as soon as facts are true, the rest at the end. */

import type { Fact, Facts, KnownFacts } from '../deploy/progress.ts'
import type { Clock, Runner } from '../ports.ts'
import { oneLine, withoutBackticks } from '../text.ts'
import type { News, TellPullRequest } from './comment.ts'
import { reasonOf } from './failure.ts'
import { lastLine } from './log.ts'
import type { RunEnd } from './summary/end.ts'
import { failureSummary, successSummary } from './summary/summary.ts'
import { subjectOf } from './summary/title.ts'
import { Teller } from './teller.ts'
import { pullRequestWarning, tellingOf } from './telling.ts'

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
  readonly #times: Partial<Record<keyof Facts, number>> = {}

  constructor(deps: ReportDeps) {
    this.#tellPullRequest = deps.tellPullRequest
    this.#runner = deps.runner
    this.#teller = new Teller('deploy', deps)
  }

  /** A fact that has just become true. */
  tell(fact: Fact): void {
    this.#times[fact.name] = this.#teller.durationMs
    const { warnings, notice, ...told } = tellingOf(fact)
    this.#teller.tell(told)
    if (warnings) this.#teller.warn(warnings.title, warnings.messages)
    if (notice) this.#teller.notice(notice)
  }

  /** What is being done, for the log. */
  log(message: string): void {
    this.#teller.log(message)
  }

  /** Throws DeployError when the deployment is done and its outputs are not. */
  async succeeded(known: KnownFacts): Promise<void> {
    this.#warnOfPullRequest(known)
    const { id = '', isReady } = known.version ?? {}
    await this.#teller.succeeded({
      done: `The version ${id} ${isReady ? 'is ready' : 'was accepted'}`,
      summary: () => successSummary(this.#end(known)),
    })
    const trouble = await this.#comment(known)
    if (trouble !== undefined) {
      this.#runner.notice({ title: 'Pull request', message: withoutBackticks(trouble) })
    }
    this.#runner.info(lastLine(known, this.#teller.durationMs), 'done')
  }

  /** Takes whatever was thrown. */
  async failed(thrown: unknown, known: KnownFacts): Promise<void> {
    this.#warnOfPullRequest(known)
    const { error } = await this.#teller.failed(thrown, {
      known,
      summary: (shown) => failureSummary({ ...this.#end(known), ...shown }),
    })
    const trouble = await this.#comment(known, error)
    if (trouble !== undefined) this.#runner.info(trouble)
  }

  #warnOfPullRequest(known: KnownFacts): void {
    const warning = pullRequestWarning(known, this.#runner.context)
    if (warning !== undefined) this.#teller.warn('Pull request', [warning])
  }

  /** Resolves to what went wrong: the deployment is what it is, whether or not its comment can be written. */
  async #comment(known: KnownFacts, failure?: News['failure']): Promise<string | undefined> {
    const subject = subjectOf(known)
    if (!subject?.commentToken || !this.#tellPullRequest) return undefined
    try {
      const news = { subject, known, failure }
      const outcome = await this.#tellPullRequest(news, subject.commentToken)
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

function notWritten(reason: string): string {
  return `The comment was not written: ${reason}`
}
