/** Access bindings of a function: who has which role on it. */

import { createHash } from 'node:crypto'
import type { Call, Route } from '../http/route.ts'
import { ApiError, CODE, rejected } from '../http/status.ts'
import { FORMER_INVOKER, ROLES } from '../identity/roles.ts'
import { findActiveFunction, findFunction } from '../lookup.ts'
import { SET_ACCESS_BINDINGS, UPDATE_ACCESS_BINDINGS } from '../messages/access.ts'
import { LIST_PAGE } from '../messages/function.ts'
import { page } from '../messages/pages.ts'
import { readMessage, readQuery } from '../messages/read.ts'
import type { Read } from '../messages/schema.ts'
import { EMPTY, idempotent, startOperation } from '../services/operations.ts'
import type { AccessBinding, Cloud } from '../state.ts'

/** Most changes in one call, yandex/cloud/access/access.proto. */
const MAX_DELTAS = 1000
const SYSTEM_SUBJECTS = ['allUsers', 'allAuthenticatedUsers']
const SUBJECT_TYPES = ['system', 'serviceAccount', 'userAccount', 'federatedUser', 'group']

/** The methods of FunctionService that are about access; a list has the function's own bindings only. */
export function accessRoutes(cloud: Cloud): Route[] {
  const path = '/functions/v1/functions/{functionId}'
  return [
    {
      method: 'GET',
      path: `${path}:listAccessBindings`,
      permission: 'functions.read',
      hasQuery: true,
      handle: ({ params, query }) => {
        const request = readQuery(LIST_PAGE, query)
        const { id } = findFunction(cloud, params.functionId)
        const items = bindings(cloud, id).map((binding) => ({ id: shortKey(binding), binding }))
        const write = (item: { readonly binding: AccessBinding }) => item.binding
        return page(request, { name: 'accessBindings', items, write })
      },
    },
    {
      method: 'POST',
      path: `${path}:setAccessBindings`,
      permission: 'functions.bind',
      handle: idempotent(cloud, replace),
    },
    {
      method: 'POST',
      path: `${path}:updateAccessBindings`,
      permission: 'functions.bind',
      handle: idempotent(cloud, update),
    },
  ]
}

function replace(cloud: Cloud, call: Call): Promise<object> {
  const { id } = findActiveFunction(cloud, call.params.functionId)
  const { accessBindings } = readMessage(SET_ACCESS_BINDINGS, call.json)
  for (const binding of accessBindings) checkBinding(cloud, binding)
  const apply = () => [...new Map(accessBindings.map((b) => [keyOf(b), b])).values()]
  return change(cloud, { call, functionId: id, kind: 'Set', apply })
}

function update(cloud: Cloud, call: Call): Promise<object> {
  const { id: functionId } = findActiveFunction(cloud, call.params.functionId)
  const { accessBindingDeltas: deltas } = readMessage(UPDATE_ACCESS_BINDINGS, call.json)
  if (deltas.length === 0 || deltas.length > MAX_DELTAS) {
    throw rejected(`accessBindingDeltas: must have from 1 to ${MAX_DELTAS} elements`)
  }
  // Once to refuse at once what is wrong, and once more on what other operations have made of it by then.
  const apply = () => changed(cloud, { functionId, deltas })
  apply()
  return change(cloud, { call, functionId, kind: 'Update', apply })
}

type Deltas = Read<typeof UPDATE_ACCESS_BINDINGS>['accessBindingDeltas']

function changed(
  cloud: Cloud,
  { functionId, deltas }: { readonly functionId: string; readonly deltas: Deltas },
): AccessBinding[] {
  const after = new Map(bindings(cloud, functionId).map((binding) => [keyOf(binding), binding]))
  for (const { action, accessBinding } of deltas) {
    const key = keyOf(accessBinding)
    const isThere = after.has(key)
    switch (action) {
      case 'ADD':
        checkBinding(cloud, accessBinding)
        if (isThere) refuseRepeat(cloud, { code: CODE.ALREADY_EXISTS, message: `${key} exists` })
        after.set(key, accessBinding)
        break
      case 'REMOVE':
        if (!isThere) refuseRepeat(cloud, { code: CODE.NOT_FOUND, message: `${key} not found` })
        after.delete(key)
        break
      default:
        throw rejected('accessBindingDeltas.action: is required')
    }
  }
  return [...after.values()]
}

function change(
  cloud: Cloud,
  effect: {
    readonly call: Call
    readonly functionId: string
    readonly kind: 'Set' | 'Update'
    readonly apply: () => AccessBinding[]
  },
): Promise<object> {
  const { call, functionId, kind, apply } = effect
  const work = {
    description: `${kind} access bindings`,
    functionId,
    metadata: {
      '@type': `type.googleapis.com/yandex.cloud.access.${kind}AccessBindingsMetadata`,
      resourceId: functionId,
    },
    apply: () => {
      cloud.accessBindings.set(functionId, apply())
      return EMPTY
    },
  }
  return startOperation(cloud, { call, work })
}

/** Whether it is an error to repeat a change is not documented, so a test chooses. */
function refuseRepeat(
  cloud: Cloud,
  status: { readonly code: number; readonly message: string },
): void {
  if (cloud.settings.repeatedBindings === 'accepted') return
  throw new ApiError({ ...status, message: `Access binding ${status.message}` })
}

function checkBinding(cloud: Cloud, { roleId, subject }: AccessBinding): void {
  if (roleId === FORMER_INVOKER) {
    throw rejected(`Role ${roleId} is no longer available, use functions.functionInvoker`)
  }
  if (!Object.hasOwn(ROLES, roleId)) throw rejected(`Role ${roleId} not found`)
  if (!SUBJECT_TYPES.includes(subject.type)) throw rejected(`Unknown subject type ${subject.type}`)
  if (SYSTEM_SUBJECTS.includes(subject.id) !== (subject.type === 'system')) {
    throw rejected(`Subject ${subject.id} cannot be of type ${subject.type}`)
  }
  if (subject.type === 'serviceAccount' && !cloud.serviceAccounts.has(subject.id)) {
    throw rejected(`Service account ${subject.id} not found`)
  }
}

function bindings(cloud: Cloud, functionId: string): readonly AccessBinding[] {
  return cloud.accessBindings.get(functionId) ?? []
}

function keyOf({ roleId, subject }: AccessBinding): string {
  return `${roleId} of ${subject.type}:${subject.id}`
}

/** A page token may have 100 characters, and a key can have more. */
function shortKey(binding: AccessBinding): string {
  return createHash('sha256').update(keyOf(binding)).digest('hex').slice(0, 16)
}
