/** Gives callers without a tag the version again that they had before a failed check. */

import type { WaitInputs } from '../../inputs/inputs.ts'
import { DeployError } from '../../errors.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import {
  getVersionByTag,
  LATEST,
  listVersions,
  type Version,
} from '../../yandex/functions/versions.ts'
import { finishBuild, startBuild } from '../build.ts'
import { copyOf } from './copy.ts'

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
      /** Of the version that may still be built. */
      readonly operationId: string | undefined
    }

/** Never rejects, since the failed check is what has to be told. */
export async function restoreLatest(failed: FailedVersion, cloud: Cloud): Promise<Restoration> {
  const { functionId, versionId, runId, wait } = failed
  let fromId: string | undefined
  let operationId: string | undefined
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
    const build = await startBuild({ ...copyOf({ version, runId }), wait }, cloud)
    operationId = build.operation.id
    const { id } = await finishBuild({ build, wait }, cloud)
    return { kind: 'restored', versionId: id, fromId }
  } catch (cause) {
    if (!(cause instanceof DeployError)) throw cause
    return { kind: 'failed', fromId, cause, operationId }
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
