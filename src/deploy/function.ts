/** The function that is deployed to: found, created when it is new, brought up to date. */

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

type NamedTarget = Extract<FunctionInputs['target'], { kind: 'name' }>

/** The function, or the name under which it will be created. */
export type FoundTarget =
  | { readonly kind: 'existing'; readonly function: CloudFunction }
  | { readonly kind: 'missing'; readonly target: NamedTarget }

/** The folder that the function is in, or will be. */
export function folderOf(found: FoundTarget): string {
  return found.kind === 'existing' ? found.function.folderId : found.target.folderId
}

/** Throws DeployError when there is no such function and none may be created. */
export async function findTarget({ target }: FunctionInputs, cloud: Cloud): Promise<FoundTarget> {
  if (target.kind === 'id') {
    return { kind: 'existing', function: await getById(target.functionId, cloud) }
  }
  const { folderId, functionName: name } = target
  const found = await findFunction({ folderId, name }, cloud)
  if (found) return { kind: 'existing', function: found }
  if (target.createIfMissing) return { kind: 'missing', target }
  throw await missing({ target, and: ', and `create-function` is false', or: CREATE }, cloud)
}

const CREATE = ', or set `create-function` to true'

/** A function that must be there. Throws DeployError when it is not. */
export async function getExisting(target: ExistingTarget, cloud: Cloud): Promise<CloudFunction> {
  if (target.kind === 'id') return getById(target.functionId, cloud)
  const { folderId, functionName: name } = target
  const found = await findFunction({ folderId, name }, cloud)
  if (found) return found
  throw await missing({ target, and: '', or: '' }, cloud)
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

/** The error for a name that no function of the folder has; the texts go on in the message, and in the hint. */
async function missing(
  { target, and, or }: { target: Omit<NamedTarget, 'createIfMissing'>; and: string; or: string },
  cloud: Cloud,
): Promise<DeployError> {
  const { folderId, functionName: name } = target
  const near = didYouMean(name, await namesIn(folderId, cloud))
  return new DeployError(
    'INPUT_INVALID',
    `\`function-name\`: there is no function ${quote(name)} in the folder ${folderId}${and}.${near}`,
    {
      inputs: ['function-name'],
      topic: 'function-not-found',
      hint: `Correct the name or the folder${or}.`,
    },
  )
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

/** Creates or updates as needed and asked for; the wait for it has a `wait-timeout` of its own. */
export async function ensureFunction(
  { found, inputs, wait }: { found: FoundTarget; inputs: FunctionInputs; wait: WaitInputs },
  cloud: Cloud,
): Promise<Target> {
  const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000
  if (found.kind === 'existing') {
    const current = await waitUntilActive({ function: found.function, deadlineMs }, cloud)
    await updateIfChanged({ current, inputs, deadlineMs }, cloud)
    return { function: current, origin: 'found' }
  }
  const { folderId, functionName: name } = found.target
  const { description, labels } = inputs
  const listing = namesIn(folderId, cloud)
  const made = await createFunction({ folderId, name, description, labels, deadlineMs }, cloud)
  if (made.created) {
    // A list that takes longer than the creation is not waited for.
    const listed = await Promise.race([listing, Promise.resolve([])])
    const near = didYouMean(
      name,
      listed.filter((other) => other !== name),
    )
    const notice = `There was no function ${quote(name)} in the folder ${folderId}, so it was created.${near}`
    return { function: made.function, origin: 'created', notice }
  }
  await updateIfChanged({ current: made.function, inputs, deadlineMs }, cloud)
  return { function: made.function, origin: 'created meanwhile by another job' }
}

/** Changes only what was given and differs. */
async function updateIfChanged(
  {
    current,
    inputs,
    deadlineMs,
  }: { current: CloudFunction; inputs: FunctionInputs; deadlineMs: number },
  cloud: Cloud,
): Promise<void> {
  const { description, labels } = inputs
  const changes: FunctionChanges = {
    ...(description !== undefined && description !== current.description && { description }),
    ...(labels !== undefined && !sameLabels(labels, current.labels) && { labels }),
  }
  if (Object.keys(changes).length === 0) return
  await updateFunction({ id: current.id, changes, deadlineMs }, cloud)
}

function sameLabels(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
