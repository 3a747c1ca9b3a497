/** Versions as the API shows them. */

import { VERSION } from '../messages/version.ts'
import { writeMessage } from '../messages/write.ts'
import type { StoredVersion } from '../state.ts'

/** A version on the wire. */
export function versionJson(version: StoredVersion): Record<string, unknown> {
  const { id, functionId, createdAt, status, tags, settings, zip } = version
  const own = { id, functionId, createdAt, status, tags, imageSize: String(zip.length) }
  return writeMessage(VERSION, { ...settings, ...own })
}
