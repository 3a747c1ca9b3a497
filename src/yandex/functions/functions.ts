/** Functions and their versions: find, create, update, create a version. */

import { DeployError } from '../../errors.ts'
import type { Api } from '../http/api.ts'
import { ApiError } from '../http/api-error.ts'
import { attemptMsFor } from '../http/http.ts'
import { OperationError, waitForOperation, type OperationDeps } from './operations.ts'
import type { CreateVersionRequest } from './version-request.ts'
import {
  isId,
  readAbout,
  readFunction,
  readOperation,
  type CloudFunction,
  type Operation,
} from '../wire.ts'

const SERVICE = 'serverless-functions'
const FUNCTIONS = '/functions/v1/functions'

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

/** The functions of a folder that the filter takes, all of them without one. */
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

/** What a new function is made of. */
export interface NewFunction {
  readonly folderId: string
  readonly name: string
  readonly description: string | undefined
  readonly labels: Readonly<Record<string, string>> | undefined
}

/** Creates a function and waits until it is there; when another job was faster, resolves with that job's function. */
export async function createFunction(
  spec: NewFunction & { deadlineMs: number },
  deps: OperationDeps,
): Promise<{ function: CloudFunction; created: boolean }> {
  const { folderId, name, description, labels, deadlineMs } = spec
  try {
    const operation = await deps.api.call({
      what: `create the function "${name}" in the folder ${folderId}`,
      service: SERVICE,
      method: 'POST',
      path: FUNCTIONS,
      body: { folderId, name, ...(description && { description }), ...(labels && { labels }) },
      quotaMs: deadlineMs - deps.clock.now(),
      read: readOperation,
    })
    deps.log(`Creating the function "${name}" (operation ${operation.id})`)
    const wait = { what: `the creation of the function "${name}"`, deadlineMs }
    const done = await waitForOperation({ operation, wait }, deps)
    const id = idOf(done, 'functionId')
    return { function: await getFunction(id, deps), created: true }
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    const listed = await findListed(spec, { ...deps, cause: error })
    return { function: await untilActive({ function: listed, deadlineMs }, deps), created: false }
  }
}

function isAlreadyExists(error: unknown): error is ApiError | OperationError {
  return (
    (error instanceof ApiError || error instanceof OperationError) &&
    error.grpcCode === 'ALREADY_EXISTS'
  )
}

const ACTIVE_POLL_MS = 500

/** A list may lag behind; a name that is taken and still not listed after that is hidden from this credential. */
const LISTED_MS = 30_000

/** The function that another job has begun to create. */
async function findListed(
  spec: NewFunction & { deadlineMs: number },
  deps: OperationDeps & { cause: DeployError },
): Promise<CloudFunction> {
  const patienceMs = Math.min(deps.clock.now() + LISTED_MS, spec.deadlineMs)
  for (;;) {
    const found = await findFunction(spec, deps)
    if (found) return found
    if (deps.clock.now() > patienceMs) throw hidden(deps.cause)
    await deps.clock.sleep(ACTIVE_POLL_MS, deps.signal)
  }
}

/** The function as soon as it takes versions; another job may be creating it. Throws DeployError OPERATION_TIMEOUT. */
export async function untilActive(
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

function hidden(cause: DeployError): DeployError {
  return new DeployError(cause.code, cause.message, {
    cause,
    hint: 'The folder has a function of that name which the account that deploys cannot see: grant it the role `functions.editor` on the folder.',
    details: cause.details,
  })
}

/** Fields of a function that a deployment keeps up to date; absent ones stay as they are. */
export interface FunctionChanges {
  readonly description?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** Changes exactly the given fields and waits for it. */
export async function updateFunction(
  { id, changes, deadlineMs }: { id: string; changes: FunctionChanges; deadlineMs: number },
  deps: OperationDeps,
): Promise<void> {
  const operation = await deps.api.call({
    what: `update the function ${id}`,
    service: SERVICE,
    method: 'PATCH',
    path: `${FUNCTIONS}/${encodeURIComponent(id)}`,
    // Without a mask every field that is not sent would be reset.
    body: { updateMask: Object.keys(changes).join(','), ...changes },
    quotaMs: deadlineMs - deps.clock.now(),
    read: readOperation,
  })
  deps.log(`Updating the function ${id} (operation ${operation.id})`)
  await waitForOperation(
    { operation, wait: { what: 'the update of the function', deadlineMs } },
    deps,
  )
}

/** Starts the build of a version; the answer's metadata has its id already. */
export function createVersion(
  { request, deadlineMs }: { request: CreateVersionRequest; deadlineMs: number },
  { api, clock }: OperationDeps,
): Promise<Operation> {
  return api.call({
    what: `create a version of the function ${request.functionId}`,
    service: SERVICE,
    method: 'POST',
    path: '/functions/v1/versions',
    body: request,
    quotaMs: deadlineMs - clock.now(),
    mayHoldSecrets: true,
    retry: { attemptMs: attemptMsFor('content' in request ? request.content.length : 0) },
    read: readOperation,
  })
}

/** Id of the version that an operation of {@link createVersion} makes. Throws DeployError API_UNEXPECTED when it has none. */
export function versionIdOf(operation: Operation): string {
  return idOf(operation, 'functionVersionId')
}

/** A resource's id stands in the operation's metadata from the start, and in its response at the end. */
function idOf({ id: operationId, metadata, response }: Operation, field: string): string {
  const ids = [metadata[field], response?.id].filter((id) => typeof id === 'string')
  const id = ids.find(isId)
  if (id !== undefined) return id
  throw new DeployError(
    'API_UNEXPECTED',
    `The operation ${operationId} has neither "${field}" in its metadata nor an id in its response.`,
    { details: { 'operation id': operationId } },
  )
}
