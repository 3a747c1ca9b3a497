/** deleteVersion: the versions that may be deleted, and the refusals. */

import type { Call } from '../http/route.ts'
import { precondition } from '../http/status.ts'
import { findSettledVersion } from '../lookup.ts'
import { DELETE_VERSION } from '../messages/function.ts'
import { readQuery } from '../messages/read.ts'
import { EMPTY, packed, startOperation } from '../services/operations.ts'
import type { Cloud } from '../state.ts'
import { dropTag } from './tags.ts'

/** `DELETE /functions/v1/versions/{functionVersionId}`. */
export function deleteVersion(cloud: Cloud, call: Call): Promise<object> {
  const version = findSettledVersion(cloud, call.params.functionVersionId)
  const { force } = readQuery(DELETE_VERSION, call.query)
  if (version.tags.includes('$latest')) {
    throw precondition(`Version ${version.id} is $latest and cannot be deleted`)
  }
  if (version.tags.length > 0 && !force) {
    throw precondition(`Version ${version.id} has tags: ${version.tags.join(', ')}`)
  }
  const work = {
    description: 'Delete function version',
    functionId: version.functionId,
    metadata: packed('DeleteFunctionVersionMetadata', { functionVersionId: version.id }),
    begin: () => {
      // Deleted by force, a version loses its tags with it.
      for (const tag of version.tags) dropTag(cloud, { version, tag })
      version.status = 'DELETING'
    },
    apply: () => {
      cloud.versions.delete(version.id)
      return EMPTY
    },
  }
  return startOperation(cloud, { call, work })
}
