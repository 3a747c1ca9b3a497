/** Moves tags one after the other; when one fails, those that were moved go back. */

import { carryOut, checkHolder, type Move as TagMove } from '../deploy/release/move.ts'
import { readPointers, tableOf } from '../deploy/release/pointers.ts'
import { undo } from '../deploy/release/promote.ts'
import { putBackHint, undoneLines, type Undone } from '../deploy/release/undone.ts'
import type { DeployError, ErrorCode } from '../errors.ts'
import { asDeployError } from '../report/failure.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { Move } from './facts.ts'

interface Moving {
  readonly functionId: string
  readonly moves: readonly Move[]
  /** For all of them together. */
  readonly waitSeconds: number
}

/** Throws DeployError that says what every tag points at. */
export async function moveTags(
  { functionId, moves, waitSeconds }: Moving,
  cloud: Cloud,
): Promise<void> {
  const waitMs = waitSeconds * 1000
  const deadlineMs = cloud.clock.now() + waitMs
  const begun: TagMove[] = []
  try {
    for (const { tag, from, to } of moves) {
      await checkHolder({ functionId, tag, fromId: from?.id }, cloud)
      cloud.signal.throwIfAborted()
      const move = { tag, fromId: from?.id, toId: to.id }
      // Noted before, since a change that fails may have had its effect.
      begun.push(move)
      await carryOut(move, { deadlineMs, cloud })
    }
    cloud.signal.throwIfAborted()
  } catch (thrown) {
    const undone = await undo({ functionId, moves: begun, waitMs }, cloud)
    throw await stopped(asDeployError(thrown), { functionId, moves, undone, cloud })
  }
}

/** Codes that say more than that tags could not be moved. */
const KEPT: readonly ErrorCode[] = ['CANCELLED', 'INTERNAL_ERROR']

/** The failure, with what points where now that all is back that could be put back. */
async function stopped(
  cause: DeployError,
  {
    functionId,
    moves,
    undone,
    cloud,
  }: Pick<Moving, 'functionId' | 'moves'> & { undone: readonly Undone[]; cloud: Cloud },
): Promise<DeployError> {
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
