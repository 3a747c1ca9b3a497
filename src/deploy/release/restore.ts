/** Gives callers without a tag the version again that they had before a failed check. */

import type { WaitInputs } from '../../inputs/inputs.ts'
import { DeployError } from '../../errors.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { OperationError } from '../../yandex/functions/operation.ts'
import {
  getVersionByTag,
  LATEST,
  listVersions,
  type Version,
} from '../../yandex/functions/versions.ts'
import { listTagHistory } from '../../yandex/functions/tags.ts'
import { isUncertain } from '../../yandex/http/http.ts'
import { finishBuild, startBuild } from '../build.ts'
import { copyOf } from './copy.ts'
import { readSettled } from './settle.ts'

/** Which version failed, and what was there before it. */
export interface FailedVersion {
  readonly functionId: string
  readonly versionId: string
  /** What was `$latest` when the run began to read. */
  readonly former: Version | undefined
  /** Under which the failed version was called. */
  readonly checkTag: string
  readonly runId: string | undefined
  readonly wait: WaitInputs
}

/** What became of `$latest`. */
export type Restoration =
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
export async function restoreLatest(failed: FailedVersion, cloud: Cloud): Promise<Restoration> {
  const { functionId, former, runId, wait } = failed
  let fromId = former?.id
  let copying: Copying = { kind: 'not asked for' }
  try {
    const versions = await listVersions(functionId, cloud).catch(() => [])
    const overtaking = await findOvertaking(failed, { versions, cloud })
    if (overtaking) return { kind: 'overtaken', versionId: overtaking.id }
    const version = await findFormer(failed, { versions, cloud })
    if (!version) return { kind: 'nothing before' }
    fromId = version.id
    cloud.log(`Callers without a tag get the version ${fromId} again, by a copy of it`)
    copying = { kind: 'asked for' }
    const build = await startBuild({ ...copyOf({ version, runId }), wait }, cloud)
    copying = { kind: 'accepted', operationId: build.operation.id }
    const { id } = await finishBuild({ build, wait }, cloud)
    return { kind: 'restored', versionId: id, fromId }
  } catch (cause) {
    if (!(cause instanceof DeployError)) throw cause
    return { kind: 'failed', fromId, cause, seeCopy: seeCopy({ copying, cause, functionId }) }
  }
}

type Copying =
  | { readonly kind: 'not asked for' }
  | { readonly kind: 'asked for' }
  | { readonly kind: 'accepted'; readonly operationId: string }

function seeCopy({
  copying,
  cause,
  functionId,
}: {
  copying: Copying
  cause: DeployError
  functionId: string
}): string | undefined {
  switch (copying.kind) {
    case 'not asked for':
      return undefined
    case 'asked for':
      return isUncertain(cause) ? `yc serverless function list-operations ${functionId}` : undefined
    case 'accepted':
      return cause instanceof OperationError ? undefined : `yc operation get ${copying.operationId}`
  }
}

interface Reading {
  /** All that there are, newest first; empty when they could not be read. */
  readonly versions: readonly Version[]
  readonly cloud: Cloud
}

/** A version that is newer than the failed one and has taken its place; an old answer about the place is read again. */
async function findOvertaking(
  { functionId, versionId, former }: FailedVersion,
  { versions, cloud }: Reading,
): Promise<Version | undefined> {
  const own = versions.find(({ id }) => id === versionId)
  const isNewer = ({ id, createdAt }: Version): boolean =>
    id !== versionId && id !== former?.id && (!own || createdAt > own.createdAt)
  const latest = await readSettled(() => getVersionByTag({ functionId, tag: LATEST }, cloud), {
    fits: (one) => one !== undefined && (one.id === versionId || isNewer(one)),
    cloud,
  })
  return latest && isNewer(latest) ? latest : undefined
}

/**
 * What callers had before: another run may have made a version since this run began to read. One that was under a
 * check itself, and has not been given a tag for its callers, was not for them.
 */
async function findFormer(
  { functionId, versionId, former, checkTag }: FailedVersion,
  { versions, cloud }: Reading,
): Promise<Version | undefined> {
  const own = versions.findIndex(({ id }) => id === versionId)
  const since = (own < 0 ? [] : versions.slice(own + 1)).filter(
    (one) => isBuilt(one) && (!former || one.createdAt > former.createdAt),
  )
  if (since.length === 0) return former
  const history = await listTagHistory({ functionId, tag: checkTag }, cloud).catch(() => [])
  const wasChecked = new Set(history.map((record) => record.versionId))
  const isReleased = ({ id, tags }: Version): boolean =>
    !wasChecked.has(id) || tags.some((tag) => tag !== LATEST && tag !== checkTag)
  return since.find(isReleased) ?? former
}

function isBuilt({ status }: Version): boolean {
  return status === 'ACTIVE' || status === 'OBSOLETE'
}
