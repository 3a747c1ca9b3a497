/** What the reports of all actions share: lines with their time, outputs that may fail, and how an end is told. */

import type { KnownFacts } from '../deploy/progress.ts'
import { causesOf, type DeployError } from '../errors.ts'
import type { Annotation, Clock, LogLine, Runner } from '../ports.ts'
import { oneLine, withoutBackticks } from '../text.ts'
import {
  annotationOf,
  asDeployError,
  buildLogOf,
  docsLink,
  lineAnnotations,
  outputsLost,
  reasonOf,
  shownError,
  type Action,
} from './failure.ts'
import type { LogEntry } from './log.ts'
import { seconds } from './summary/times.ts'

/** As wide as the time before a step. */
const NO_TIME = ' '.repeat(10)

/** How many of the last lines of a build's log are shown, and how many of them outside the fold. */
const LAST_LINES = { shown: 50, open: 10 }

/** A failure whose texts are of a length that can be shown. */
export interface ShownFailure {
  readonly error: DeployError
  /** Where the documentation explains it. */
  readonly link: string
  /** The last lines of the log of a failed build; none for any other failure. */
  readonly buildLog: readonly string[]
}

/** What a fact gives the outputs and the log as soon as it is true. */
export interface Told<Outputs = Readonly<Record<string, string>>> extends LogEntry {
  readonly outputs?: Outputs
}

export class Teller {
  readonly #runner: Runner
  readonly #clock: Clock
  readonly #action: Action
  readonly #startedAtMs: number
  /** Kept for the end, as are notices: a failed run has one annotation, its failure. */
  readonly #warnings: Annotation[] = []
  readonly #notices: Annotation[] = []
  /** The first output that could not be set. */
  #lost: { readonly output: string; readonly cause: unknown } | undefined

  constructor(action: Action, { runner, clock }: { runner: Runner; clock: Clock }) {
    this.#action = action
    this.#runner = runner
    this.#clock = clock
    this.#startedAtMs = clock.now()
  }

  /** Since the start of the run. */
  get durationMs(): number {
    return this.#clock.now() - this.#startedAtMs
  }

  /** What is being done, for the log. */
  log(message: string): void {
    this.#runner.info(this.#timed(withoutBackticks(message)))
  }

  tell({ outputs = {}, lines = [], group }: Told): void {
    for (const [output, value] of Object.entries(outputs)) this.#output(output, value)
    if (group) this.#runner.group(this.#timed(group.title), group.lines.map(withoutBackticks))
    for (const [at, line] of lines.entries()) {
      const { text, tone }: LogLine = typeof line === 'string' ? { text: line } : line
      const shown = withoutBackticks(text)
      this.#runner.info(at === 0 ? this.#timed(shown) : NO_TIME + shown, tone)
    }
  }

  warn(title: string, messages: readonly string[]): void {
    for (const message of messages) {
      // A warning about one input begins with its name.
      const [, input] = /^`([a-z.-]+)`/.exec(message) ?? []
      const about = input === undefined ? title : `${title}: ${input}`
      const shown = withoutBackticks(this.#runner.hide(message))
      // A run that is told to have failed after it has succeeded has the same warnings again.
      if (this.#warnings.some((warning) => warning.message === shown)) continue
      this.#warnings.push({ title: about, message: shown })
    }
  }

  notice({ title, message }: Annotation): void {
    this.#notices.push({ title, message: withoutBackticks(message) })
  }

  /** Ends a run that did what it says in `done`. Throws DeployError when its outputs could not be set. */
  async succeeded({ done, summary }: { done: string; summary: () => string }): Promise<void> {
    if (this.#lost) throw outputsLost(this.#lost, done)
    for (const warning of this.#warnings) this.#runner.warning(warning)
    for (const notice of this.#notices) this.#runner.notice(notice)
    await this.#writeSummary(summary)
  }

  /** One annotation for the run, further ones only on lines of files; takes whatever was thrown. */
  async failed(
    thrown: unknown,
    {
      known,
      summary,
    }: { known: Pick<KnownFacts, 'package'>; summary: (shown: ShownFailure) => string },
  ): Promise<ShownFailure> {
    const runner = this.#runner
    const error = shownError(asDeployError(thrown), runner)
    const link = docsLink(error, { root: runner.context.actionRoot, action: this.#action })
    for (const cause of causesOf(thrown)) runner.debug(cause.stack ?? cause.message)
    for (const { title, message } of [...this.#warnings, ...this.#notices]) {
      runner.info(`${title}: ${message}`)
    }
    const log = buildLogOf(error, runner)
    const buildLog = log.slice(-LAST_LINES.shown)
    if (buildLog.length > 0) this.#showBuildLog(buildLog)
    const places = lineAnnotations(log, { known, context: runner.context })
    for (const annotation of [...places, annotationOf(error, link)]) runner.error(annotation)
    const shown = { error, link, buildLog }
    await this.#writeSummary(() => summary(shown))
    return shown
  }

  /** The reason stands in the last lines: nobody should have to open a fold for it. */
  #showBuildLog(lines: readonly string[]): void {
    if (lines.length > LAST_LINES.open) this.#runner.group('Build log', lines)
    this.#runner.info('The build log ends with:')
    for (const line of lines.slice(-LAST_LINES.open)) this.#runner.info(`  ${line}`)
  }

  /** A line that begins with the time since the start of the run. */
  #timed(line: string): string {
    return `${seconds(this.durationMs).padStart(NO_TIME.length - 2)}  ${line}`
  }

  /** What is done is done, whether or not the next step can be told: that is reported at the end. */
  #output(output: string, value: string): void {
    try {
      this.#runner.setOutput(output, value)
    } catch (cause) {
      this.#lost ??= { output, cause }
    }
  }

  /** What is done is done, whether or not its summary can be made and written. */
  async #writeSummary(render: () => string): Promise<void> {
    try {
      await this.#runner.writeSummary(render())
    } catch (error) {
      this.#runner.info(`The job summary could not be written: ${oneLine(reasonOf(error))}`)
    }
  }
}
