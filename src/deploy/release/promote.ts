/** Moves the tags of a step to a version, one by one, and back again when one of them cannot be moved. */

import { DeployError } from '../../errors.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { removeTag, setTag } from '../../yandex/functions/tags.ts'
import { getVersionByTag } from '../../yandex/functions/versions.ts'
import { afterAbort, GRACE_MS } from './grace.ts'
import { carryOut, checkHolder, type Move } from './move.ts'
import type { Released } from './released.ts'
import { readSettled } from './settle.ts'
import type { Undone } from './undone.ts'

/** A promotion that was given up, since one of its moves failed. */
export interface Stopped {
  readonly kind: 'stopped'
  readonly cause: unknown
  readonly undone: readonly Undone[]
}

/** Either all tags are on the version at the end, or what was moved is put back as far as it can be. */
export async function promote(
  { released, tags }: { released: Released; tags: readonly string[] },
  cloud: Cloud,
): Promise<{ readonly kind: 'promoted'; readonly moves: readonly Move[] } | Stopped> {
  const functionId = released.function.id
  const waitMs = released.inputs.wait.timeoutSeconds * 1000
  const deadlineMs = cloud.clock.now() + waitMs
  const moves: Move[] = []
  try {
    for (const tag of tags) {
      const isFirst = tag === tags[0]
      for (const [at, move] of (await nextMoves({ tag, isFirst }, { released, cloud })).entries()) {
        // The move before it has taken a while.
        if (at > 0) await checkHolder({ functionId, ...move }, cloud)
        cloud.signal.throwIfAborted()
        // Noted before, since a change that fails may have had its effect.
        moves.push(move)
        await carryOut(move, { deadlineMs, cloud })
      }
    }
    cloud.signal.throwIfAborted()
    return { kind: 'promoted', moves }
  } catch (cause) {
    return { kind: 'stopped', cause, undone: await undo({ functionId, moves, waitMs }, cloud) }
  }
}

/**
 * The moves for one tag; none when it is on the version already. The version that loses the first one gets the previous
 * tag before. Throws DeployError when the check's tag is not on the version any more.
 */
async function nextMoves(
  { tag, isFirst }: { tag: string; isFirst: boolean },
  { released, cloud }: { released: Released; cloud: Cloud },
): Promise<readonly Move[]> {
  const { function: target, versionId, origin, inputs } = released
  const { check, previousTag: wanted } = inputs.release
  const functionId = target.id
  // A version that was found live by the first of the tags keeps it.
  const previousTag = isFirst && origin === 'created' ? wanted : undefined
  const holderOf = async (name: string): Promise<string | undefined> =>
    (await getVersionByTag({ functionId, tag: name }, cloud))?.id
  const [fromId, previousId] = await Promise.all([
    holderOf(tag),
    previousTag === undefined ? undefined : holderOf(previousTag),
    check && checkHolder({ functionId, tag: check.tag, fromId: versionId }, cloud),
  ])
  if (fromId === versionId) return []
  const keepsFormer = previousTag !== undefined && fromId !== undefined && previousId !== fromId
  return [
    ...(keepsFormer ? [{ tag: previousTag, fromId: previousId, toId: fromId }] : []),
    { tag, fromId, toId: versionId },
  ]
}

/** What was moved goes back within this time, in milliseconds, or within `wait-timeout`. */
const UNDO_MS = { least: 3_000, most: 60_000 }

/**
 * Puts tags back that are still where they were moved to, all side by side; `waitMs` is the longest wait that the step
 * wants. Never rejects.
 */
export async function undo(
  { functionId, moves, waitMs }: { functionId: string; moves: readonly Move[]; waitMs: number },
  cloud: Cloud,
): Promise<readonly Undone[]> {
  const undoMs = Math.min(UNDO_MS.most, Math.max(UNDO_MS.least, waitMs))
  const patient = cloud.withSignal(afterAbort(cloud.signal, GRACE_MS.undo))
  return Promise.all(
    moves.map((move) => putBack(move, { functionId, waitMs: undoMs, cloud: patient })),
  )
}

async function putBack(
  move: Move,
  { functionId, waitMs, cloud }: { functionId: string; waitMs: number; cloud: Cloud },
): Promise<Undone> {
  const { tag, fromId, toId } = move
  const deadlineMs = cloud.clock.now() + waitMs
  try {
    const isMoved = move.isUnderWay === false
    const holder = await readSettled(
      async () => (await getVersionByTag({ functionId, tag }, cloud))?.id,
      // A tag that was seen to move is not back by itself: the API may be behind.
      { fits: (id) => !isMoved || id !== fromId, cloud },
    )
    if (holder === fromId) {
      return isMoved
        ? { ...move, outcome: 'not put back', reason: 'it is read as before, though it was moved' }
        : { ...move, outcome: 'never moved' }
    }
    if (holder !== toId) return { ...move, outcome: 'passed on' }
    if (fromId === undefined) await removeTag({ versionId: toId, tag, deadlineMs }, cloud)
    else await setTag({ versionId: fromId, tag, deadlineMs }, cloud)
    cloud.log(
      `Tag ${tag}: put back${fromId === undefined ? ' to no version' : ` to the version ${fromId}`}`,
    )
    return { ...move, outcome: 'put back' }
  } catch (error) {
    const isKnown = error instanceof DeployError && error.code !== 'CANCELLED'
    const reason = isKnown ? error.message : 'there was no time to see it end'
    return { ...move, outcome: 'not put back', reason }
  }
}
