/** What else can be found out or done when a version did not come to be: the build log, the cancellation. */

import path from 'node:path'
import { findErrorLines } from '../report/build-errors.ts'
import { DeployError, type ErrorCode } from '../errors.ts'
import type { PackedCode } from './package.ts'
import type { Runner } from '../ports.ts'
import type { NeededRole } from './roles.ts'
import { clip } from '../text.ts'
import { formatSeconds } from '../inputs/values.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import { readBuildLog } from '../yandex/functions/build-log.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { hintForLog } from '../report/advice.ts'
import { cancelOperation, OperationError } from '../yandex/functions/operations.ts'
import type { Operation } from '../yandex/wire.ts'

/** The runner kills a step 7.5 s after it was cancelled. */
const CANCEL_MS = 2_000

/** How much of a build log is shown. */
const LOG_TAIL_LINES = 50
const LOG_LINE_CHARACTERS = 2_000

/** What was under way when it failed; filled in as the deployment goes on. */
export interface Attempt {
  stage: 'function' | 'upload' | 'version'
  functionId?: string
  /** Absent until the cloud has said that it took the version. */
  operation?: Operation | undefined
  readonly packed: PackedCode | undefined
  /** What the step needs, told when the version is forbidden. */
  readonly roles: readonly NeededRole[]
  /** `wait-timeout`. */
  readonly timeoutSeconds: number
}

/** The error to report in place of the one that was thrown. */
export async function explainFailure(
  { thrown, attempt }: { thrown: unknown; attempt: Attempt },
  { cloud, runner }: { cloud: Cloud; runner: Runner },
): Promise<unknown> {
  if (!(thrown instanceof DeployError)) return thrown
  if (thrown.code === 'OPERATION_TIMEOUT') return timedOut(thrown, attempt)
  const { operation, packed } = attempt
  if (isForbidden(thrown, attempt)) return forbidden(thrown, attempt)
  if (!operation) return UNCERTAIN.includes(thrown.code) ? uncertain(thrown, attempt) : thrown
  if (thrown.code === 'CANCELLED') return cancelled({ thrown, operation }, cloud)
  if (thrown instanceof OperationError) {
    return withBuildLog({ thrown, packed }, { cloud, runner })
  }
  return thrown.with({
    message: `${thrown.message}\nThe build of the version was accepted and may still finish.`,
    hint: `Look it up with \`yc operation get ${operation.id}\` before you deploy again. ${thrown.hint}`,
    details: { 'operation id': operation.id, ...thrown.details },
  })
}

function timedOut(thrown: DeployError, { timeoutSeconds }: Attempt): DeployError {
  const message = `${thrown.message}\n\`wait-timeout\` is ${formatSeconds(timeoutSeconds)}.`
  return thrown.with({ message })
}

/** Whether the version itself is forbidden, rather than a look at its operation. */
function isForbidden(thrown: DeployError, { stage, operation }: Attempt): boolean {
  if (thrown instanceof OperationError) return thrown.grpcCode === 'PERMISSION_DENIED'
  return (
    stage === 'version' && !operation && thrown instanceof ApiError && thrown.httpStatus === 403
  )
}

/** The API does not say which role is missing, so all that the step needs are listed. */
function forbidden(thrown: DeployError, { roles }: Attempt): DeployError {
  return thrown.with({
    hint: [
      'Yandex Cloud does not say which role is missing. This step needs these; a new role takes some seconds to take effect:',
      ...roles.map(({ role, who, command }) => `- \`${role}\` for ${who}: \`${command}\``),
    ].join('\n'),
  })
}

/** Failures that do not tell whether a request had its effect. */
const UNCERTAIN: readonly ErrorCode[] = ['CANCELLED', 'API_UNREACHABLE', 'API_UNEXPECTED']

function uncertain(thrown: DeployError, { stage, functionId = '' }: Attempt): DeployError {
  const state = {
    function:
      'The function may have been created or updated; no version was. It is safe to deploy again.',
    upload: 'No version was created. It is safe to deploy again.',
    version: `The request for a version of the function ${functionId} was under way: it may be building.`,
  }[stage]
  return thrown.with({
    message: `${thrown.message}\n${state}`,
    hint:
      stage === 'version'
        ? `See \`yc serverless function list-operations ${functionId}\` before you deploy again.`
        : thrown.hint,
    details: { ...(functionId !== '' && { 'function id': functionId }), ...thrown.details },
  })
}

async function cancelled(
  { thrown, operation }: { thrown: DeployError; operation: Operation },
  cloud: Cloud,
): Promise<DeployError> {
  const { api } = cloud.withSignal(AbortSignal.timeout(CANCEL_MS))
  const agreed = await cancelOperation(operation.id, { api })
  const state = agreed
    ? 'Yandex Cloud was asked to cancel it and agreed; the version may still appear if the build was faster.'
    : 'Yandex Cloud did not agree to cancel it: the build may go on, and its version become the latest one.'
  return thrown.with({
    message: `${thrown.message} The operation ${operation.id} was under way. ${state}`,
    hint: `Look it up with \`yc operation get ${operation.id}\` before you deploy again.`,
    details: { 'operation id': operation.id },
  })
}

async function withBuildLog(
  { thrown, packed }: { thrown: OperationError; packed: PackedCode | undefined },
  { cloud, runner }: { cloud: Cloud; runner: Runner },
): Promise<DeployError> {
  const log = await readBuildLog(thrown.status, {
    ...cloud,
    mask: (value) => {
      runner.mask(value)
    },
  })
  if (log === undefined) return thrown
  const lines = runner
    .hide(log)
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => clip(line, LOG_LINE_CHARACTERS))
  const tail = lines.slice(-LOG_TAIL_LINES)
  runner.group('Build log', tail)
  const files = new Map(packed?.selection.files.map((file) => [file.name, file]))
  return thrown.with({
    hint: hintForLog(log) ?? thrown.hint,
    evidence: { kind: 'build log', text: tail.join('\n') },
    sourceLines: findErrorLines(lines, (name) => {
      const file = files.get(name)
      return file && path.relative(runner.context.workspace, file.path).replaceAll('\\', '/')
    }),
  })
}
