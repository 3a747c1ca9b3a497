/** Reads a list over all of its pages; the only place that decides when a list is too long. */

import { DeployError } from '../../errors.ts'

/** Far more than any folder needs; ends the loop when a server always has another page. */
const MAX_PAGES = 200

/** One page of a list; the token is empty on the last one. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextPageToken: string
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
