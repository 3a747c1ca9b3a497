/** Moves tags one after the other; when one fails, those that were moved go back. */

import { carryOut, checkHolder, type Move as TagMove } from '../deploy/release/move.ts'
import { readPointers, tableOf } from '../deploy/release/pointers.ts'
import { undo } from '../deploy/release/promote.ts'
import { putBackHint, undoneLines } from '../deploy/release/undone.ts'
import type { ErrorCode } from '../errors.ts'
import { asDeployError } from '../report/failure.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { Move } from './facts.ts'

/** Codes that say more than that tags could not be moved. */
const KEPT: readonly ErrorCode[] = ['CANCELLED', 'INTERNAL_ERROR']

/** Waits that long for all of them together. Throws DeployError that says what every tag points at. */
export async function moveTags(
  {
    functionId,
    moves,
    waitSeconds,
  }: { functionId: string; moves: readonly Move[]; waitSeconds: number },
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
    const cause = asDeployError(thrown)
    const undone = await undo({ functionId, moves: begun, waitMs }, cloud)
    const hint = putBackHint(undone)
    throw cause.with({
      ...(!KEPT.includes(cause.code) && { code: 'PROMOTION_FAILED' as const }),
      message: [
        cause.message,
        ...(undone.length > 0 ? undoneLines(undone) : ['No tag was moved.']),
        '',
        'What points where now:',
        ...(await readNow({ functionId, moves }, cloud)),
      ].join('\n'),
      ...(hint !== undefined && { hint }),
      details: { ...cause.details, 'function id': functionId },
    })
  }
}

/** A table of what the tags point at. */
async function readNow(
  { functionId, moves }: { functionId: string; moves: readonly Move[] },
  cloud: Cloud,
): Promise<readonly string[]> {
  const tags = moves.map(({ tag }) => tag)
  const pointers = await readPointers({ functionId, tags }, cloud)
  const notes = new Map([
    ...moves.map(({ to }) => [to.id, 'where tags were to go'] as const),
    ...moves.flatMap(({ from }) => (from ? [[from.id, 'where tags were'] as const] : [])),
  ])
  return tableOf(pointers, notes)
}
