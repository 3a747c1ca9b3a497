/** Functions: get, list, create, update, delete. */

import { timestamp } from '../clock.ts'
import type { Call, Route } from '../http/route.ts'
import { ApiError, CODE, rejected } from '../http/status.ts'
import { newId } from '../id.ts'
import { checkFolder, findActiveFunction, findFunction } from '../lookup.ts'
import {
  CREATE_FUNCTION,
  FUNCTION,
  LIST_IN_FOLDER_FILTERED,
  LIST_PAGE,
  UPDATE_FUNCTION,
} from '../messages/function.ts'
import { filtered, page } from '../messages/pages.ts'
import { readMessage, readQuery } from '../messages/read.ts'
import { writeMessage } from '../messages/write.ts'
import { checkFunctionQuota } from '../quotas.ts'
import { EMPTY, idempotent, operationJson, packed, startOperation } from '../services/operations.ts'
import type { Cloud, StoredFunction } from '../state.ts'

/** The methods of FunctionService that are about functions. */
export function functionRoutes(cloud: Cloud): Route[] {
  return [
    {
      method: 'GET',
      path: '/functions/v1/functions',
      permission: 'functions.read',
      hasQuery: true,
      handle: ({ query }) => {
        const request = readQuery(LIST_IN_FOLDER_FILTERED, query)
        checkFolder(cloud, request.folderId)
        const all = [...cloud.functions.values()]
        const items = filtered(request.filter, { items: all, fields: ['name'] })
        return page(request, { name: 'functions', items, write })
      },
    },
    {
      method: 'GET',
      path: '/functions/v1/functions/{functionId}',
      permission: 'functions.read',
      handle: ({ params }) => write(findFunction(cloud, params.functionId)),
    },
    {
      method: 'GET',
      path: '/functions/v1/functions/{functionId}/operations',
      permission: 'functions.read',
      hasQuery: true,
      handle: ({ params, query }) => {
        const request = readQuery(LIST_PAGE, query)
        const { id } = findFunction(cloud, params.functionId)
        // Newest first; the real order is not documented.
        const items = [...cloud.operations.values()].filter((o) => o.functionId === id).reverse()
        return page(request, { name: 'operations', items, write: operationJson })
      },
    },
    {
      method: 'POST',
      path: '/functions/v1/functions',
      permission: 'functions.write',
      handle: idempotent(cloud, create),
    },
    {
      method: 'PATCH',
      path: '/functions/v1/functions/{functionId}',
      permission: 'functions.write',
      handle: idempotent(cloud, update),
    },
    {
      method: 'DELETE',
      path: '/functions/v1/functions/{functionId}',
      permission: 'functions.write',
      handle: idempotent(cloud, remove),
    },
  ]
}

function create(cloud: Cloud, call: Call): Promise<object> {
  const { folderId, name, description, labels } = readMessage(CREATE_FUNCTION, call.json)
  checkFolder(cloud, folderId)
  checkName(cloud, { name })
  checkFunctionQuota(cloud)
  const id = newId('d4e')
  const created: StoredFunction = {
    id,
    folderId,
    createdAt: timestamp(cloud),
    httpInvokeUrl: `http://${cloud.addresses.invocation}/${id}`,
    name,
    description,
    labels,
    status: 'CREATING',
  }
  const work = {
    description: 'Create function',
    functionId: id,
    metadata: packed('CreateFunctionMetadata', { functionId: id }),
    begin: () => {
      cloud.functions.set(id, created)
    },
    apply: () => {
      created.status = 'ACTIVE'
      return packed('Function', write(created))
    },
  }
  return startOperation(cloud, { call, work })
}

function update(cloud: Cloud, call: Call): Promise<object> {
  const found = findActiveFunction(cloud, call.params.functionId)
  const { updateMask, ...values } = readMessage(UPDATE_FUNCTION, call.json)
  // Without a mask every field is taken from the request, so that one not sent is reset.
  const paths = updateMask === '' ? Object.keys(values) : updateMask.split(',')
  const changes = Object.fromEntries(
    Object.entries(values).filter(([field]) => paths.includes(field)),
  )
  if (paths.includes('name')) checkName(cloud, { name: values.name, except: found.id })
  const work = {
    description: 'Update function',
    functionId: found.id,
    metadata: packed('UpdateFunctionMetadata', { functionId: found.id }),
    apply: () => {
      Object.assign(found, changes)
      return packed('Function', write(found))
    },
  }
  return startOperation(cloud, { call, work })
}

function remove(cloud: Cloud, call: Call): Promise<object> {
  const found = findActiveFunction(cloud, call.params.functionId)
  if (call.json !== undefined) throw rejected('DELETE takes no body')
  const work = {
    description: 'Delete function',
    functionId: found.id,
    metadata: packed('DeleteFunctionMetadata', { functionId: found.id }),
    begin: () => {
      found.status = 'DELETING'
    },
    apply: () => {
      cloud.functions.delete(found.id)
      cloud.accessBindings.delete(found.id)
      cloud.scalingPolicies.delete(found.id)
      const others = cloud.tagHistory.filter(({ functionId }) => functionId !== found.id)
      cloud.tagHistory.splice(0, Infinity, ...others)
      for (const version of cloud.versions.values()) {
        if (version.functionId === found.id) cloud.versions.delete(version.id)
      }
      return EMPTY
    },
  }
  return startOperation(cloud, { call, work })
}

function checkName(
  cloud: Cloud,
  { name, except }: { readonly name: string; readonly except?: string },
): void {
  const taken = [...cloud.functions.values()].some((f) => f.name === name && f.id !== except)
  if (name !== '' && taken) {
    throw new ApiError({
      code: CODE.ALREADY_EXISTS,
      message: `Function with name ${name} already exists`,
    })
  }
}

function write(stored: StoredFunction): object {
  return writeMessage(FUNCTION, stored)
}
