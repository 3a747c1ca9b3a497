/** Gives callers without a tag the version again that they had before a failed check. */

import { DeployError } from '../../errors.ts'
import type { RunContext } from '../../ports.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { OperationError } from '../../yandex/functions/operation.ts'
import {
  getVersionByTag,
  isNewer,
  LATEST,
  listVersions,
  type Version,
} from '../../yandex/functions/versions.ts'
import { listTagHistory } from '../../yandex/functions/tags.ts'
import { isUncertain } from '../../yandex/http/http.ts'
import { finishBuild, startBuild } from '../build.ts'
import { copyOf } from './copy.ts'
import type { Checking, Released } from './released.ts'
import { readSettled } from './settle.ts'

/** What became of `$latest` after a failed check. */
export type Latest =
  /** The run has created no version. */
  | { readonly kind: 'untouched' }
  /** The step does not want it restored. */
  | { readonly kind: 'left' }
  | { readonly kind: 'restored'; readonly versionId: string; readonly fromId: string }
  /** The failed version was the first one. */
  | { readonly kind: 'nothing before' }
  /** Another run has created a version since. */
  | { readonly kind: 'overtaken'; readonly versionId: string }
  | {
      readonly kind: 'failed'
      readonly fromId: string | undefined
      readonly cause: unknown
      /** The command that shows whether its copy has come, as long as it may. */
      readonly seeCopy: string | undefined
    }

/** Never rejects, since the failed check is what has to be told. */
export async function restoreLatest(
  failed: Checking,
  { cloud, context: { runId } }: { cloud: Cloud; context: RunContext },
): Promise<Latest> {
  const { origin, function: target, former, inputs } = failed.released
  if (origin === 'live') return { kind: 'untouched' }
  if (!failed.check.restoreLatest) return { kind: 'left' }
  const { wait } = inputs
  let fromId = former?.id
  let isAskedFor = false
  let operationId: string | undefined
  try {
    const versions = await listVersions(target.id, cloud).catch(() => [])
    const overtaking = await findOvertaking(failed.released, { versions, cloud })
    if (overtaking) return { kind: 'overtaken', versionId: overtaking.id }
    const version = await findFormer(failed, { versions, cloud })
    if (!version) return { kind: 'nothing before' }
    fromId = version.id
    cloud.log(`Callers without a tag get the version ${fromId} again, by a copy of it`)
    isAskedFor = true
    const build = await startBuild({ ...copyOf({ version, runId }), wait }, cloud)
    operationId = build.operation.id
    const { id } = await finishBuild({ build, wait }, cloud)
    return { kind: 'restored', versionId: id, fromId }
  } catch (cause) {
    if (!(cause instanceof DeployError)) throw cause
    let seeCopy: string | undefined
    if (operationId !== undefined) {
      if (!(cause instanceof OperationError)) seeCopy = `yc operation get ${operationId}`
    } else if (isAskedFor && isUncertain(cause)) {
      seeCopy = `yc serverless function list-operations ${target.id}`
    }
    return { kind: 'failed', fromId, cause, seeCopy }
  }
}

/** All versions that there are, newest first; none when they could not be read. */
type Versions = readonly Version[]

/** A version that is newer than the failed one and has taken its place; an old answer about the place is read again. */
async function findOvertaking(
  { function: target, versionId, former }: Released,
  { versions, cloud }: { versions: Versions; cloud: Cloud },
): Promise<Version | undefined> {
  const own = versions.find(({ id }) => id === versionId)
  const overtakes = (version: Version): boolean =>
    version.id !== versionId && version.id !== former?.id && (!own || isNewer(version, own))
  const held = { functionId: target.id, tag: LATEST }
  const latest = await readSettled(() => getVersionByTag(held, cloud), {
    fits: (one) => one !== undefined && (one.id === versionId || overtakes(one)),
    cloud,
  })
  return latest && overtakes(latest) ? latest : undefined
}

/**
 * What callers had before: another run may have made a version since this run began to read. One that was under a
 * check itself, and has not been given a tag for its callers, was not for them.
 */
async function findFormer(
  { released: { function: target, versionId, former }, check }: Checking,
  { versions, cloud }: { versions: Versions; cloud: Cloud },
): Promise<Version | undefined> {
  const own = versions.findIndex(({ id }) => id === versionId)
  const since = (own < 0 ? [] : versions.slice(own + 1)).filter(
    (version) =>
      ['ACTIVE', 'OBSOLETE'].includes(version.status) && (!former || isNewer(version, former)),
  )
  if (since.length === 0) return former
  const history = await listTagHistory({ functionId: target.id, tag: check.tag }, cloud).catch(
    () => [],
  )
  const wasChecked = new Set(history.map((record) => record.versionId))
  const isReleased = ({ id, tags }: Version): boolean =>
    !wasChecked.has(id) || tags.some((tag) => tag !== LATEST && tag !== check.tag)
  return since.find(isReleased) ?? former
}
