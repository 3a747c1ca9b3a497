/** Tells the user what happened: log lines and outputs as soon as facts are true, the summary and the annotation at the end. */

import { inspect } from 'node:util'
import { causesOf, DeployError, ERRORS, isError } from './errors.ts'
import type { Inputs } from './inputs.ts'
import type { PackedCode } from './package.ts'
import type { Clock, Runner } from './ports.ts'
import { describeSelection } from './source/breakdown.ts'
import { failureSummary, successSummary, type Facts } from './summary.ts'
import { oneLine } from './text.ts'
import type { CloudFunction, Operation } from './yandex/wire.ts'

export interface ReportDeps {
  readonly runner: Runner
  readonly clock: Clock
}

/** How a function came to be the target. */
export type FunctionOrigin = 'found' | 'created' | 'created meanwhile by another job'

export class Report {
  readonly #runner: Runner
  readonly #clock: Clock
  readonly #startedAtMs: number
  /** Kept for the end: a failed run has one annotation, its failure. */
  readonly #warnings: string[] = []
  readonly #notices: string[] = []
  #facts: Facts = {}

  constructor({ runner, clock }: ReportDeps) {
    this.#runner = runner
    this.#clock = clock
    this.#startedAtMs = clock.now()
  }

  /** The inputs are in order. */
  configured({ settings, warnings }: Inputs): void {
    const { runtime, memoryBytes } = settings
    this.#facts = { ...this.#facts, runtime, memoryBytes }
    this.#warnings.push(...warnings)
  }

  /** What was found out about the inputs, though the step can go on. */
  noted(warnings: readonly string[]): void {
    this.#warnings.push(...warnings)
  }

  packed({ archive, selection }: PackedCode): void {
    this.#facts = { ...this.#facts, archive }
    this.#runner.setOutput('package-sha256', archive.sha256)
    this.#runner.setOutput('package-size', String(archive.sizeBytes))
    this.#runner.group('Package', describeSelection(selection, archive))
    this.#warnings.push(...selection.warnings)
  }

  targeted({
    function: target,
    origin,
    notice,
  }: {
    function: CloudFunction
    origin: FunctionOrigin
    notice?: string
  }): void {
    this.#facts = { ...this.#facts, function: target, isNew: origin === 'created' }
    if (notice !== undefined) this.#notices.push(notice)
    this.#runner.setOutput('function-id', target.id)
    if (target.httpInvokeUrl !== '') {
      this.#runner.setOutput('function-url', target.httpInvokeUrl)
    }
    this.#runner.info(`Function ${oneLine(target.name)} (${target.id}): ${origin}`)
  }

  delivered(delivery: { bucket: string; key: string; outcome: 'uploaded' | 'present' }): void {
    this.#runner.setOutput('object-name', delivery.key)
    const outcome = delivery.outcome === 'present' ? 'is there already' : 'uploaded'
    this.#runner.info(`Object ${delivery.key} in the bucket ${delivery.bucket}: ${outcome}`)
  }

  accepted(operation: Operation): void {
    this.#facts = { ...this.#facts, operationId: operation.id }
    this.#runner.setOutput('operation-id', operation.id)
    this.#runner.info(`Operation ${operation.id}: the version is being built`)
  }

  /** The version is live, or accepted if that is all that was asked for. */
  versioned({ versionId, isReady }: { versionId: string; isReady: boolean }): void {
    this.#facts = { ...this.#facts, versionId, isReady }
    this.#runner.setOutput('version-id', versionId)
    this.#runner.info(`Version ${versionId}: ${isReady ? 'ready' : 'accepted, not waited for'}`)
  }

  async succeeded(): Promise<void> {
    for (const message of this.#warnings) this.#runner.warning({ title: 'Deployment', message })
    for (const message of this.#notices) this.#runner.notice({ title: 'New function', message })
    await this.#writeSummary(successSummary(this.#allFacts()))
  }

  /** One annotation for the run, further ones only on lines of files; takes whatever was thrown. */
  async failed(thrown: unknown): Promise<void> {
    const error = asDeployError(thrown)
    const docsUrl = `${this.#runner.context.docsUrl}/TROUBLESHOOTING.md#${error.code.toLowerCase()}`
    for (const cause of causesOf(thrown)) this.#runner.debug(cause.stack ?? cause.message)
    for (const message of [...this.#warnings, ...this.#notices]) {
      this.#runner.info(`Note: ${message}`)
    }
    for (const { file, line, message } of error.sourceLines) {
      this.#runner.error({ title: 'Build error', message, file, line })
    }
    const details = Object.entries(error.details).map(
      ([name, value]) => `${name}: ${oneLine(value)}`,
    )
    this.#runner.error({
      title: `${error.code}: ${ERRORS[error.code].title}`,
      message: [error.message, '', error.hint, ...details, docsUrl].join('\n'),
    })
    await this.#writeSummary(failureSummary({ ...this.#allFacts(), error, docsUrl }))
  }

  #allFacts(): Facts {
    return { ...this.#facts, durationMs: this.#clock.now() - this.#startedAtMs }
  }

  /** The deployment is what it is, whether or not its summary can be written. */
  async #writeSummary(markdown: string): Promise<void> {
    try {
      await this.#runner.writeSummary(markdown)
    } catch (error) {
      this.#runner.info(
        `The job summary could not be written: ${isError(error) ? oneLine(error.message) : 'unknown reason'}`,
      )
    }
  }
}

/** Anything that is not a failure we foresaw is a mistake of ours, and says so. */
function asDeployError(thrown: unknown): DeployError {
  if (thrown instanceof DeployError) return thrown
  const what = isError(thrown) ? `${thrown.name}: ${thrown.message}` : inspect(thrown, { depth: 0 })
  return new DeployError('API_UNEXPECTED', `The action itself failed: ${what}`, {
    cause: thrown,
    hint: 'This is a bug of the action. Please report it in its repository, with the log of a run that has the secret ACTIONS_STEP_DEBUG set to true.',
  })
}
