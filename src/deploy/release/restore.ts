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
import { finishBuild, startBuild } from '../build.ts'
import { copyOf } from './copy.ts'
import { isUncertain } from './promote.ts'

/** Which version failed, and what was there before it. */
export interface FailedVersion {
  readonly functionId: string
  readonly versionId: string
  /** What was `$latest` when the run began to read. */
  readonly former: Version | undefined
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
  const { functionId, versionId, former, runId, wait } = failed
  let fromId = former?.id
  let copying: Copying = { kind: 'not asked for' }
  try {
    const [latest, versions] = await Promise.all([
      getVersionByTag({ functionId, tag: LATEST }, cloud),
      listVersions(functionId, cloud).catch(() => []),
    ])
    if (latest && latest.id !== versionId) return { kind: 'overtaken', versionId: latest.id }
    const version = formerOf(failed, versions)
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

/** The newest version before the failed one: another run may have made one since this run began to read. */
function formerOf(
  { versionId, former }: FailedVersion,
  versions: readonly Version[],
): Version | undefined {
  const own = versions.findIndex(({ id }) => id === versionId)
  const [before] = own < 0 ? [] : versions.slice(own + 1).filter(isBuilt)
  return before && (!former || before.createdAt > former.createdAt) ? before : former
}

function isBuilt({ status }: Version): boolean {
  return status === 'ACTIVE' || status === 'OBSOLETE'
}
