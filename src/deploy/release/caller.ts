/** Calls a function as anybody, and as the account that deploys only where the service wants to know who calls. */

import { DeployError } from '../../errors.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { isPublic, listAccessBindings } from '../../yandex/functions/access.ts'
import { callFunction, type FunctionCall } from '../../yandex/functions/invoke.ts'
import type { Sent } from '../../yandex/http/attempt.ts'

export type Caller = (call: Omit<FunctionCall, 'needsToken'>) => Promise<Sent>

/**
 * A public function never gets the token: its code would see it. Its own access bindings do not show what it inherits
 * from its folder, so the first call goes without the token, and the service tells.
 */
export async function callerOf(functionId: string, cloud: Cloud): Promise<Caller> {
  const isOpen = await isKnownPublic(functionId, cloud)
  let isPrivate = false
  return async (call) => {
    if (!isPrivate) {
      const result = await callFunction({ ...call, needsToken: false }, cloud)
      if (isOpen || !isRefusal(result)) return result
    }
    const result = await callFunction({ ...call, needsToken: true }, cloud)
    isPrivate = isOfFunction(result)
    return result
  }
}

/** False too where it cannot be read. */
async function isKnownPublic(functionId: string, cloud: Cloud): Promise<boolean> {
  try {
    return isPublic(await listAccessBindings(functionId, cloud))
  } catch (error) {
    if (!(error instanceof DeployError) || error.code === 'CANCELLED') throw error
    return false
  }
}

function isRefusal(result: Sent): boolean {
  if (result.kind !== 'answered' || isOfFunction(result)) return false
  return [401, 403].includes(result.answer.status)
}

function isOfFunction(result: Sent): boolean {
  return result.kind === 'answered' && result.answer.headers['x-function-version-id'] !== undefined
}
