/** The history of tags: which version held which tag, from when to when. */

import { timestamp } from '../clock.ts'
import type { Route } from '../http/route.ts'
import { invalid } from '../http/status.ts'
import { newId } from '../id.ts'
import { findFunction } from '../lookup.ts'
import { LIST_TAG_HISTORY, TAG_RECORD } from '../messages/function.ts'
import { page } from '../messages/pages.ts'
import { readQuery } from '../messages/read.ts'
import { writeMessage } from '../messages/write.ts'
import type { Cloud, StoredVersion, TagRecord } from '../state.ts'

interface Held {
  readonly version: StoredVersion
  readonly tag: string
}

/** Notes that a version holds a tag from now on. */
export function beginRecord(cloud: Cloud, { version, tag }: Held): void {
  cloud.tagHistory.push({
    id: newId('d4e'),
    functionId: version.functionId,
    functionVersionId: version.id,
    tag,
    effectiveFrom: timestamp(cloud),
  })
}

/** Notes that a version no longer holds a tag. */
export function endRecord(cloud: Cloud, { version, tag }: Held): void {
  const open = cloud.tagHistory.find(
    (record) =>
      record.functionVersionId === version.id &&
      record.tag === tag &&
      record.effectiveTo === undefined,
  )
  if (open) open.effectiveTo = timestamp(cloud)
}

/** The records of a tag of a function, oldest first. */
export function recordsOf(
  cloud: Cloud,
  { functionId, tag }: { readonly functionId: string; readonly tag: string },
): readonly TagRecord[] {
  return cloud.tagHistory.filter((record) => record.functionId === functionId && record.tag === tag)
}

/** ListTagHistory. */
export function tagHistoryRoutes(cloud: Cloud): Route[] {
  const open = cloud.settings.openEffectiveTo === 'absent' ? '' : '2099-12-31T00:00:00Z'
  return [
    {
      method: 'GET',
      path: '/functions/v1/functions/{functionId}:tagHistory',
      permission: 'functions.read',
      hasQuery: true,
      handle: ({ params, query }) => {
        const request = readQuery(LIST_TAG_HISTORY, query)
        const { id: functionId } = findFunction(cloud, params.functionId)
        const all = recordsOf(cloud, { functionId, tag: request.tag }).map((record) => ({
          ...record,
          effectiveTo: record.effectiveTo ?? open,
        }))
        // Oldest first; the real order is not documented.
        const items = all.filter(filterOf(request.filter))
        const write = (record: object) => writeMessage(TAG_RECORD, record)
        return page(request, { name: 'functionTagHistoryRecord', items, write })
      },
    },
  ]
}

/** The documented filter: `effective_from` or `effective_to`, then `=`, `<` or `>`, then a time in double quotes. */
function filterOf(
  filter: string,
): (record: { readonly effectiveFrom: string; readonly effectiveTo: string }) => boolean {
  if (filter === '') return () => true
  const [, name, operator, time = ''] =
    /^(effective_from|effective_to)([=<>])"([^"\\]+)"$/.exec(filter) ?? []
  const given = Date.parse(time)
  if (name === undefined || Number.isNaN(given)) {
    throw invalid('filter', 'must be of the form effective_from>"2026-01-01T00:00:00Z"')
  }
  return ({ effectiveFrom, effectiveTo }) => {
    const shown = Date.parse(name === 'effective_from' ? effectiveFrom : effectiveTo)
    if (operator === '=') return shown === given
    return operator === '<' ? shown < given : shown > given
  }
}
