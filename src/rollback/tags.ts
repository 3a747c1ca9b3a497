/** Moves tags one after the other; when one fails, those that were moved go back. */

import { DeployError } from '../errors.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { removeTag, setTag } from '../yandex/functions/tags.ts'
import { getVersionByTag } from '../yandex/functions/versions.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import type { RollbackProgress } from './facts.ts'
import type { Move } from './plan.ts'

interface Moving {
  readonly moves: readonly Move[]
  /** For all of them together. */
  readonly waitSeconds: number
}

/** How long a failed run has to put things back, in milliseconds; a cancelled one is killed soon. */
const PUT_BACK_MS = { most: 10_000, least: 3_000 }

/** A tag that may have moved in spite of a failure is looked at again for this long, in milliseconds. */
const SETTLE_MS = 1_500
const LOOK_MS = 300

/** Records each tag that was moved. Throws DeployError that says what every tag points at. */
export async function moveTags(
  { moves, waitSeconds }: Moving,
  { cloud, progress }: { cloud: Cloud; progress: RollbackProgress },
): Promise<void> {
  const deadlineMs = cloud.clock.now() + waitSeconds * 1000
  const moved: Move[] = []
  for (const move of moves) {
    try {
      await moveTag(move, { cloud, deadlineMs })
    } catch (thrown) {
      throw await putBack({ thrown, moved, failed: move, waitSeconds }, cloud)
    }
    moved.push(move)
    progress.record('moved', move)
  }
}

async function moveTag(
  { tag, from, to }: Move,
  { cloud, deadlineMs }: { cloud: Cloud; deadlineMs: number },
): Promise<void> {
  const holder = await getVersionByTag({ functionId: to.functionId, tag }, cloud)
  if (holder?.id !== from?.id) {
    throw new DeployError(
      'PROMOTION_FAILED',
      `The tag ${tag} was moved by somebody else meanwhile: ${whereIs(holder?.id)}.`,
      { hint: 'Run the job again if that is still wanted.' },
    )
  }
  await setTag({ versionId: to.id, tag, deadlineMs }, cloud)
}

interface Broken extends Pick<Moving, 'waitSeconds'> {
  readonly thrown: unknown
  readonly moved: readonly Move[]
  /** It may have moved in spite of its failure. */
  readonly failed: Move
}

/** The failure, with what points where after all that could be put back has been. */
async function putBack(
  { thrown, moved, failed, waitSeconds }: Broken,
  cloud: Cloud,
): Promise<unknown> {
  if (!(thrown instanceof DeployError)) return thrown
  const isCancelled = thrown.code === 'CANCELLED'
  const { least, most } = PUT_BACK_MS
  const ms = isCancelled ? least : Math.min(most, Math.max(least, waitSeconds * 1000))
  const signal = timeToPutBack(ms, cloud.signal)
  const deps: PutBackDeps = {
    cloud: cloud.withSignal(signal),
    deadlineMs: cloud.clock.now() + ms,
  }
  const isRefused = thrown instanceof ApiError && thrown.code === 'API_REJECTED'
  const last = await putTagBack({ move: failed, isSettled: isRefused }, deps)
  const states = [last]
  for (const move of moved.toReversed()) {
    states.unshift(await putTagBack({ move, isSettled: true }, deps))
  }
  const lines = states.map(({ tag, state }) => `- ${tag}: ${state}`)
  const changesCode = !isCancelled && (moved.length > 0 || !last.isAsBefore)
  return thrown.with({
    ...(changesCode && { code: 'PROMOTION_FAILED' as const }),
    message: `${thrown.message}\nWhat points where now:\n${lines.join('\n')}`,
  })
}

/** Goes on after a cancellation, but not for long. */
function timeToPutBack(ms: number, signal: AbortSignal): AbortSignal {
  const end = new AbortController()
  const hurry = (): void => {
    AbortSignal.timeout(PUT_BACK_MS.least).addEventListener('abort', () => {
      end.abort()
    })
  }
  if (signal.aborted) hurry()
  else signal.addEventListener('abort', hurry, { once: true })
  return AbortSignal.any([end.signal, AbortSignal.timeout(ms)])
}

interface PutBackDeps {
  readonly cloud: Cloud
  readonly deadlineMs: number
}

interface TagState {
  readonly tag: string
  /** Where the tag is, for people. */
  readonly state: string
  readonly isAsBefore: boolean
}

/** Only a tag that points where we have put it goes back. Never throws: the failure before is what counts. */
async function putTagBack(
  { move: { tag, from, to }, isSettled }: { move: Move; isSettled: boolean },
  { cloud, deadlineMs }: PutBackDeps,
): Promise<TagState> {
  const find = async (): Promise<string | undefined> =>
    (await getVersionByTag({ functionId: to.functionId, tag }, cloud))?.id
  try {
    let holder = await find()
    const untilMs = cloud.clock.now() + (isSettled ? 0 : SETTLE_MS)
    while (holder === from?.id && cloud.clock.now() < untilMs) {
      await cloud.clock.sleep(LOOK_MS, cloud.signal)
      holder = await find()
    }
    if (holder === from?.id) {
      return { tag, state: `${whereIs(holder)}, as before`, isAsBefore: true }
    }
    if (holder !== to.id) {
      const state = `${whereIs(holder)}, where somebody else has put it`
      return { tag, state, isAsBefore: false }
    }
    if (from) await setTag({ versionId: from.id, tag, deadlineMs }, cloud)
    else await removeTag({ versionId: to.id, tag, deadlineMs }, cloud)
    return { tag, state: `${whereIs(from?.id)} again`, isAsBefore: true }
  } catch (error) {
    const reason = error instanceof DeployError ? error.message : 'there was no time left'
    const state = `probably on the version ${to.id}: it could not be put back to ${from?.id ?? 'no version'} (${reason})`
    return { tag, state, isAsBefore: false }
  }
}

function whereIs(versionId: string | undefined): string {
  return versionId === undefined ? 'on no version' : `on the version ${versionId}`
}
