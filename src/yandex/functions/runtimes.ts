/** The runtimes that a function can have. */

import type { Api } from '../http/api.ts'
import { asObject } from '../../json.ts'
import { listOf } from '../wire.ts'

/** The list only improves messages, so it is not worth a retry; in milliseconds. */
const RETRY = { attemptMs: 5_000, totalMs: 0 }

/** Ids of the available runtimes, perhaps with some that are no longer supported. Throws DeployError. */
export function listRuntimes({ api }: { api: Api }): Promise<readonly string[]> {
  return api.call({
    what: 'list the runtimes',
    service: 'serverless-functions',
    method: 'GET',
    path: '/functions/v1/runtimes',
    retry: RETRY,
    read: (json) =>
      listOf(asObject(json) ?? {}, 'runtimes').filter((item) => typeof item === 'string'),
  })
}
