/** Tells the user what happened: log lines and outputs as soon as facts are true, the summary and the annotation at the end. */

import type { Fact, KnownFacts } from '../deploy/progress.ts'
import type { PublicAccess } from '../deploy/release/access.ts'
import { causesOf } from '../errors.ts'
import type { Annotation, Clock, Runner } from '../ports.ts'
import { oneLine } from '../text.ts'
import { docsLink } from './docs.ts'
import {
  annotationOf,
  asDeployError,
  buildLogOf,
  lineAnnotations,
  outputsLost,
  reasonOf,
  shownError,
  type BuildLog,
} from './failure.ts'
import { logOf } from './log.ts'
import { newsOf, type News, type TellPullRequest } from './news.ts'
import { outputsOf } from './outputs.ts'
import { failureSummary, successSummary } from './summary.ts'

export interface ReportDeps {
  readonly runner: Runner
  readonly clock: Clock
  /** Nothing is told when left out. */
  readonly tellPullRequest?: TellPullRequest
}

export class Report {
  readonly #runner: Runner
  readonly #clock: Clock
  readonly #tellPullRequest: TellPullRequest | undefined
  readonly #startedAtMs: number
  /** Kept for the end: a failed run has one annotation, its failure. */
  readonly #warnings: Annotation[] = []
  readonly #notices: Annotation[] = []
  /** The first output that could not be set. */
  #lost: { readonly output: string; readonly cause: unknown } | undefined

  constructor({ runner, clock, tellPullRequest }: ReportDeps) {
    this.#tellPullRequest = tellPullRequest
    this.#runner = runner
    this.#clock = clock
    this.#startedAtMs = clock.now()
  }

  /** A fact that has just become true. */
  tell(fact: Fact): void {
    for (const [output, value] of Object.entries(outputsOf(fact))) this.#output(output, value)
    const { lines = [], group } = logOf(fact)
    if (group) this.#runner.group(group.title, group.lines)
    for (const line of lines) this.#runner.info(line)
    if (fact.name === 'inputs') this.#warn('Inputs', fact.value.warnings)
    if (fact.name === 'warnings') this.#warn('Inputs', fact.value)
    if (fact.name === 'package') this.#warn('Package', fact.value.selection.warnings)
    if (fact.name === 'notice') this.#notices.push(fact.value)
    if (fact.name === 'access' && fact.value.leftOpen.length > 0) {
      this.#notices.push({ title: 'Public access', message: leftOpen(fact.value.leftOpen) })
    }
    if (fact.name === 'function' && fact.value.notice !== undefined) {
      this.#notices.push({ title: 'New function', message: fact.value.notice })
    }
  }

  /** Throws DeployError when the deployment is done and its outputs are not. */
  async succeeded(known: KnownFacts): Promise<void> {
    if (this.#lost) throw outputsLost(this.#lost, known)
    for (const warning of this.#warnings) this.#runner.warning(warning)
    for (const notice of this.#notices) this.#runner.notice(notice)
    await this.#writeSummary(() => successSummary(known, this.#durationMs()))
    const trouble = await this.#comment(known, newsOf(known))
    if (trouble !== undefined) {
      this.#runner.notice({ title: 'Pull request', message: trouble })
    }
  }

  /** One annotation for the run, further ones only on lines of files; takes whatever was thrown. */
  async failed(thrown: unknown, known: KnownFacts): Promise<void> {
    const runner = this.#runner
    const error = shownError(asDeployError(thrown), runner)
    const link = docsLink(error, runner.context.actionRoot)
    for (const cause of causesOf(thrown)) runner.debug(cause.stack ?? cause.message)
    for (const { title, message } of [...this.#warnings, ...this.#notices]) {
      runner.info(`${title}: ${message}`)
    }
    const buildLog = buildLogOf(error, runner)
    if (buildLog) this.#showBuildLog(buildLog, known)
    runner.error(annotationOf(error, link))
    const durationMs = this.#durationMs()
    await this.#writeSummary(() => failureSummary({ error, link, buildLog, known, durationMs }))
    const trouble = await this.#comment(known, newsOf(known, error.code))
    if (trouble !== undefined) runner.info(trouble)
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

  #showBuildLog(buildLog: BuildLog, known: KnownFacts): void {
    this.#runner.group('Build log', buildLog.tail)
    const { workspace } = this.#runner.context
    for (const annotation of lineAnnotations(buildLog, { known, workspace })) {
      this.#runner.error(annotation)
    }
  }

  #durationMs(): number {
    return this.#clock.now() - this.#startedAtMs
  }

  #warn(title: string, messages: readonly string[]): void {
    for (const message of messages) {
      // A warning about one input begins with its name.
      const [, input] = /^`([a-z.-]+)`/.exec(message) ?? []
      const about = input === undefined ? title : `${title}: ${input}`
      this.#warnings.push({ title: about, message: this.#runner.hide(message) })
    }
  }

  /** What was deployed is deployed, whether or not the next step can be told: that is reported at the end. */
  #output(output: string, value: string): void {
    try {
      this.#runner.setOutput(output, value)
    } catch (cause) {
      this.#lost ??= { output, cause }
    }
  }

  /** The deployment is what it is, whether or not its summary can be made and written. */
  async #writeSummary(render: () => string): Promise<void> {
    try {
      await this.#runner.writeSummary(render())
    } catch (error) {
      this.#runner.info(`The job summary could not be written: ${oneLine(reasonOf(error))}`)
    }
  }
}

function leftOpen(bindings: PublicAccess['leftOpen']): string {
  const rights = bindings.map(({ roleId, subject }) => `${roleId} for ${subject.id}`).join(', ')
  return oneLine(`\`public: false\` left other rights as they are: ${rights}.`)
}

function notWritten(reason: string): string {
  return `The comment was not written: ${reason}`
}
