/** Tags of versions: setting one, taking one away, and which versions have held one. */

import type { Cloud } from '../cloud.ts'
import { id, resource, text } from '../fields.ts'
import { functionPath } from './functions.ts'
import { operate } from './operations.ts'

/** A tag of a version, and until when to wait for it to change, in milliseconds of `Clock.now()`. */
export interface TagChange {
  readonly versionId: string
  readonly tag: string
  readonly deadlineMs: number
  /** Told when the cloud has accepted it, before its end. */
  readonly onAccepted?: () => void
}

/** Puts a tag on a version, and so takes it from the one that holds it; waits for it. Throws ApiError, OperationError. */
export function setTag(change: TagChange, cloud: Cloud): Promise<void> {
  return changeTag({ ...change, verb: 'set' }, cloud)
}

/** Takes a tag away from the version that holds it, and waits for it. Throws ApiError, OperationError. */
export function removeTag(change: TagChange, cloud: Cloud): Promise<void> {
  return changeTag({ ...change, verb: 'remove' }, cloud)
}

async function changeTag(
  { versionId, tag, verb, ...wait }: TagChange & { verb: 'set' | 'remove' },
  cloud: Cloud,
): Promise<void> {
  await operate(
    {
      ...wait,
      what: `${verb} the tag ${tag} of the version ${versionId}`,
      doing: `Changing the tag ${tag} of the version ${versionId}`,
      noun: `the change of the tag ${tag}`,
      path: `/functions/v1/versions/${encodeURIComponent(versionId)}:${verb}Tag`,
      body: { tag },
    },
    cloud,
  )
}

/** A version held a tag from this time on. */
export interface TagRecord {
  readonly versionId: string
  /** As the API writes it, such as `2026-01-01T00:00:00Z`. */
  readonly effectiveFrom: string
}

/**
 * All records of a tag over all pages, oldest first: the order of the answer is not documented. Who holds the tag now
 * is not told by them, since the last record may have no end or one far ahead. Throws ApiError.
 */
export async function listTagHistory(
  { functionId, tag }: { functionId: string; tag: string },
  { api }: Cloud,
): Promise<readonly TagRecord[]> {
  const records = await api.list({
    what: `read the history of the tag ${tag} of the function ${functionId}`,
    path: `${functionPath(functionId)}:tagHistory`,
    query: { tag },
    field: 'functionTagHistoryRecord',
    read: readTagRecord,
  })
  return records.toSorted(byTime)
}

const readRecord = resource('the record', { functionVersionId: id, effectiveFrom: text })

/** Throws TypeError when the value is not a FunctionTagHistoryRecord. */
export function readTagRecord(value: unknown): TagRecord {
  const { functionVersionId: versionId, effectiveFrom } = readRecord(value)
  if (Number.isNaN(Date.parse(effectiveFrom))) throw new TypeError('"effectiveFrom" is not a time')
  return { versionId, effectiveFrom }
}

/** By milliseconds, then by the digits behind them; records of the same moment stay in the order of the answer. */
function byTime(a: TagRecord, b: TagRecord): number {
  const [left = '', right = ''] = [a, b].map((record) => record.effectiveFrom.replace(/Z$/, ''))
  const milliseconds = Date.parse(a.effectiveFrom) - Date.parse(b.effectiveFrom)
  return milliseconds || (left < right ? -1 : Number(left > right))
}
