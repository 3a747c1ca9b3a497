/** Access bindings of a function: who has which role on it, and whether anyone may call it. */

import type { Cloud } from '../cloud.ts'
import { resource, text } from '../fields.ts'
import { functionPath } from './functions.ts'
import { operate } from './operations.ts'

const readBinding = resource('the access binding', {
  roleId: text,
  subject: resource('the subject of the access binding', { id: text, type: text }),
})

/** `yandex.cloud.access.AccessBinding`. */
export type AccessBinding = ReturnType<typeof readBinding>

/** `yandex.cloud.access.AccessBindingDelta`. */
export interface AccessDelta {
  readonly action: 'ADD' | 'REMOVE'
  readonly accessBinding: AccessBinding
}

/** Lets anyone call a function: https://yandex.cloud/en/docs/functions/security/#functions-functionInvoker */
export const PUBLIC: AccessBinding = {
  roleId: 'functions.functionInvoker',
  subject: { id: 'allUsers', type: 'system' },
}

/** The same role under its present name, and the one that it had before, which older bindings can have. */
const INVOKERS = [PUBLIC.roleId, 'serverless.functions.invoker']

/** The bindings of the function itself; those of its folder and cloud are not among them. Throws ApiError. */
export function listAccessBindings(
  functionId: string,
  { api }: Cloud,
): Promise<readonly AccessBinding[]> {
  return api.list({
    what: `list the access bindings of the function ${functionId}`,
    path: `${functionPath(functionId)}:listAccessBindings`,
    field: 'accessBindings',
    read: readBinding,
  })
}

/** Whether one of the bindings lets anyone call the function, without a token. */
export function isPublic(bindings: readonly AccessBinding[]): boolean {
  return publicBindings(bindings).length > 0
}

/** Those of the bindings that let anyone call the function. */
export function publicBindings(bindings: readonly AccessBinding[]): readonly AccessBinding[] {
  return bindings.filter(
    ({ roleId, subject }) =>
      INVOKERS.includes(roleId) &&
      subject.id === PUBLIC.subject.id &&
      subject.type === PUBLIC.subject.type,
  )
}

/** Changes some bindings, leaves all others as they are, and waits for it. Throws ApiError, OperationError. */
export async function updateAccessBindings(
  change: { functionId: string; deltas: readonly AccessDelta[]; deadlineMs: number },
  cloud: Cloud,
): Promise<void> {
  const { functionId, deltas, deadlineMs } = change
  await operate(
    {
      what: `change the access bindings of the function ${functionId}`,
      doing: `Changing the access bindings of the function ${functionId}`,
      noun: 'the change of the access bindings',
      path: `${functionPath(functionId)}:updateAccessBindings`,
      body: { accessBindingDeltas: deltas },
      deadlineMs,
    },
    cloud,
  )
}
