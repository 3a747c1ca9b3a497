/** Where a rollback goes: everything is found before anything moves. */

import { nearest } from '../suggest.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import { listTagHistory } from '../yandex/functions/tags.ts'
import { getVersionByTag, listVersions, type Version } from '../yandex/functions/versions.ts'
import { nothingBefore, type DeadEnd } from './dead-ends.ts'
import { findNamed, VersionFinder } from './finder.ts'
import type { RollbackInputs } from './inputs.ts'
import { findForLatest } from './latest.ts'
import type { Move, Plan, Skipped } from './plan.ts'
import { placesBefore, type Step } from './trail.ts'

/** What is rolled back, of which function. */
export interface Wanted extends Pick<RollbackInputs, 'tags' | 'versionId'> {
  readonly function: CloudFunction
}

/** Reads only. Throws DeployError NO_PREVIOUS_VERSION, with all tags that have nowhere to go. */
export async function findTargets(
  { tags, versionId, function: target }: Wanted,
  cloud: Cloud,
): Promise<Plan> {
  const named =
    versionId === undefined ? undefined : await findNamed({ versionId, function: target }, cloud)
  if (tags.length === 0) {
    const found = await findForLatest({ named, function: target }, cloud)
    if ('why' in found) throw await nothingBefore({ function: target, ends: [found] }, cloud)
    return { kind: 'latest', ...found }
  }
  const finder = new VersionFinder(cloud)
  const found = await Promise.all(
    tags.map((tag) =>
      named
        ? toNamed({ tag, named, functionId: target.id }, cloud)
        : findForTag({ tag, functionId: target.id }, { cloud, finder }),
    ),
  )
  const ends = found.filter((one) => 'why' in one)
  const [first, ...others] = found.filter((one) => 'to' in one)
  if (!first || ends.length > 0) throw await nothingBefore({ function: target, ends }, cloud)
  return { kind: 'tags', moves: [first, ...others] }
}

async function toNamed(
  { tag, named, functionId }: { tag: string; named: Version; functionId: string },
  cloud: Cloud,
): Promise<Move | DeadEnd> {
  const from = await getVersionByTag({ functionId, tag }, cloud)
  if (!from && (await isSlip({ tag, functionId }, cloud))) {
    return { why: 'no holder before', tag, from, skipped: [] }
  }
  return { tag, from, to: named, skipped: [] }
}

/** Whether a tag that no version has ever had is nearly the name of one that a version has. */
async function isSlip(
  { tag, functionId }: { tag: string; functionId: string },
  cloud: Cloud,
): Promise<boolean> {
  const [records, versions] = await Promise.all([
    listTagHistory({ functionId, tag }, cloud),
    listVersions(functionId, cloud),
  ])
  const tags = versions.flatMap((version) => version.tags)
  // Short names are near to each other by nature, such as v1 and v2.
  return tag.length > 4 && records.length === 0 && nearest(tag, tags).length > 0
}

async function findForTag(
  { tag, functionId }: { tag: string; functionId: string },
  { cloud, finder }: { cloud: Cloud; finder: VersionFinder },
): Promise<Move | DeadEnd> {
  const [from, records] = await Promise.all([
    getVersionByTag({ functionId, tag }, cloud),
    listTagHistory({ functionId, tag }, cloud),
  ])
  // The history may not have the newest step yet. A tag that nobody holds goes back to who held it last.
  const now = from?.id ?? NOBODY
  const skipped: Skipped[] = []
  for (const place of placesBefore([...records.map(stepTo), stepTo({ versionId: now })])) {
    const to = await finder.findIn(place, skipped)
    if (to) return { tag, from, to, skipped }
  }
  return { why: 'no holder before', tag, from, skipped }
}

const NOBODY = ''

function stepTo({ versionId }: { versionId: string }): Step {
  return { versionId, placeOf: versionId }
}
