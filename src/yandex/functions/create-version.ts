/** Creates a version of a function. */

import { attemptMsFor } from '../http/http.ts'
import { resourceIdOf, type Operation } from './operation.ts'
import { startOperation, type OperationDeps } from './operations.ts'
import type { CreateVersionRequest } from './version-request.ts'

/** Starts the build of a version; the metadata of the operation has its id from the start. */
export function createVersion(
  { request, deadlineMs }: { request: CreateVersionRequest; deadlineMs: number },
  deps: OperationDeps,
): Promise<Operation> {
  return startOperation(
    {
      what: `create a version of the function ${request.functionId}`,
      method: 'POST',
      path: '/functions/v1/versions',
      body: request,
      hides: Object.values(request.environment ?? {}),
      deadlineMs,
      retry: { attemptMs: attemptMsFor('content' in request ? request.content.length : 0) },
    },
    deps,
  )
}

/** Id of the version that an operation of {@link createVersion} makes. Throws DeployError API_UNEXPECTED when it has none. */
export function versionIdOf(operation: Operation): string {
  return resourceIdOf(operation, 'functionVersionId')
}
