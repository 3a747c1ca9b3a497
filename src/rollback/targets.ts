/** Where a rollback goes: everything is found before anything moves. */

import { nearest } from '../suggest.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import { listTagHistory } from '../yandex/functions/tags.ts'
import { getVersionByTag, listVersions, type Version } from '../yandex/functions/versions.ts'
import { nothingBefore, type DeadEnd } from './dead-ends.ts'
import type { Move, Plan } from './facts.ts'
import { createFinder, findBefore, findNamed, type Find } from './finder.ts'
import type { RollbackInputs } from './inputs.ts'
import { findForLatest } from './latest.ts'

/** Reads only. Throws DeployError NO_PREVIOUS_VERSION, with all tags that have nowhere to go. */
export async function findTargets(
  {
    tags,
    versionId,
    function: target,
  }: Pick<RollbackInputs, 'tags' | 'versionId'> & { function: CloudFunction },
  cloud: Cloud,
): Promise<Plan> {
  const named =
    versionId === undefined ? undefined : await findNamed({ versionId, function: target }, cloud)
  if (tags.length === 0) {
    const found = await findForLatest({ named, function: target }, cloud)
    if ('why' in found) throw await nothingBefore({ function: target, ends: [found] }, cloud)
    return found
  }
  const find = createFinder(cloud)
  const found = await Promise.all(
    tags.map((tag) => {
      const wanted = { tag, functionId: target.id }
      return named ? toNamed({ ...wanted, named }, cloud) : findForTag(wanted, { cloud, find })
    }),
  )
  const ends = found.filter((one) => 'why' in one)
  const [first, ...others] = found.filter((one) => 'to' in one)
  if (!first || ends.length > 0) throw await nothingBefore({ function: target, ends }, cloud)
  return { kind: 'tags', moves: [first, ...others] }
}

interface WantedTag {
  readonly tag: string
  readonly functionId: string
}

async function toNamed(
  { named, ...wanted }: WantedTag & { named: Version },
  cloud: Cloud,
): Promise<Move | DeadEnd> {
  const from = await getVersionByTag(wanted, cloud)
  const move = { tag: wanted.tag, from, skipped: [] }
  return !from && (await isSlip(wanted, cloud)) ? deadEnd(move) : { ...move, to: named }
}

/** Whether a tag that no version has ever had is nearly the name of one that a version has. */
async function isSlip({ tag, functionId }: WantedTag, cloud: Cloud): Promise<boolean> {
  const [records, versions] = await Promise.all([
    listTagHistory({ functionId, tag }, cloud),
    listVersions(functionId, cloud),
  ])
  const tags = versions.flatMap((version) => version.tags)
  // Short names are near to each other by nature, such as v1 and v2.
  return tag.length > 4 && records.length === 0 && nearest(tag, tags).length > 0
}

async function findForTag(
  wanted: WantedTag,
  { cloud, find }: { cloud: Cloud; find: Find },
): Promise<Move | DeadEnd> {
  const [from, records] = await Promise.all([
    getVersionByTag(wanted, cloud),
    listTagHistory(wanted, cloud),
  ])
  // The history may not have the newest step yet. A tag that nobody holds goes back to who held it last.
  const holders = [...records.map(({ versionId }) => versionId), from?.id ?? NOBODY]
  const steps = holders.map((versionId) => ({ versionId, placeOf: versionId }))
  const { to, skipped } = await findBefore(steps, find)
  const move = { tag: wanted.tag, from, skipped }
  return to ? { ...move, to } : deadEnd(move)
}

const NOBODY = ''

function deadEnd({ tag, from, skipped }: Omit<Move, 'to'>): DeadEnd {
  const state = from ? `is on the version ${from.id}` : 'is on no version'
  return {
    why: `The tag ${tag} ${state}, and there is no earlier one to go back to.`,
    unheld: from ? undefined : tag,
    skipped,
  }
}
