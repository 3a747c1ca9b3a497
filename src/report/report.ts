/** Tells the user what happened: log lines and outputs as soon as facts are true, the summary and the annotation at the end. */

import { inspect } from 'node:util'
import { docsLink } from './docs.ts'
import { causesOf, DeployError, ERRORS, isError } from '../errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { OutputName } from '../inputs/names.ts'
import type { PackedCode } from '../deploy/package.ts'
import type { Annotation, Clock, Runner } from '../ports.ts'
import { describeSelection } from './package.ts'
import { failureSummary, successSummary, type Facts } from './summary.ts'
import { clip, oneLine } from '../text.ts'
import type { CloudFunction, Operation } from '../yandex/wire.ts'

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
  readonly #warnings: Annotation[] = []
  readonly #notices: Annotation[] = []
  /** Why an output could not be set. */
  #lost: { readonly output: string; readonly cause: unknown } | undefined
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
    this.#warn('Inputs', warnings)
  }

  /** What was found out about the inputs, though the step can go on. */
  noted(warnings: readonly string[]): void {
    this.#warn('Inputs', warnings)
  }

  packed({ archive, selection }: PackedCode): void {
    this.#facts = { ...this.#facts, archive }
    this.#output('package-sha256', archive.sha256)
    this.#output('package-size', String(archive.sizeBytes))
    this.#runner.group('Package', describeSelection(selection, archive))
    this.#warn('Package', selection.warnings)
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
    if (notice !== undefined) this.#notices.push({ title: 'New function', message: notice })
    this.#output('function-id', target.id)
    if (target.httpInvokeUrl !== '') {
      this.#output('function-url', target.httpInvokeUrl)
    }
    this.#runner.info(`Function ${oneLine(target.name)} (${target.id}): ${origin}`)
  }

  delivered(delivery: { bucket: string; key: string; outcome: 'uploaded' | 'present' }): void {
    this.#output('object-name', delivery.key)
    const outcome = delivery.outcome === 'present' ? 'is there already' : 'uploaded'
    this.#runner.info(`Object ${delivery.key} in the bucket ${delivery.bucket}: ${outcome}`)
  }

  accepted(operation: Operation): void {
    this.#facts = { ...this.#facts, operationId: operation.id }
    this.#output('operation-id', operation.id)
    this.#runner.info(`Operation ${operation.id}: the version is being built`)
  }

  /** The version is live, or accepted if that is all that was asked for. */
  versioned({ versionId, isReady }: { versionId: string; isReady: boolean }): void {
    this.#facts = { ...this.#facts, versionId, isReady }
    this.#output('version-id', versionId)
    this.#runner.info(`Version ${versionId}: ${isReady ? 'ready' : 'accepted, not waited for'}`)
  }

  /** Throws DeployError when the deployment is done and its outputs are not. */
  async succeeded(): Promise<void> {
    if (this.#lost) throw outputsLost(this.#lost, this.#facts)
    for (const warning of this.#warnings) this.#runner.warning(warning)
    for (const notice of this.#notices) this.#runner.notice(notice)
    await this.#writeSummary(() => successSummary(this.#allFacts()))
  }

  /** One annotation for the run, further ones only on lines of files; takes whatever was thrown. */
  async failed(thrown: unknown): Promise<void> {
    const error = this.#shown(asDeployError(thrown))
    const link = docsLink(error, this.#runner.context.actionRoot)
    for (const cause of causesOf(thrown)) this.#runner.debug(cause.stack ?? cause.message)
    for (const { title, message } of [...this.#warnings, ...this.#notices]) {
      this.#runner.info(`${title}: ${message}`)
    }
    for (const { file, line, message } of error.sourceLines) {
      this.#runner.error({ title: 'Build error', message, file, line })
    }
    this.#runner.error({ title: titleOf(error), message: annotationOf(error, link) })
    await this.#writeSummary(() => failureSummary({ ...this.#allFacts(), error, link }))
  }

  /** Foreign texts may be of any length: first what is secret goes, then what is too much. */
  #shown(error: DeployError): DeployError {
    const show = (text: string, characters: number): string =>
      clip(this.#runner.hide(text), characters)
    return error.with({
      message: show(error.message, MAX_CHARACTERS.message),
      hint: show(error.hint, MAX_CHARACTERS.hint),
      details: Object.fromEntries(
        Object.entries(error.details).map(([name, value]) => [
          name,
          oneLine(show(value, MAX_CHARACTERS.detail)),
        ]),
      ),
    })
  }

  #warn(title: string, messages: readonly string[]): void {
    for (const message of messages) {
      this.#warnings.push({ title, message: this.#runner.hide(message) })
    }
  }

  /** What was deployed is deployed, whether or not the next step can be told: that is said at the end. */
  #output(output: OutputName, value: string): void {
    try {
      this.#runner.setOutput(output, value)
    } catch (cause) {
      this.#lost ??= { output, cause }
    }
  }

  #allFacts(): Facts {
    return { ...this.#facts, durationMs: this.#clock.now() - this.#startedAtMs }
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

/** The longest texts of a failure that are shown, in characters. */
const MAX_CHARACTERS = { message: 10_000, hint: 2_000, detail: 500 }

/** A runner cuts what is longer: `_maxIssueMessageLength` in https://github.com/actions/runner. */
const MAX_ANNOTATION_CHARACTERS = 4_096

function titleOf({ code, inputs }: DeployError): string {
  const [input] = inputs
  return `${code}: ${input !== undefined && inputs.length === 1 ? input : ERRORS[code].title}`
}

/** What failed, what to do, where to read on, and the ids on one line; if it is too long, the first is cut. */
function annotationOf({ message, hint, details }: DeployError, link: string): string {
  const ids = Object.entries(details).map((detail) => detail.join(': '))
  const rest = [hint, link, ids.join(', ')].filter((line) => line !== '').join('\n')
  return `${clip(message, Math.max(500, MAX_ANNOTATION_CHARACTERS - rest.length - 20))}\n\n${rest}`
}

function reasonOf(error: unknown): string {
  return isError(error) ? error.message : 'unknown reason'
}

function outputsLost(
  { output, cause }: { output: string; cause: unknown },
  { versionId = '', isReady }: Facts,
): DeployError {
  const state = isReady === true ? 'is ready' : 'was accepted'
  return new DeployError(
    'INTERNAL_ERROR',
    `The version ${versionId} ${state}, but the output \`${output}\` could not be set: ${reasonOf(cause)}.`,
    {
      cause,
      topic: 'outputs-not-written',
      hint: 'The deployment itself is done. Check that the disk of the runner is not full, and that nothing removes its files (GITHUB_OUTPUT) while the step runs.',
    },
  )
}

/** Anything that is not a failure we foresaw is a mistake of ours, and says so. */
function asDeployError(thrown: unknown): DeployError {
  if (thrown instanceof DeployError) return thrown
  const what = isError(thrown) ? `${thrown.name}: ${thrown.message}` : inspect(thrown, { depth: 0 })
  return new DeployError('INTERNAL_ERROR', `The action itself failed: ${what}`, { cause: thrown })
}
