/** Finds what there is to clean up. */

import { findExisting } from '../deploy/function.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { getVersionByTag } from '../yandex/functions/versions.ts'
import type { CleanupProgress, Plan } from './facts.ts'
import type { CleanupInputs } from './inputs.ts'

/** Reads only. Throws ApiError. */
export async function findWork(
  { target, work }: CleanupInputs,
  { cloud, progress }: { cloud: Cloud; progress: CleanupProgress },
): Promise<Plan> {
  const found = await findExisting(target, cloud)
  if (!found) return { kind: 'gone' }
  progress.record('found', found)
  const isGoing = found.status === 'DELETING'
  if (work.kind === 'function') return { kind: 'function', function: found, isGoing }
  const holdings = await Promise.all(
    work.tags.map(async (tag) => {
      const holder = await getVersionByTag({ functionId: found.id, tag }, cloud)
      return { tag, versionId: holder?.id }
    }),
  )
  return { kind: 'tags', function: found, holdings }
}
