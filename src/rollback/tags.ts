/** Moves tags one after the other; when one fails, those that were moved go back. */

import { readPointers, tableOf } from '../deploy/release/pointers.ts'
import { carryOut, checkHolder, type Move as TagMove } from '../deploy/release/move.ts'
import { undo } from '../deploy/release/promote.ts'
import { putBackHint, undoneLines } from '../deploy/release/undone.ts'
import type { DeployError, ErrorCode } from '../errors.ts'
import { asDeployError } from '../report/failure.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { RollbackProgress } from './facts.ts'
import type { Move } from './plan.ts'

interface Moving {
  readonly functionId: string
  readonly moves: readonly Move[]
  /** For all of them together. */
  readonly waitSeconds: number
}

/** Records each tag that was moved. Throws DeployError that says what every tag points at. */
export async function moveTags(
  { functionId, moves, waitSeconds }: Moving,
  { cloud, progress }: { cloud: Cloud; progress: RollbackProgress },
): Promise<void> {
  const waitMs = waitSeconds * 1000
  const deadlineMs = cloud.clock.now() + waitMs
  const begun: TagMove[] = []
  try {
    for (const move of moves) {
      await checkHolder({ functionId, tag: move.tag, fromId: move.from?.id }, cloud)
      cloud.signal.throwIfAborted()
      const tagMove = { tag: move.tag, fromId: move.from?.id, toId: move.to.id }
      // Noted before, since a change that fails may have had its effect.
      begun.push(tagMove)
      await carryOut(tagMove, { deadlineMs, cloud })
      progress.record('moved', move)
    }
    cloud.signal.throwIfAborted()
  } catch (cause) {
    throw await stopped({ functionId, moves, begun, cause: asDeployError(cause), waitMs }, cloud)
  }
}

interface Stopped extends Pick<Moving, 'functionId' | 'moves'> {
  readonly begun: readonly TagMove[]
  readonly cause: DeployError
  readonly waitMs: number
}

/** Codes that say more than that tags could not be moved. */
const KEPT: readonly ErrorCode[] = ['CANCELLED', 'INTERNAL_ERROR']

/** The failure, with what points where after all that could be put back has been. */
async function stopped(
  { functionId, moves, begun, cause, waitMs }: Stopped,
  cloud: Cloud,
): Promise<DeployError> {
  const undone = await undo({ functionId, moves: begun, waitMs }, cloud)
  const tags = moves.map(({ tag }) => tag)
  const pointers = await readPointers({ functionId, tags }, cloud)
  const notes = new Map([
    ...moves.map(({ to }) => [to.id, 'where tags were to go'] as const),
    ...moves.flatMap(({ from }) => (from ? [[from.id, 'where tags were'] as const] : [])),
  ])
  const hint = putBackHint(undone)
  return cause.with({
    ...(!KEPT.includes(cause.code) && { code: 'PROMOTION_FAILED' as const }),
    message: [
      cause.message,
      ...(undone.length > 0 ? undoneLines(undone) : ['No tag was moved.']),
      '',
      'What points where now:',
      ...tableOf(pointers, notes),
    ].join('\n'),
    ...(hint !== undefined && { hint }),
    details: { ...cause.details, 'function id': functionId },
  })
}
