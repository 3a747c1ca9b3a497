/** Moves the tags of a step to a version, one by one, and back again when one of them cannot be moved. */

import { DeployError } from '../../errors.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { removeTag, setTag } from '../../yandex/functions/tags.ts'
import { getVersionByTag } from '../../yandex/functions/versions.ts'
import { afterAbort, GRACE_MS } from './grace.ts'
import { carryOut, checkHolder, type Move } from './move.ts'
import { readSettled } from './settle.ts'

/** What to move, and where to. */
export interface Promotion {
  readonly functionId: string
  readonly versionId: string
  readonly tags: readonly string[]
  /** Goes to the version that loses the first of the tags, before it does. */
  readonly previousTag: string | undefined
  /** Must stay on the version as long as tags are moved. */
  readonly checkTag: string | undefined
  /** Longest wait for all of them, in milliseconds. */
  readonly waitMs: number
}

/** How a move was undone: `passed on` is a tag that somebody else has moved in the meantime. */
export interface Undone extends Move {
  readonly outcome: 'put back' | 'never moved' | 'passed on' | 'not put back'
  /** Why it was not put back. */
  readonly reason?: string
}

/** The check's tag is on another version now. */
export class TagTaken extends DeployError {
  constructor({ tag, versionId, takenBy }: { tag: string; versionId: string; takenBy?: string }) {
    const now = takenBy === undefined ? 'removed' : `on the version ${takenBy}`
    super(
      'PROMOTION_FAILED',
      `The tag ${tag} is no longer on the version ${versionId} but ${now}: another run or a person has moved it.`,
    )
  }
}

export type PromotionEnd =
  | { readonly kind: 'promoted'; readonly moves: readonly Move[] }
  | {
      readonly kind: 'stopped'
      readonly cause: unknown
      readonly undone: readonly Undone[]
    }

/** Either all tags are on the version at the end, or what was moved is put back as far as it can be. */
export async function promote(promotion: Promotion, cloud: Cloud): Promise<PromotionEnd> {
  const { functionId, waitMs } = promotion
  const deadlineMs = cloud.clock.now() + waitMs
  const moves: Move[] = []
  try {
    for (const tag of promotion.tags) {
      for (const [at, move] of (await nextMoves(tag, { promotion, cloud })).entries()) {
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

/** The moves for one tag; none when it is on the version already. Throws {@link TagTaken}. */
async function nextMoves(
  tag: string,
  { promotion, cloud }: { promotion: Promotion; cloud: Cloud },
): Promise<readonly Move[]> {
  const { functionId, versionId, tags, checkTag } = promotion
  const previousTag = tag === tags[0] ? promotion.previousTag : undefined
  const holderOf = async (name: string | undefined): Promise<string | undefined> =>
    name === undefined ? undefined : (await getVersionByTag({ functionId, tag: name }, cloud))?.id
  const [fromId, previousId, checked] = await Promise.all([
    holderOf(tag),
    holderOf(previousTag),
    readSettled(() => holderOf(checkTag), {
      fits: (id) => checkTag === undefined || id === versionId,
      cloud,
    }),
  ])
  if (checkTag !== undefined && checked !== versionId) {
    throw new TagTaken({
      tag: checkTag,
      versionId,
      ...(checked !== undefined && { takenBy: checked }),
    })
  }
  if (fromId === versionId) return []
  const keepsFormer = previousTag !== undefined && fromId !== undefined && previousId !== fromId
  return [
    ...(keepsFormer ? [{ tag: previousTag, fromId: previousId, toId: fromId }] : []),
    { tag, fromId, toId: versionId },
  ]
}

/** What was moved goes back within this time, in milliseconds, or within `wait-timeout`. */
const UNDO_MS = { least: 3_000, most: 60_000 }

/** Moves that are not to stay, since one of them has failed. */
export interface Stopped {
  readonly functionId: string
  readonly moves: readonly Move[]
  /** Longest wait that the step wants, in milliseconds. */
  readonly waitMs: number
}

/** Puts tags back that are still where they were moved to, all side by side. Never rejects. */
export async function undo(
  { functionId, moves, waitMs }: Stopped,
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
