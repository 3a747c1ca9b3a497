/** What else can be found out or done when a version did not come to be: the build log, the cancellation. */

import path from 'node:path'
import { findErrorLines } from './build-errors.ts'
import { DeployError, type ErrorCode } from './errors.ts'
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
  readonly functionId: string
  /** Undefined until the cloud has said that it took the version. */
  readonly operation: Operation | undefined
  readonly packed: PackedCode | undefined
}

/** The error to report in place of the one that was thrown. */
export async function explainFailure(
  { thrown, attempt }: { thrown: unknown; attempt: Attempt },
  { cloud, runner }: { cloud: Cloud; runner: Runner },
): Promise<unknown> {
  if (!(thrown instanceof DeployError) || thrown.code === 'OPERATION_TIMEOUT') return thrown
  const { functionId, operation, packed } = attempt
  if (!operation) return UNCERTAIN.includes(thrown.code) ? uncertain(thrown, functionId) : thrown
  if (thrown.code === 'CANCELLED') return cancelled({ thrown, operation }, cloud)
  if (thrown instanceof OperationError) {
    return withBuildLog({ thrown, packed }, { cloud, runner })
  }
  return new DeployError(
    thrown.code,
    `${thrown.message}\nThe build of the version was accepted and may still finish.`,
    {
      cause: thrown,
      hint: `Look it up with \`yc operation get ${operation.id}\` before you deploy again. ${thrown.hint}`,
      details: { 'operation id': operation.id, ...thrown.details },
    },
  )
}

/** Failures that do not tell whether a request had its effect. */
const UNCERTAIN: readonly ErrorCode[] = ['CANCELLED', 'API_UNREACHABLE', 'API_UNEXPECTED']

function uncertain(thrown: DeployError, functionId: string): DeployError {
  return new DeployError(
    thrown.code,
    `${thrown.message}\nThe request for a version of the function ${functionId} was under way: it may be building.`,
    {
      cause: thrown,
      hint: `See \`yc serverless function list-operations ${functionId}\` before you deploy again.`,
      details: { 'function id': functionId, ...thrown.details },
    },
  )
}

async function cancelled(
  { thrown, operation }: { thrown: DeployError; operation: Operation },
  cloud: Cloud,
): Promise<DeployError> {
  const { api } = cloud.withSignal(AbortSignal.timeout(CANCEL_MS))
  const agreed = await cancelOperation(operation.id, { api })
  const state = agreed
    ? 'Yandex Cloud was asked to cancel it and agreed; the version may still appear if the build was faster.'
    : 'It could not be cancelled: the build goes on, and its version may become the latest one.'
  return new DeployError(
    'CANCELLED',
    `${thrown.message} The operation ${operation.id} was under way. ${state}`,
    { cause: thrown, details: { 'operation id': operation.id } },
  )
}

async function withBuildLog(
  { thrown, packed }: { thrown: OperationError; packed: PackedCode | undefined },
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
  const files = packed?.selection.files ?? []
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
