/** One tag moves from a version to another. */

import { DeployError } from '../../errors.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { OperationError } from '../../yandex/functions/operation.ts'
import { setTag } from '../../yandex/functions/tags.ts'
import { isUncertain } from '../../yandex/http/http.ts'
import { afterAbort, GRACE_MS } from './grace.ts'
import { elsewhere } from './settle.ts'

/** A tag that was moved, or may have been. */
export interface Move {
  readonly tag: string
  /** Undefined when no version had the tag. */
  readonly fromId: string | undefined
  readonly toId: string
  /** Whether its change is under way: sent, and neither refused nor seen to end. False once it was seen to succeed. */
  isUnderWay?: boolean | undefined
}

/** Throws DeployError when a tag is not where it was found. */
export async function checkHolder(
  { functionId, tag, fromId }: { functionId: string; tag: string; fromId: string | undefined },
  cloud: Cloud,
): Promise<void> {
  const where = await elsewhere({ functionId, tag, versionId: fromId }, cloud)
  if (where !== undefined) throw new DeployError('PROMOTION_FAILED', `The tag ${tag} ${where}.`)
}

/**
 * A change that is under way is not left when the run is cancelled, and the move tells whether it still is. Throws
 * ApiError, OperationError.
 */
export async function carryOut(
  move: Move,
  { deadlineMs, cloud }: { deadlineMs: number; cloud: Cloud },
): Promise<void> {
  const { tag, fromId, toId } = move
  const patient = cloud.withSignal(afterAbort(cloud.signal, GRACE_MS.change))
  const onAccepted = (): void => {
    move.isUnderWay = true
  }
  try {
    await setTag({ versionId: toId, tag, deadlineMs, onAccepted }, patient)
    move.isUnderWay = false
  } catch (error) {
    if (error instanceof OperationError) move.isUnderWay = undefined
    else if (isUncertain(error)) move.isUnderWay = true
    throw error
  }
  const from = fromId === undefined ? '' : ` from the version ${fromId}`
  cloud.log(`Tag ${tag}: moved${from} to the version ${toId}`)
}
