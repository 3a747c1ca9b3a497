/** What the reports of all actions share: what is held back until the end, and how an end is told. */

import type { KnownFacts } from '../deploy/progress.ts'
import { causesOf, type DeployError } from '../errors.ts'
import type { Annotation, Clock, Runner } from '../ports.ts'
import { oneLine } from '../text.ts'
import { docsLink, type Action } from './docs.ts'
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
import type { LogEntry } from './log.ts'
import type { Outputs } from './outputs.ts'

/** What becomes visible of one fact. */
export interface Told {
  readonly outputs?: Outputs
  readonly log?: LogEntry
  /** Told at the end, as is the rest: a failed run has one annotation, its failure. */
  readonly warnings?: { readonly title: string; readonly messages: readonly string[] }
  readonly notices?: readonly Annotation[]
}

/** A failure whose texts are of a length that can be shown. */
export interface Shown {
  readonly error: DeployError
  /** Where the documentation explains it. */
  readonly link: string
  /** The end of the log of a failed build. */
  readonly buildLog: BuildLog | undefined
  readonly durationMs: number
}

export class Teller {
  readonly #runner: Runner
  readonly #clock: Clock
  readonly #action: Action
  readonly #startedAtMs: number
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

  tell({ outputs = {}, log: { lines = [], group } = {}, warnings, notices = [] }: Told): void {
    for (const [output, value] of Object.entries(outputs)) this.#output(output, value)
    if (group) this.#runner.group(group.title, group.lines)
    for (const line of lines) this.#runner.info(line)
    if (warnings) this.#warn(warnings)
    this.#notices.push(...notices)
  }

  /** Ends a run that did what it says in `done`. Throws DeployError when its outputs could not be set. */
  async succeeded({
    done,
    summary,
  }: {
    readonly done: string
    readonly summary: (durationMs: number) => string
  }): Promise<void> {
    if (this.#lost) throw outputsLost(this.#lost, done)
    for (const warning of this.#warnings) this.#runner.warning(warning)
    for (const notice of this.#notices) this.#runner.notice(notice)
    await this.#writeSummary(() => summary(this.#durationMs()))
  }

  /** One annotation for the run, further ones only on lines of files; takes whatever was thrown. */
  async failed(
    thrown: unknown,
    { known, summary }: { known: Pick<KnownFacts, 'package'>; summary: (shown: Shown) => string },
  ): Promise<Shown> {
    const runner = this.#runner
    const error = shownError(asDeployError(thrown), runner)
    const link = docsLink(error, { root: runner.context.actionRoot, action: this.#action })
    for (const cause of causesOf(thrown)) runner.debug(cause.stack ?? cause.message)
    for (const { title, message } of [...this.#warnings, ...this.#notices]) {
      runner.info(`${title}: ${message}`)
    }
    const buildLog = buildLogOf(error, runner)
    if (buildLog) this.#showBuildLog(buildLog, known)
    runner.error(annotationOf(error, link))
    const shown = { error, link, buildLog, durationMs: this.#durationMs() }
    await this.#writeSummary(() => summary(shown))
    return shown
  }

  #showBuildLog(buildLog: BuildLog, known: Pick<KnownFacts, 'package'>): void {
    this.#runner.group('Build log', buildLog.tail)
    const { workspace } = this.#runner.context
    for (const annotation of lineAnnotations(buildLog, { known, workspace })) {
      this.#runner.error(annotation)
    }
  }

  #durationMs(): number {
    return this.#clock.now() - this.#startedAtMs
  }

  #warn({ title, messages }: NonNullable<Told['warnings']>): void {
    for (const message of messages) {
      // A warning about one input begins with its name.
      const [, input] = /^`([a-z.-]+)`/.exec(message) ?? []
      const about = input === undefined ? title : `${title}: ${input}`
      this.#warnings.push({ title: about, message: this.#runner.hide(message) })
    }
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
