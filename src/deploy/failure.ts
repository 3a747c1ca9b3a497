/** What else can be found out or done after a deployment failed: the build log, the cancellation. */

import { DeployError } from '../errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { formatSeconds, withoutValues } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { readBuildLog } from '../yandex/functions/build-log.ts'
import { OperationError, type Operation } from '../yandex/functions/operation.ts'
import { cancelOperation } from '../yandex/functions/operations.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import { isUncertain, NothingDone } from '../yandex/http/http.ts'
import type { KnownFacts } from './progress.ts'
import { rolesOf } from './roles/roles.ts'

/** The runner kills a step 7.5 s after it was cancelled. */
const CANCEL_MS = 2_000

/** How far the deployment came, and where. */
interface FailureDeps {
  readonly known: KnownFacts & { readonly inputs: Inputs }
  /** Where the function is. */
  readonly folderId: string
  readonly cloud: Cloud
}

/** The error to report in place of the one that was thrown, given how far the deployment came. */
export async function explainFailure(thrown: unknown, deps: FailureDeps): Promise<unknown> {
  if (!(thrown instanceof DeployError)) return thrown
  const { known, cloud } = deps
  // What comes after the build tells itself what is true.
  if (known.version?.isReady === true || thrown.topic === 'not-exposed') return thrown
  if (thrown.code === 'OPERATION_TIMEOUT') {
    const limit = formatSeconds(known.inputs.wait.timeoutSeconds)
    return thrown.with({ message: `${thrown.message}\n\`wait-timeout\` is ${limit}.` })
  }
  if (isForbidden(thrown, known)) return forbidden(thrown, deps)
  if (!known.build) {
    return isUncertain(thrown) || thrown instanceof NothingDone ? uncertain(thrown, known) : thrown
  }
  const { operation, hides } = known.build
  if (thrown.code === 'CANCELLED') return cancelled({ thrown, operation }, cloud)
  if (thrown instanceof OperationError) return withBuildLog(thrown, { cloud, hides })
  return thrown.with({
    message: `${thrown.message}\nThe build of the version was accepted and may still finish: look it up with \`yc operation get ${operation.id}\` before you deploy again.`,
    details: { 'operation id': operation.id, ...thrown.details },
  })
}

/** Whether the version itself is forbidden, rather than a look at its operation. */
function isForbidden(thrown: DeployError, { code, build }: KnownFacts): boolean {
  if (thrown instanceof OperationError) return thrown.grpcCode === 'PERMISSION_DENIED'
  return code !== undefined && !build && thrown instanceof ApiError && thrown.httpStatus === 403
}

/** The API does not say which role is missing, so all that the step needs are listed. */
function forbidden(thrown: DeployError, { known, folderId }: FailureDeps): DeployError {
  const roles = rolesOf(known.inputs, folderId)
  return thrown.with({
    hint: [
      'Yandex Cloud does not say which role is missing. This step needs these; a new role takes some seconds to take effect:',
      ...roles.map(({ role, who, command }) => `- \`${role}\` for ${who}: \`${command}\``),
    ].join('\n'),
  })
}

function uncertain(thrown: DeployError, { function: target, code }: KnownFacts): DeployError {
  if (!target) {
    return thrown.with({
      message: `${thrown.message}\nThe function may have been created or updated; no version was. It is safe to deploy again.`,
    })
  }
  const { id } = target.function
  const details = { 'function id': id, ...thrown.details }
  if (!code || thrown instanceof NothingDone) {
    const state = 'No version was created. It is safe to deploy again.'
    return thrown.with({ message: `${thrown.message}\n${state}`, details })
  }
  return thrown.with({
    message: `${thrown.message}\nThe request for a version of the function ${id} was under way: it may be building.`,
    hint: `See \`yc serverless function list-operations ${id}\` before you deploy again.`,
    details,
  })
}

/** The error of a run that was cancelled while an operation was under way, which is cancelled too. */
export async function cancelled(
  { thrown, operation }: { thrown: DeployError; operation: Operation },
  cloud: Cloud,
): Promise<DeployError> {
  const accepted = await cancelOperation(
    operation.id,
    cloud.withSignal(AbortSignal.timeout(CANCEL_MS)),
  )
  const state = accepted
    ? 'Yandex Cloud accepted the cancellation; the version may still appear if the build was faster.'
    : 'Yandex Cloud did not confirm that it is cancelled: the build may go on, and its version become the latest one.'
  return thrown.with({
    message: `${thrown.message} The operation ${operation.id} was under way. ${state}`,
    hint: `Look it up with \`yc operation get ${operation.id}\` before you deploy again.`,
    details: { 'operation id': operation.id },
  })
}

/** The error of a failed build, with its log where that can be read; stars stand for `hides` in the log. */
export async function withBuildLog(
  thrown: OperationError,
  { cloud, hides }: { cloud: Cloud; hides: readonly string[] | undefined },
): Promise<DeployError> {
  const log = await readBuildLog(thrown.status, cloud)
  if (log === undefined) return thrown
  return thrown.with({ evidence: { kind: 'build log', text: withoutValues(log, hides) } })
}
