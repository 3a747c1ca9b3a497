/** Tells the user what happened in a deployment: its facts as soon as they are true, the summary and the annotation at the end. */

import type { Fact, KnownFacts } from '../deploy/progress.ts'
import type { Clock, Runner } from '../ports.ts'
import { oneLine } from '../text.ts'
import { reasonOf } from './failure.ts'
import { logOf } from './log.ts'
import { newsOf, type News, type TellPullRequest } from './news.ts'
import { outputsOf } from './outputs.ts'
import { failureSummary, successSummary } from './summary.ts'
import { Teller, type Told } from './teller.ts'

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

  constructor(deps: ReportDeps) {
    this.#runner = deps.runner
    this.#teller = new Teller('deploy', deps)
    this.#tellPullRequest = deps.tellPullRequest
  }

  /** A fact that has just become true. */
  tell(fact: Fact): void {
    this.#teller.tell({ outputs: outputsOf(fact), log: logOf(fact), ...heldBack(fact) })
  }

  /** Throws DeployError when the deployment is done and its outputs are not. */
  async succeeded(known: KnownFacts): Promise<void> {
    await this.#teller.succeeded({
      done: doneOf(known),
      summary: (durationMs) => successSummary(known, durationMs),
    })
    const trouble = await this.#comment(known, newsOf(known))
    if (trouble !== undefined) {
      this.#runner.notice({ title: 'Pull request', message: trouble })
    }
  }

  /** Takes whatever was thrown. */
  async failed(thrown: unknown, known: KnownFacts): Promise<void> {
    const { error } = await this.#teller.failed(thrown, {
      known,
      summary: (shown) => failureSummary({ ...shown, known }),
    })
    const trouble = await this.#comment(known, newsOf(known, error.code))
    if (trouble !== undefined) this.#runner.info(trouble)
  }

  /** Resolves to what went wrong: the deployment is what it is, whether or not its comment can be written. */
  async #comment({ inputs }: KnownFacts, news: News | undefined): Promise<string | undefined> {
    const token = inputs?.release.commentToken
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
        : `An older comment was left as it is: ${outcome.trouble}`
    } catch (error) {
      return notWritten(oneLine(reasonOf(error)))
    }
  }
}

/** What is told of a fact at the end of the run. */
function heldBack(fact: Fact): Pick<Told, 'warnings' | 'notices'> {
  switch (fact.name) {
    case 'inputs':
      return { warnings: { title: 'Inputs', messages: fact.value.warnings } }
    case 'warnings':
      return { warnings: { title: 'Inputs', messages: fact.value } }
    case 'package':
      return { warnings: { title: 'Package', messages: fact.value.selection.warnings } }
    case 'notice':
      return { notices: [fact.value] }
    case 'function': {
      const message = fact.value.notice
      return message === undefined ? {} : { notices: [{ title: 'New function', message }] }
    }
    case 'plan':
    case 'previous':
    case 'skipped':
    case 'code':
    case 'build':
    case 'version':
      return {}
  }
}

function doneOf({ version }: KnownFacts): string {
  return `The version ${version?.id ?? ''} ${version?.isReady === true ? 'is ready' : 'was accepted'}`
}

function notWritten(reason: string): string {
  return `The comment was not written: ${reason}`
}
