/** Tells the user what happened: log lines and outputs as soon as facts are true, the summary and the annotation at the end. */

import type { Fact, Facts, KnownFacts } from '../deploy/progress.ts'
import { causesOf } from '../errors.ts'
import type { Clock, LogLine, Runner } from '../ports.ts'
import { oneLine, withoutBackticks } from '../text.ts'
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
import { lastLine, logOf } from './log.ts'
import { newsOf, type News, type TellPullRequest } from './news.ts'
import { outputsOf } from './outputs.ts'
import { Remarks } from './remarks.ts'
import type { RunEnd } from './summary/end.ts'
import { failureSummary, successSummary } from './summary/summary.ts'
import { seconds } from './summary/times.ts'

export interface ReportDeps {
  readonly runner: Runner
  readonly clock: Clock
  /** Nothing is told when left out. */
  readonly tellPullRequest?: TellPullRequest
}

/** As wide as the time before a step. */
const NO_TIME = ' '.repeat(10)

/** How many lines of a build's log stand outside the fold. */
const LAST_LINES = 10

export class Report {
  readonly #runner: Runner
  readonly #clock: Clock
  readonly #tellPullRequest: TellPullRequest | undefined
  readonly #startedAtMs: number
  readonly #remarks: Remarks
  readonly #times: Partial<Record<keyof Facts, number>> = {}
  /** The first output that could not be set. */
  #lost: { readonly output: string; readonly cause: unknown } | undefined

  constructor({ runner, clock, tellPullRequest }: ReportDeps) {
    this.#tellPullRequest = tellPullRequest
    this.#runner = runner
    this.#clock = clock
    this.#remarks = new Remarks(runner)
    this.#startedAtMs = clock.now()
  }

  /** A fact that has just become true. */
  tell(fact: Fact): void {
    for (const [output, value] of Object.entries(outputsOf(fact))) this.#output(output, value)
    this.#times[fact.name] = this.#durationMs()
    this.#logFact(fact)
    this.#remarks.take(fact)
  }

  /** What is being done, for the log. */
  log(message: string): void {
    this.#runner.info(this.#timed(withoutBackticks(message)))
  }

  /** Throws DeployError when the deployment is done and its outputs are not. */
  async succeeded(known: KnownFacts): Promise<void> {
    if (this.#lost) throw outputsLost(this.#lost, known)
    for (const warning of this.#remarks.warnings) this.#runner.warning(warning)
    for (const notice of this.#remarks.notices) this.#runner.notice(notice)
    await this.#writeSummary(() => successSummary(this.#end(known)))
    const trouble = await this.#comment(known, newsOf(known))
    if (trouble !== undefined) {
      this.#runner.notice({ title: 'Pull request', message: withoutBackticks(trouble) })
    }
    this.#runner.info(lastLine(known, this.#durationMs()), 'done')
  }

  /** One annotation for the run, further ones only on lines of files; takes whatever was thrown. */
  async failed(thrown: unknown, known: KnownFacts): Promise<void> {
    const runner = this.#runner
    const error = shownError(asDeployError(thrown), runner)
    const link = docsLink(error, runner.context.actionRoot)
    for (const cause of causesOf(thrown)) runner.debug(cause.stack ?? cause.message)
    for (const { title, message } of [...this.#remarks.warnings, ...this.#remarks.notices]) {
      runner.info(`${title}: ${message}`)
    }
    const buildLog = buildLogOf(error, runner)
    if (buildLog) this.#showBuildLog(buildLog, known)
    runner.error(annotationOf(error, link))
    await this.#writeSummary(() => failureSummary({ ...this.#end(known), error, link, buildLog }))
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
    // The reason stands in the last lines: nobody should have to open a fold for it.
    const { tail } = buildLog
    if (tail.length > LAST_LINES) this.#runner.group('Build log', tail)
    this.#runner.info('The build log ends with:')
    for (const line of tail.slice(-LAST_LINES)) this.#runner.info(`  ${line}`)
    const { workspace } = this.#runner.context
    for (const annotation of lineAnnotations(buildLog, { known, workspace })) {
      this.#runner.error(annotation)
    }
  }

  #durationMs(): number {
    return this.#clock.now() - this.#startedAtMs
  }

  #logFact(fact: Fact): void {
    const { lines = [], group } = logOf(fact)
    if (group) this.#runner.group(this.#timed(group.title), group.lines.map(withoutBackticks))
    for (const [at, line] of lines.entries()) {
      const { text, tone }: LogLine = typeof line === 'string' ? { text: line } : line
      const shown = withoutBackticks(text)
      this.#runner.info(at === 0 ? this.#timed(shown) : NO_TIME + shown, tone)
    }
  }

  /** A line that begins with the time since the start of the run. */
  #timed(line: string): string {
    return `${seconds(this.#durationMs()).padStart(NO_TIME.length - 2)}  ${line}`
  }

  #end(known: KnownFacts): RunEnd {
    const { context } = this.#runner
    return { known, context, times: this.#times, durationMs: this.#durationMs() }
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

function notWritten(reason: string): string {
  return `The comment was not written: ${reason}`
}
