/** Access bindings of a function: who has which role on it, and whether anyone may call it. */

import type { Api } from '../http/api.ts'
import { objectOf, textOf } from '../wire.ts'
import { operate, type OperationDeps } from './operations.ts'

/** The role that lets call a function: https://yandex.cloud/en/docs/functions/security/#functions-functionInvoker */
export const INVOKER = 'functions.functionInvoker'

/** The names under which the role may be found: older bindings can have the one that it had before. */
const INVOKERS: readonly string[] = [INVOKER, 'serverless.functions.invoker']

/** `yandex.cloud.access.AccessBinding`. */
export interface AccessBinding {
  readonly roleId: string
  readonly subject: { readonly id: string; readonly type: string }
}

/** `yandex.cloud.access.AccessBindingDelta`. */
export interface AccessDelta {
  readonly action: 'ADD' | 'REMOVE'
  readonly accessBinding: AccessBinding
}

/** Lets anyone call a function. */
export const PUBLIC: AccessBinding = {
  roleId: INVOKER,
  subject: { id: 'allUsers', type: 'system' },
}

function readBinding(value: unknown): AccessBinding {
  const binding = objectOf(value, 'the access binding')
  const subject = objectOf(binding.subject, 'the subject of the access binding')
  return {
    roleId: textOf(binding, 'roleId'),
    subject: { id: textOf(subject, 'id'), type: textOf(subject, 'type') },
  }
}

/** The bindings of the function itself; those of its folder and cloud are not among them. Throws ApiError. */
export function listAccessBindings(
  functionId: string,
  { api }: { api: Api },
): Promise<readonly AccessBinding[]> {
  return api.list({
    what: `list the access bindings of the function ${functionId}`,
    service: 'serverless-functions',
    path: `${pathOf(functionId)}:listAccessBindings`,
    query: {},
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
  {
    functionId,
    deltas,
    deadlineMs,
  }: { functionId: string; deltas: readonly AccessDelta[]; deadlineMs: number },
  deps: OperationDeps,
): Promise<void> {
  await operate(
    {
      what: `change the access bindings of the function ${functionId}`,
      doing: `Changing the access bindings of the function ${functionId}`,
      noun: 'the change of the access bindings',
      method: 'POST',
      path: `${pathOf(functionId)}:updateAccessBindings`,
      body: { accessBindingDeltas: deltas },
      deadlineMs,
    },
    deps,
  )
}

function pathOf(functionId: string): string {
  return `/functions/v1/functions/${encodeURIComponent(functionId)}`
}
