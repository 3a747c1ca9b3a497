/** What else can be found out or done after the copy of a version failed. */

import { cancelled, withBuildLog } from '../deploy/failure.ts'
import { DeployError } from '../errors.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CreateVersionRequest } from '../yandex/functions/version-request.ts'
import { OperationError } from '../yandex/functions/operation.ts'
import { NothingDone, UNCERTAIN } from '../yandex/http/http.ts'
import type { RollbackFacts } from './facts.ts'

/** How far the rollback came. */
export interface FailureDeps {
  readonly known: Readonly<Partial<RollbackFacts>>
  /** Of the copy. */
  readonly request: CreateVersionRequest
  readonly cloud: Cloud
}

/** The error to report in place of the one that was thrown. */
export async function explainCopyFailure(
  thrown: unknown,
  { known, request, cloud }: FailureDeps,
): Promise<unknown> {
  if (!(thrown instanceof DeployError)) return thrown
  const operation = known.build?.operation
  if (operation && thrown.code === 'CANCELLED') return cancelled({ thrown, operation }, cloud)
  if (thrown instanceof OperationError) {
    return withBuildLog(thrown, { cloud, hides: Object.values(request.environment ?? {}) })
  }
  const functionId = known.function?.id ?? ''
  if (operation) {
    return thrown.with({
      message: `${thrown.message}\nThe copy of the version was accepted and may still become the newest one: look it up with \`yc operation get ${operation.id}\` before you run the job again.`,
      details: { 'operation id': operation.id, ...thrown.details },
    })
  }
  if (!UNCERTAIN.includes(thrown.code)) return thrown
  if (thrown instanceof NothingDone) {
    return thrown.with({ message: `${thrown.message}\nNo copy was created.` })
  }
  return thrown.with({
    message: `${thrown.message}\nThe request for a copy was under way: it may be building.`,
    hint: `See \`yc serverless function list-operations ${functionId}\` before you run the job again.`,
    details: { 'function id': functionId, ...thrown.details },
  })
}
