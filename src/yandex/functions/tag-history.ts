/** The history of a tag: which versions of a function held it, one after the other. */

import { message, required, text } from '../fields.ts'
import type { Api } from '../http/api.ts'

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
  { api }: { api: Api },
): Promise<readonly TagRecord[]> {
  const records = await api.list({
    what: `read the history of the tag ${tag} of the function ${functionId}`,
    service: 'serverless-functions',
    path: `/functions/v1/functions/${encodeURIComponent(functionId)}:tagHistory`,
    query: { tag },
    field: 'functionTagHistoryRecord',
    read: readTagRecord,
  })
  return records.toSorted(byTime)
}

const RECORD = required(message({ functionVersionId: text, effectiveFrom: text }))

/** Throws TypeError when the value is not a FunctionTagHistoryRecord. */
export function readTagRecord(value: unknown): TagRecord {
  const { functionVersionId: versionId = '', effectiveFrom = '' } = RECORD(value, 'the record')
  if (versionId === '') throw new TypeError('"functionVersionId" is missing')
  if (Number.isNaN(Date.parse(effectiveFrom))) throw new TypeError('"effectiveFrom" is not a time')
  return { versionId, effectiveFrom }
}

/** By milliseconds, then by the digits behind them; records of the same moment stay in the order of the answer. */
function byTime(a: TagRecord, b: TagRecord): number {
  const [left = '', right = ''] = [a, b].map((record) => record.effectiveFrom.replace(/Z$/, ''))
  const milliseconds = Date.parse(a.effectiveFrom) - Date.parse(b.effectiveFrom)
  return milliseconds || (left < right ? -1 : Number(left > right))
}
