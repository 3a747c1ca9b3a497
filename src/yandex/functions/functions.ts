/** Functions: finds, creates and updates them. */

import { DeployError } from '../../errors.ts'
import type { Api } from '../http/api.ts'
import { ApiError } from '../http/api-error.ts'
import { OperationError, resourceIdOf } from './operation.ts'
import { operate, type OperationDeps } from './operations.ts'
import { asObject } from '../../json.ts'
import { idOf, objectOf, readAbout, textOf } from '../wire.ts'

const SERVICE = 'serverless-functions'
const FUNCTIONS = '/functions/v1/functions'

/** `yandex.cloud.serverless.functions.v1.Function`. */
export interface CloudFunction {
  readonly id: string
  readonly folderId: string
  readonly name: string
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly httpInvokeUrl: string
  /** `CREATING`, `ACTIVE`, `DELETING` or `ERROR`; empty when the answer leaves it out. */
  readonly status: string
}

/** Throws TypeError when the value is not a Function. */
export function readFunction(value: unknown): CloudFunction {
  const object = objectOf(value, 'the function')
  const labels = Object.entries(asObject(object.labels) ?? {})
  return {
    id: idOf(object),
    folderId: textOf(object, 'folderId'),
    name: textOf(object, 'name'),
    description: textOf(object, 'description'),
    labels: Object.fromEntries(labels.map(([key, label]) => [key, String(label)])),
    httpInvokeUrl: textOf(object, 'httpInvokeUrl'),
    status: textOf(object, 'status'),
  }
}

/** A function by its id. Throws ApiError, NOT_FOUND among others. */
export function getFunction(id: string, { api }: { api: Api }): Promise<CloudFunction> {
  return api.call({
    what: `find the function ${id}`,
    service: SERVICE,
    method: 'GET',
    path: `${FUNCTIONS}/${encodeURIComponent(id)}`,
    read: readAbout(id, readFunction),
  })
}

/** The functions of a folder that match the filter; all of them without one. */
export function listFunctions(
  { folderId, filter }: { folderId: string; filter?: string },
  { api }: { api: Api },
): Promise<readonly CloudFunction[]> {
  return api.list({
    what: `list the functions of the folder ${folderId}${filter === undefined ? '' : ` with ${filter}`}`,
    service: SERVICE,
    path: FUNCTIONS,
    query: { folderId, ...(filter !== undefined && { filter }) },
    field: 'functions',
    read: readFunction,
  })
}

/** The function with exactly this name in a folder, or undefined. */
export async function findFunction(
  { folderId, name }: { folderId: string; name: string },
  deps: { api: Api },
): Promise<CloudFunction | undefined> {
  const functions = await listFunctions({ folderId, filter: `name="${name}"` }, deps)
  return functions.find((candidate) => candidate.name === name)
}

/** The fields of a new function. */
export interface NewFunction {
  readonly folderId: string
  readonly name: string
  readonly description: string | undefined
  readonly labels: Readonly<Record<string, string>> | undefined
}

/** Creates a function and waits for it; when another job is creating it, resolves with that job's function. */
export async function createFunction(
  spec: NewFunction & { deadlineMs: number },
  deps: OperationDeps,
): Promise<{ function: CloudFunction; created: boolean }> {
  const { folderId, name, description, labels, deadlineMs } = spec
  try {
    const operation = await operate(
      {
        what: `create the function "${name}" in the folder ${folderId}`,
        doing: `Creating the function "${name}"`,
        noun: `the creation of the function "${name}"`,
        method: 'POST',
        path: FUNCTIONS,
        body: { folderId, name, ...(description && { description }), ...(labels && { labels }) },
        deadlineMs,
      },
      deps,
    )
    const id = resourceIdOf(operation, 'functionId')
    return { function: await getFunction(id, deps), created: true }
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    const listed = await findListed(spec, { ...deps, cause: error })
    const active = await waitUntilActive({ function: listed, deadlineMs }, deps)
    return { function: active, created: false }
  }
}

function isAlreadyExists(error: unknown): error is ApiError | OperationError {
  return (
    (error instanceof ApiError || error instanceof OperationError) &&
    error.grpcCode === 'ALREADY_EXISTS'
  )
}

const ACTIVE_POLL_MS = 500

/** A list may lag behind. A function that exists and is not listed after this time is hidden from this credential. */
const LISTED_MS = 30_000

/** The function that another job has created, or is creating. Throws `cause` when it is hidden. */
async function findListed(
  spec: NewFunction & { deadlineMs: number },
  deps: OperationDeps & { cause: DeployError },
): Promise<CloudFunction> {
  const endsAtMs = Math.min(deps.clock.now() + LISTED_MS, spec.deadlineMs)
  for (;;) {
    const found = await findFunction(spec, deps)
    if (found) return found
    if (deps.clock.now() > endsAtMs) throw deps.cause
    await deps.clock.sleep(ACTIVE_POLL_MS, deps.signal)
  }
}

/** The function as soon as it accepts versions; another job may still be creating it. Throws DeployError OPERATION_TIMEOUT. */
export async function waitUntilActive(
  { function: known, deadlineMs }: { function: CloudFunction; deadlineMs: number },
  deps: OperationDeps,
): Promise<CloudFunction> {
  let current = known
  while (current.status === 'CREATING') {
    if (deps.clock.now() > deadlineMs) {
      throw new DeployError(
        'OPERATION_TIMEOUT',
        `The function ${current.id} is still being created by another job.`,
      )
    }
    await deps.clock.sleep(ACTIVE_POLL_MS, deps.signal)
    current = await getFunction(current.id, deps)
  }
  return current
}

/** Fields of a function to change; absent ones stay as they are. */
export interface FunctionChanges {
  readonly description?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** Changes exactly the given fields and waits for the update. */
export async function updateFunction(
  { id, changes, deadlineMs }: { id: string; changes: FunctionChanges; deadlineMs: number },
  deps: OperationDeps,
): Promise<void> {
  await operate(
    {
      what: `update the function ${id}`,
      doing: `Updating the function ${id}`,
      noun: 'the update of the function',
      method: 'PATCH',
      path: `${FUNCTIONS}/${encodeURIComponent(id)}`,
      // Without a mask, every field that is not sent would be reset.
      body: { updateMask: Object.keys(changes).join(','), ...changes },
      deadlineMs,
    },
    deps,
  )
}
