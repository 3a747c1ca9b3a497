/** Lists: pages with an opaque token, and the documented filter `field="value"`. */

import { createHash } from 'node:crypto'
import { invalid } from '../http/status.ts'

const DEFAULT_PAGE_SIZE = 100

/** The paging part of a list request. */
export interface PageRequest {
  readonly pageSize: string
  readonly pageToken: string
  /** Left out by lists that cannot filter. */
  readonly filter?: string
}

/** One page; an empty list and the token after the last page are left out, as proto3 JSON does. */
export function page<T extends { readonly id: string }>(
  request: PageRequest,
  list: {
    readonly name: string
    readonly items: readonly T[]
    readonly write: (item: T) => object
  },
): object {
  const { name, items, write } = list
  const start = startOf(items, request)
  const end = start + (Number(request.pageSize) || DEFAULT_PAGE_SIZE)
  const shown = items.slice(start, end)
  const last = shown.at(-1)
  return {
    ...(shown.length > 0 && { [name]: shown.map(write) }),
    ...(last && end < items.length && { nextPageToken: encode(last.id, request) }),
  }
}

// The token holds the last id shown and a hash of the filter it was made for, as the documentation demands the same
// filter and a token of at most 100 characters.
function encode(id: string, { filter = '' }: PageRequest): string {
  const hash = createHash('sha256').update(filter).digest('hex').slice(0, 8)
  return Buffer.from(`${id} ${hash}`).toString('base64url')
}

function startOf(items: readonly { readonly id: string }[], request: PageRequest): number {
  if (request.pageToken === '') return 0
  const [id = ''] = Buffer.from(request.pageToken, 'base64url').toString().split(' ')
  const index = items.findIndex((item) => item.id === id)
  if (index < 0 || encode(id, request) !== request.pageToken) {
    throw invalid('pageToken', 'is not a token of this list')
  }
  return index + 1
}

/** Keeps the items whose field has the value of the filter; only `=` and the fields given are known. */
export function filtered<T extends object>(
  filter: string,
  {
    items,
    fields,
  }: { readonly items: readonly T[]; readonly fields: readonly (keyof T & string)[] },
): readonly T[] {
  if (filter === '') return items
  const [, name = '', value = ''] = /^([a-z_]+)="([^"\\]*)"$/.exec(filter) ?? []
  const field = fields.find((known) => known === name)
  if (field === undefined) {
    throw invalid('filter', `must be of the form ${fields.map((f) => `${f}="value"`).join(' or ')}`)
  }
  return items.filter((item) => item[field] === value)
}
