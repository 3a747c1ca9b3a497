/** The runtimes that a function can have. */

import type { Api } from '../http/api.ts'
import { asObject, listOf } from '../wire.ts'

/** It is asked for advice only, which is not worth a wait, in milliseconds. */
const PATIENCE = { attemptMs: 5_000, totalMs: 0 }

/** Ids of the runtimes that the cloud has, those it no longer supports perhaps among them. Throws DeployError. */
export function listRuntimes({ api }: { api: Api }): Promise<readonly string[]> {
  return api.call({
    what: 'list the runtimes',
    service: 'serverless-functions',
    method: 'GET',
    path: '/functions/v1/runtimes',
    retry: PATIENCE,
    read: (json) =>
      listOf(asObject(json) ?? {}, 'runtimes').filter((item) => typeof item === 'string'),
  })
}
