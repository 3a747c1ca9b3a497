/** Deletes a function with all of its versions. */

import { operate, type OperationDeps } from './operations.ts'

/** Waits until the function is gone. Throws ApiError, OperationError, DeployError OPERATION_TIMEOUT. */
export async function deleteFunction(
  { functionId, deadlineMs }: { functionId: string; deadlineMs: number },
  deps: OperationDeps,
): Promise<void> {
  await operate(
    {
      what: `delete the function ${functionId}`,
      doing: `Deleting the function ${functionId}`,
      noun: `the deletion of the function ${functionId}`,
      method: 'DELETE',
      path: `/functions/v1/functions/${encodeURIComponent(functionId)}`,
      deadlineMs,
    },
    deps,
  )
}
