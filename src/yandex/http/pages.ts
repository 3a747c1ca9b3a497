/** Reads a list over all of its pages; the only place that decides when a list is too long. */

import { DeployError } from '../../errors.ts'
import { fieldsOf } from '../../json.ts'
import { list, resource, text, type Read } from '../fields.ts'

/** Far more than any folder needs; ends the loop when a server always has another page. */
const MAX_PAGES = 200

/** One page of a list; the token is empty on the last one. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextPageToken: string
}

const readToken = resource('the page', { nextPageToken: text })

/** The page that has its items under `field`. Throws TypeError when the value is not one. */
export function readPage<T>(
  value: unknown,
  { field, read }: { field: string; read: Read<T> },
): Page<T> {
  return { ...readToken(value), items: list(read)(fieldsOf(value)[field], field) }
}

/** All items; `read` gets the token of a page, empty for the first one. Throws DeployError for a list that does not end. */
export async function readPages<T>(
  what: string,
  read: (pageToken: string) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = []
  const seen = new Set<string>()
  for (let pageToken = ''; ;) {
    const page = await read(pageToken)
    items.push(...page.items)
    pageToken = page.nextPageToken
    if (pageToken === '') return items
    const isCircle = seen.has(pageToken)
    if (isCircle || seen.add(pageToken).size === MAX_PAGES) {
      const reason = isCircle
        ? 'the API returned the same page token twice'
        : `the list has more than ${MAX_PAGES} pages`
      throw new DeployError('API_UNEXPECTED', `Could not ${what}: ${reason}.`)
    }
  }
}
