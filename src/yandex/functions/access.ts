/** Who may call a function: its own access bindings. */

import type { Api } from '../http/api.ts'
import { objectOf, textOf } from '../wire.ts'

/** A role that a subject has on a function. */
export interface AccessBinding {
  readonly roleId: string
  readonly subject: { readonly id: string; readonly type: string }
}

/** Everybody, with or without an account: https://github.com/yandex-cloud/cloudapi (access/access.proto). */
export const ALL_USERS = { id: 'allUsers', type: 'system' } as const

/** The role that lets call a function, and its former name, which old bindings may still have. */
export const INVOKER_ROLES = ['functions.functionInvoker', 'serverless.functions.invoker'] as const

/** The bindings of the function itself; those that it inherits from its folder and cloud are not shown. */
export function listAccessBindings(
  functionId: string,
  { api }: { api: Api },
): Promise<readonly AccessBinding[]> {
  return api.list({
    what: `list the access bindings of the function ${functionId}`,
    service: 'serverless-functions',
    path: `/functions/v1/functions/${encodeURIComponent(functionId)}:listAccessBindings`,
    query: {},
    field: 'accessBindings',
    read: readBinding,
  })
}

/** Whether anybody may call the function by a binding of its own. */
export function isPublic(bindings: readonly AccessBinding[]): boolean {
  return bindings.some(
    ({ roleId, subject }) =>
      subject.id === ALL_USERS.id && INVOKER_ROLES.some((role) => role === roleId),
  )
}

function readBinding(value: unknown): AccessBinding {
  const binding = objectOf(value, 'the access binding')
  const subject = objectOf(binding.subject, 'the subject')
  return {
    roleId: textOf(binding, 'roleId'),
    subject: { id: textOf(subject, 'id'), type: textOf(subject, 'type') },
  }
}
