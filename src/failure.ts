/** What else can be found out or done when a version did not come to be: the build log, the cancellation. */

import path from 'node:path'
import { findErrorLines } from './build-errors.ts'
import { DeployError } from './errors.ts'
import type { PackedCode } from './package.ts'
import type { Runner } from './ports.ts'
import { markdownBlock } from './text.ts'
import { readBuildLog } from './yandex/build-log.ts'
import type { Cloud } from './yandex/cloud.ts'
import { cancelOperation, OperationError } from './yandex/operations.ts'
import type { Operation } from './yandex/wire.ts'

/** The runner kills a step 7.5 s after it was cancelled. */
const CANCEL_MS = 2_000

/** How much of a build log is shown. */
const LOG_TAIL_LINES = 50

/** What was under way when it failed. */
export interface Attempt {
  readonly operation: Operation
  readonly packed: PackedCode | undefined
}

/** The error to report in place of the one that was thrown. */
export async function explainFailure(
  { thrown, attempt }: { thrown: unknown; attempt: Attempt },
  { cloud, runner }: { cloud: Cloud; runner: Runner },
): Promise<unknown> {
  if (thrown instanceof DeployError && thrown.code === 'CANCELLED') {
    return cancelled({ thrown, attempt }, cloud)
  }
  return thrown instanceof OperationError
    ? withBuildLog({ thrown, attempt }, { cloud, runner })
    : thrown
}

async function cancelled(
  { thrown, attempt }: { thrown: DeployError; attempt: Attempt },
  cloud: Cloud,
): Promise<DeployError> {
  const { api } = cloud.withSignal(AbortSignal.timeout(CANCEL_MS))
  const agreed = await cancelOperation(attempt.operation.id, { api })
  const state = agreed
    ? 'Yandex Cloud was asked to cancel it and agreed; the version may still appear if the build was faster.'
    : 'It could not be cancelled: the build goes on, and its version may become the latest one.'
  return new DeployError(
    'CANCELLED',
    `${thrown.message} The operation ${attempt.operation.id} was under way. ${state}`,
    {
      cause: thrown,
      details: { 'operation id': attempt.operation.id },
    },
  )
}

async function withBuildLog(
  { thrown, attempt }: { thrown: OperationError; attempt: Attempt },
  { cloud, runner }: { cloud: Cloud; runner: Runner },
): Promise<DeployError> {
  const log = await readBuildLog(thrown.status, {
    send: cloud.send,
    mask: (value) => {
      runner.mask(value)
    },
  })
  if (log === undefined) return thrown
  const lines = log.trimEnd().split(/\r?\n/)
  const tail = lines.slice(-LOG_TAIL_LINES)
  runner.group('Build log', tail)
  const files = attempt.packed?.selection.files ?? []
  return new DeployError(thrown.code, thrown.message, {
    cause: thrown,
    hint: thrown.hint,
    details: thrown.details,
    markdown: [
      `<details><summary>Last lines of the build log</summary>\n`,
      markdownBlock(tail.join('\n')),
      '\n</details>',
    ].join('\n'),
    sourceLines: findErrorLines(lines, (name) => {
      const file = files.find((file) => file.name === name)
      return file && path.relative(runner.context.workspace, file.path).replaceAll('\\', '/')
    }),
  })
}
