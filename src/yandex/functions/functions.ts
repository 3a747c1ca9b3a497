/** Functions: finds, creates, updates and deletes them; and the runtimes that they can have. */

import { DeployError } from '../../errors.ts'
import { fieldsOf } from '../../json.ts'
import type { Cloud } from '../cloud.ts'
import { id, items, readAbout, resource, text, type Read } from '../fields.ts'
import { isRefusedAs, resourceIdOf } from './operation.ts'
import { operate, type OperationCall } from './operations.ts'

const FUNCTIONS = '/functions/v1/functions'

/** The path of a function below the address of its service. */
export function functionPath(functionId: string): string {
  return `${FUNCTIONS}/${encodeURIComponent(functionId)}`
}

const anyTexts: Read<Readonly<Record<string, string>>> = (value) =>
  Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, label]) => [key, String(label)]))

/** Throws TypeError when the value is not a Function. */
export const readFunction = resource('the function', {
  id,
  folderId: text,
  name: text,
  description: text,
  labels: anyTexts,
  httpInvokeUrl: text,
  /** `CREATING`, `ACTIVE`, `DELETING` or `ERROR`; empty when the answer leaves it out. */
  status: text,
})

/** `yandex.cloud.serverless.functions.v1.Function`. */
export type CloudFunction = ReturnType<typeof readFunction>

/** A function by its id. Throws ApiError, NOT_FOUND among others. */
export function getFunction(functionId: string, { api }: Cloud): Promise<CloudFunction> {
  return api.call({
    what: `find the function ${functionId}`,
    path: functionPath(functionId),
    read: readAbout(functionId, readFunction),
  })
}

/** The functions of a folder that match the filter; all of them without one. */
export function listFunctions(
  { folderId, filter }: { folderId: string; filter?: string },
  { api }: Cloud,
): Promise<readonly CloudFunction[]> {
  return api.list({
    what: `list the functions of the folder ${folderId}${filter === undefined ? '' : ` with ${filter}`}`,
    path: FUNCTIONS,
    query: { folderId, ...(filter !== undefined && { filter }) },
    field: 'functions',
    read: readFunction,
  })
}

/** The function with exactly this name in a folder, or undefined. */
export async function findFunction(
  { folderId, name }: { folderId: string; name: string },
  cloud: Cloud,
): Promise<CloudFunction | undefined> {
  const functions = await listFunctions({ folderId, filter: `name="${name}"` }, cloud)
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
  cloud: Cloud,
): Promise<{ function: CloudFunction; created: boolean }> {
  const { folderId, name, description, labels, deadlineMs } = spec
  try {
    const operation = await operate(
      {
        what: `create the function "${name}" in the folder ${folderId}`,
        doing: `Creating the function "${name}"`,
        noun: `the creation of the function "${name}"`,
        path: FUNCTIONS,
        body: { folderId, name, ...(description && { description }), ...(labels && { labels }) },
        deadlineMs,
      },
      cloud,
    )
    const made = await getFunction(resourceIdOf(operation, 'functionId'), cloud)
    return { function: made, created: true }
  } catch (error) {
    if (!isRefusedAs(error, ['ALREADY_EXISTS'])) throw error
    const listed = await findListed(spec, { cloud, cause: error })
    const active = await waitUntilActive({ function: listed, deadlineMs }, cloud)
    return { function: active, created: false }
  }
}

const ACTIVE_POLL_MS = 500

/** A list may lag behind. A function that exists and is not listed after this time is hidden from this credential. */
const LISTED_MS = 30_000

/** The function that another job has created, or is creating. Throws `cause` when it is hidden. */
async function findListed(
  spec: NewFunction & { deadlineMs: number },
  { cloud, cause }: { cloud: Cloud; cause: DeployError },
): Promise<CloudFunction> {
  const endsAtMs = Math.min(cloud.clock.now() + LISTED_MS, spec.deadlineMs)
  for (;;) {
    const found = await findFunction(spec, cloud)
    if (found) return found
    if (cloud.clock.now() > endsAtMs) throw cause
    await cloud.clock.sleep(ACTIVE_POLL_MS, cloud.signal)
  }
}

/** The function as soon as it accepts versions; another job may still be creating it. Throws DeployError OPERATION_TIMEOUT. */
export async function waitUntilActive(
  { function: known, deadlineMs }: { function: CloudFunction; deadlineMs: number },
  cloud: Cloud,
): Promise<CloudFunction> {
  let current = known
  while (current.status === 'CREATING') {
    if (cloud.clock.now() > deadlineMs) {
      throw new DeployError(
        'OPERATION_TIMEOUT',
        `The function ${current.id} is still being created by another job.`,
      )
    }
    await cloud.clock.sleep(ACTIVE_POLL_MS, cloud.signal)
    current = await getFunction(current.id, cloud)
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
  change: { id: string; changes: FunctionChanges; deadlineMs: number },
  cloud: Cloud,
): Promise<void> {
  const { id: functionId, changes, deadlineMs } = change
  await operate(
    {
      what: `update the function ${functionId}`,
      doing: `Updating the function ${functionId}`,
      noun: 'the update of the function',
      method: 'PATCH',
      path: functionPath(functionId),
      // Without a mask, every field that is not sent would be reset.
      body: { updateMask: Object.keys(changes).join(','), ...changes },
      deadlineMs,
    },
    cloud,
  )
}

/** Deletes a function with all of its versions, and waits for it. Throws ApiError, OperationError. */
export async function deleteFunction(
  {
    functionId,
    ...call
  }: { functionId: string } & Pick<OperationCall, 'deadlineMs' | 'onUnanswered'>,
  cloud: Cloud,
): Promise<void> {
  await operate(
    {
      ...call,
      what: `delete the function ${functionId}`,
      doing: `Deleting the function ${functionId}`,
      noun: `the deletion of the function ${functionId}`,
      method: 'DELETE',
      path: functionPath(functionId),
    },
    cloud,
  )
}

/** Ids of the available runtimes, perhaps with some that are no longer supported. Throws DeployError. */
export function listRuntimes({ api }: Cloud): Promise<readonly string[]> {
  return api.call({
    what: 'list the runtimes',
    path: '/functions/v1/runtimes',
    // The list only improves messages, so it is not worth a retry.
    retry: { attemptMs: 5_000, totalMs: 0 },
    read: (json) =>
      items(fieldsOf(json).runtimes, 'runtimes').filter((item) => typeof item === 'string'),
  })
}
