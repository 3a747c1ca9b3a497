/** Where callers without a tag go back to: the newest version is rolled back by a copy of an older one. */

import { readFingerprint } from '../deploy/plan/fingerprint.ts'
import { diffSettings } from '../deploy/plan/settings.ts'
import { DeployError } from '../errors.ts'
import { quote } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CloudFunction } from '../yandex/functions/functions.ts'
import { listTagHistory, type TagRecord } from '../yandex/functions/tags.ts'
import {
  getVersionByTag,
  LATEST,
  listVersions,
  type Version,
} from '../yandex/functions/versions.ts'
import { isRefusedAs } from '../yandex/functions/operation.ts'
import type { DeadEnd } from './dead-ends.ts'
import type { Copying } from './facts.ts'
import { createFinder, findBefore, type Find, type Step } from './finder.ts'

/** To a version that is named, or else to the one before. Reads only. Throws ApiError. */
export async function findForLatest(
  { named, function: target }: { named: Version | undefined; function: CloudFunction },
  cloud: Cloud,
): Promise<Copying | DeadEnd> {
  const [from, versions] = await Promise.all([
    getVersionByTag({ functionId: target.id, tag: LATEST }, cloud),
    listVersions(target.id, cloud),
  ])
  if (!from) return { why: `The function ${quote(target.name)} has no version.`, skipped: [] }
  if (named) {
    const isLive = named.id === from.id || isCopy(from, { of: named, function: target })
    return { kind: 'latest', from, to: named, isLive, skipped: [] }
  }
  const listed = upTo(from, versions)
  const find = createFinder(cloud, versions)
  const gone = await findGone(listed, find)
  const records = gone.size === 0 ? [] : await readGone({ listed, function: target }, cloud)
  const steps = stepsOf(records ? listed : fromLast(gone, listed), {
    records: records ?? [],
    function: target,
  })
  const { to, skipped } = await findBefore(steps, find)
  if (to) return { kind: 'latest', from, to, isLive: false, skipped }
  const end = records
    ? ', and there is no earlier one to go back to.'
    : `. Which one is good to go back to is not known: a version that was copied is gone, and the history of \`${LATEST}\` cannot be read.`
  return { why: `Callers without a tag get the version ${from.id}${end}`, skipped }
}

/** What has been the newest version, oldest first. One that is newer than what callers get has not become it yet. */
function upTo(from: Version, newestFirst: readonly Version[]): readonly Version[] {
  const at = newestFirst.findIndex(({ id }) => id === from.id)
  const older = newestFirst.slice(at + 1).filter(({ status }) => status !== 'CREATING')
  return [...older.toReversed(), from]
}

/** The versions that others of the list are made of, and that no function has any more. */
async function findGone(listed: readonly Version[], find: Find): Promise<ReadonlySet<string>> {
  const sources = [...new Set(listed.flatMap((version) => sourceOf(version) ?? []))]
  const areGone = await Promise.all(sources.map((id) => isGone(id, find)))
  return new Set(sources.filter((_, at) => areGone[at]))
}

/** A version that may not be read is one of another function. */
async function isGone(id: string, find: Find): Promise<boolean> {
  try {
    return (await find(id)) === undefined
  } catch (error) {
    if (isRefusedAs(error, ['PERMISSION_DENIED'])) return false
    throw error
  }
}

/** The history of those that are gone; undefined where it cannot be read. */
async function readGone(
  { listed, function: { id } }: { listed: readonly Version[]; function: CloudFunction },
  cloud: Cloud,
): Promise<readonly TagRecord[] | undefined> {
  const ids = new Set(listed.map((version) => version.id))
  try {
    const records = await listTagHistory({ functionId: id, tag: LATEST }, cloud)
    return records.filter(({ versionId }) => !ids.has(versionId))
  } catch (error) {
    if (!(error instanceof DeployError) || error.code === 'CANCELLED') throw error
    cloud.log(`The history of ${LATEST} cannot be read: ${error.message}`)
    return undefined
  }
}

/**
 * From the last copy of a version that is gone: what was before may be what it went back from, such as a version that
 * did not pass its check.
 */
function fromLast(gone: ReadonlySet<string>, listed: readonly Version[]): readonly Version[] {
  const at = listed.findLastIndex((version) => gone.has(sourceOf(version) ?? ''))
  const before = new Set(listed.slice(0, Math.max(0, at)).map(({ id }) => id))
  // The same holds for a copy of what was before.
  const back = listed.findLastIndex(
    (version, index) => index > at && before.has(sourceOf(version) ?? ''),
  )
  return listed.slice(Math.max(0, at, back))
}

/** How the function came to its newest version: from one version to the next, and back where one is a copy of another. */
function stepsOf(
  listed: readonly Version[],
  { records, function: target }: { records: readonly TagRecord[]; function: CloudFunction },
): readonly Step[] {
  const byId = new Map(listed.map((version) => [version.id, version]))
  const steps = listed.map((version) => {
    const { id: versionId, createdAt: time } = version
    const sourceId = sourceOf(version) ?? versionId
    const source = byId.get(sourceId)
    // With the settings of one that is gone nothing can be compared; then it is gone back from its place as well.
    const isBack = !source || isCopy(version, { of: source, function: target })
    return { versionId, placeOf: isBack ? sourceId : versionId, time }
  })
  const gone = records.map(({ versionId, effectiveFrom: time }) => ({
    versionId,
    placeOf: versionId,
    time,
  }))
  // Sorting keeps the order of all that are listed.
  return [...gone, ...steps].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
}

/** Whether a version is another one again: its code with the same settings, and not its code with new ones. */
function isCopy(
  version: Version,
  { of: source, function: { folderId } }: { of: Version; function: CloudFunction },
): boolean {
  if (sourceOf(version) !== source.id) return false
  const sides = { live: source.spec, after: version.spec, folderId, seesEnvironment: true }
  return diffSettings(sides).every(({ verdict }) => verdict === 'unchanged')
}

/** The version whose code another one has taken. */
function sourceOf({ description }: Version): string | undefined {
  return readFingerprint(description)?.fromVersionId
}
