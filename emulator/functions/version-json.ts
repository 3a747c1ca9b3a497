/** Versions as the API shows them. */

import { isAllowed } from '../identity/roles.ts'
import { VERSION } from '../messages/version.ts'
import { writeMessage } from '../messages/write.ts'
import type { Cloud, StoredVersion } from '../state.ts'

/** What an image takes is shown in whole blocks, as the samples of the documentation are: 4096, 53248. */
const IMAGE_BLOCK_BYTES = 4096

/** A version on the wire, with everything that there is to see. */
export function versionJson(version: StoredVersion): Record<string, unknown> {
  const { id, functionId, createdAt, status, tags, settings, imageBytes } = version
  const blocks = Math.max(1, Math.ceil(imageBytes / IMAGE_BLOCK_BYTES))
  const imageSize = status === 'CREATING' ? '0' : String(blocks * IMAGE_BLOCK_BYTES)
  return writeMessage(VERSION, { ...settings, id, functionId, createdAt, status, tags, imageSize })
}

/** A version as a caller sees it: the environment is shown from `functions.editor` up. */
export function shownVersion(
  cloud: Cloud,
  { version, subject }: { readonly version: StoredVersion; readonly subject: string },
): Record<string, unknown> {
  const { functionId } = version
  const json = versionJson(version)
  if (!isAllowed(cloud, { subject, permission: 'functions.readEnvironment', functionId })) {
    delete json.environment
  }
  return json
}
