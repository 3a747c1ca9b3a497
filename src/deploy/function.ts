/** The function that is deployed to: found, created when it is new, brought up to date. */

import { isDeepStrictEqual } from 'node:util'
import { DeployError } from '../errors.ts'
import type { ExistingTarget, FunctionInputs } from '../inputs/function.ts'
import type { WaitInputs } from '../inputs/inputs.ts'
import { quote } from '../text.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import type { Cloud } from '../yandex/cloud.ts'
import {
  createFunction,
  findFunction,
  getFunction,
  listFunctions,
  updateFunction,
  waitUntilActive,
  type CloudFunction,
  type FunctionChanges,
} from '../yandex/functions/functions.ts'
import { didYouMean } from './not-found.ts'

/** The function, or where and under which name it will be created. */
export interface FoundTarget {
  /** Undefined when there is none yet. */
  readonly function: CloudFunction | undefined
  readonly folderId: string
  readonly name: string
}

/** Throws DeployError when there is no such function and none may be created. */
export async function findTarget({ target }: FunctionInputs, cloud: Cloud): Promise<FoundTarget> {
  if (target.kind === 'id' || !target.createIfMissing) {
    const found = await getExisting(target, cloud)
    return { function: found, folderId: found.folderId, name: found.name }
  }
  const { folderId, functionName: name } = target
  return { function: await findFunction({ folderId, name }, cloud), folderId, name }
}

/** A function that must be there. Throws DeployError when it is not. */
export async function getExisting(
  target: ExistingTarget | FunctionInputs['target'],
  cloud: Cloud,
): Promise<CloudFunction> {
  if (target.kind === 'id') return getById(target.functionId, cloud)
  const { folderId, functionName: name } = target
  const found = await findFunction({ folderId, name }, cloud)
  if (found) return found
  const near = didYouMean(name, await namesIn(folderId, cloud))
  const isToDeploy = 'createIfMissing' in target
  const so = isToDeploy ? ', and `create-function` is false' : ''
  throw new DeployError(
    'INPUT_INVALID',
    `\`function-name\`: there is no function ${quote(name)} in the folder ${folderId}${so}.${near}`,
    {
      inputs: ['function-name'],
      topic: 'function-not-found',
      hint: `Correct the name or the folder${isToDeploy ? ', or set `create-function` to true' : ''}.`,
    },
  )
}

/** A function that may be gone. A function without access looks like one that does not exist. */
export async function findExisting(
  target: ExistingTarget,
  cloud: Cloud,
): Promise<CloudFunction | undefined> {
  if (target.kind === 'name') {
    return findFunction({ folderId: target.folderId, name: target.functionName }, cloud)
  }
  try {
    return await getFunction(target.functionId, cloud)
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 404) return undefined
    throw error
  }
}

async function getById(id: string, cloud: Cloud): Promise<CloudFunction> {
  try {
    return await getFunction(id, cloud)
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.httpStatus !== 404) throw cause
    throw cause.with({
      code: 'INPUT_INVALID',
      message: `\`function-id\`: ${cause.message}`,
      inputs: ['function-id'],
      topic: 'function-not-found',
      hint: 'Correct the id, or give the account that deploys the role `functions.editor` on the folder: a function without access looks like one that does not exist.',
    })
  }
}

/** Names of the folder's functions; what cannot be listed is not there, since they only make a message better. */
async function namesIn(folderId: string, cloud: Cloud): Promise<readonly string[]> {
  const functions = await listFunctions({ folderId }, cloud).catch(() => [])
  return functions.map(({ name }) => name)
}

/** The function that gets the version, and how it came to be. */
export interface Target {
  readonly function: CloudFunction
  readonly origin: 'found' | 'created' | 'created meanwhile by another job'
  /** What the author should know of a function that was created, since its name may be mistyped. */
  readonly notice?: string
}

/** Creates or updates as needed and asked for, and changes only what differs; the wait for it has a `wait-timeout` of its own. */
export async function ensureFunction(
  { found, inputs, wait }: { found: FoundTarget; inputs: FunctionInputs; wait: WaitInputs },
  cloud: Cloud,
): Promise<Target> {
  const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000
  const { description, labels } = inputs
  const bringUpToDate = async (current: CloudFunction): Promise<void> => {
    const changes: FunctionChanges = {
      ...(description !== undefined && description !== current.description && { description }),
      ...(labels && !isDeepStrictEqual(labels, current.labels) && { labels }),
    }
    if (Object.keys(changes).length === 0) return
    await updateFunction({ id: current.id, changes, deadlineMs }, cloud)
  }
  if (found.function) {
    const current = await waitUntilActive({ function: found.function, deadlineMs }, cloud)
    await bringUpToDate(current)
    return { function: current, origin: 'found' }
  }
  const { folderId, name } = found
  const listing = namesIn(folderId, cloud)
  const made = await createFunction({ folderId, name, description, labels, deadlineMs }, cloud)
  if (!made.created) {
    await bringUpToDate(made.function)
    return { function: made.function, origin: 'created meanwhile by another job' }
  }
  // A list that takes longer than the creation is not waited for.
  const listed = await Promise.race([listing, Promise.resolve([])])
  const others = listed.filter((other) => other !== name)
  const notice = `There was no function ${quote(name)} in the folder ${folderId}, so it was created.${didYouMean(name, others)}`
  return { function: made.function, origin: 'created', notice }
}
