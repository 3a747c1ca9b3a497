/** The request for a version that does what another one does: its code and all of its settings. Pure. */

import type { CreateVersionRequest, VersionSpec } from '../../yandex/functions/version-request.ts'
import type { Version } from '../../yandex/functions/versions.ts'
import { withoutUnset } from '../request.ts'
import { describeVersion, readFingerprint, withoutFingerprint } from '../plan/fingerprint.ts'

/**
 * The request, and the description to fall back on where a region takes no more than it once did. Tags are no part of a
 * copy. Its description ends in a fingerprint that names the version it is a copy of, and the run that copies it.
 */
export function copyOf({
  version,
  runId = 'unknown',
}: {
  version: Version
  runId: string | undefined
}): { readonly request: CreateVersionRequest; readonly plain: string } {
  const { id, functionId, description: former, spec } = version
  const text = withoutFingerprint(former)
  const sha256 = readFingerprint(former)?.sha256
  const fingerprint = { sha256, runId, fromVersionId: id }
  const whole = describeVersion({ text, isOwn: true }, fingerprint)
  // A rollback finds its way by the fingerprint, so a text that leaves no room for it is cut.
  const { description: short } = describeVersion({ text, isOwn: false }, fingerprint)
  const description = whole.isMarked ? whole.description : short
  return { request: { functionId, description, versionId: id, ...specOf(spec) }, plain: short }
}

/** What a version shows is what a request takes, but for the values that mean "not set". */
function specOf(spec: VersionSpec): VersionSpec {
  const { connectivity, logOptions, asyncInvocationConfig, mounts, metadataOptions } = spec
  return withoutUnset({
    ...spec,
    connectivity: connectivity && withoutUnset(connectivity),
    logOptions: logOptions && withoutUnset(logOptions),
    metadataOptions: metadataOptions && withoutUnset(metadataOptions),
    asyncInvocationConfig: asyncInvocationConfig && {
      ...withoutUnset(asyncInvocationConfig),
      successTarget: targetOf(asyncInvocationConfig.successTarget),
      failureTarget: targetOf(asyncInvocationConfig.failureTarget),
    },
    mounts: mounts?.map(({ objectStorage, ephemeralDiskSpec, ...mount }) => ({
      ...withoutUnset(mount),
      ...(objectStorage && { objectStorage: withoutUnset(objectStorage) }),
      ...(ephemeralDiskSpec && { ephemeralDiskSpec: withoutUnset(ephemeralDiskSpec) }),
    })),
  })
}

type Target = NonNullable<VersionSpec['asyncInvocationConfig']>['successTarget']

/** A request must say that there is no target. */
function targetOf(target: Target): Target {
  return target.ymqTarget ? { ymqTarget: target.ymqTarget } : { emptyTarget: {} }
}
