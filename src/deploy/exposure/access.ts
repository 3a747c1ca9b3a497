/** Public access: given to anyone or taken away, with all other rights left as they are. */

import type { Cloud } from '../../yandex/cloud.ts'
import {
  listAccessBindings,
  PUBLIC,
  publicBindings,
  updateAccessBindings,
  type AccessBinding,
  type AccessDelta,
} from '../../yandex/functions/access.ts'
import { isRefusedAs } from '../../yandex/functions/operation.ts'

/** Whether anyone may call the function, and whether that is new. */
export interface PublicAccess {
  readonly isPublic: boolean
  readonly changed: boolean
  /** Rights that stay for everybody, or for everybody who is signed in, on a function that is not public. */
  readonly leftOpen: readonly AccessBinding[]
}

/** How often the bindings are read again when an answer says that they are others by now. */
const RE_READS = 3
const RE_READ_AFTER_MS = 1_000

/** Sends only what is missing, or too much; nothing where all is well. Throws ApiError, OperationError. */
export async function setPublicAccess(
  wanted: { functionId: string; isPublic: boolean; deadlineMs: number },
  cloud: Cloud,
): Promise<PublicAccess> {
  const { functionId, isPublic, deadlineMs } = wanted
  for (let reads = 0; ; reads++) {
    if (reads > 1) await cloud.clock.sleep(RE_READ_AFTER_MS, cloud.signal)
    const bindings = await listAccessBindings(functionId, cloud)
    const open = publicBindings(bindings)
    const deltas = deltasFor(isPublic, open)
    const others = bindings.filter(
      (one) => one.subject.type === PUBLIC.subject.type && !open.includes(one),
    )
    const result = { isPublic, leftOpen: isPublic ? [] : others }
    if (deltas.length === 0) return { ...result, changed: reads > 0 }
    try {
      await updateAccessBindings({ functionId, deltas, deadlineMs }, cloud)
      return { ...result, changed: true }
    } catch (error) {
      // Another job was faster, or an earlier answer was lost: what counts is what is there now.
      if (!isRefusedAs(error, ['ALREADY_EXISTS', 'NOT_FOUND']) || reads === RE_READS) throw error
      cloud.log(`The access bindings are read again: ${error.message}`)
    }
  }
}

function deltasFor(isPublic: boolean, open: readonly AccessBinding[]): readonly AccessDelta[] {
  if (!isPublic) return open.map((accessBinding) => ({ action: 'REMOVE', accessBinding }))
  return open.length > 0 ? [] : [{ action: 'ADD', accessBinding: PUBLIC }]
}
