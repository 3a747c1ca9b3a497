/** The request for a version that does what another one does: its code and all of its settings. Pure. */

import type { CreateVersionRequest, VersionSpec } from '../../yandex/functions/version-request.ts'
import type { Version } from '../../yandex/functions/versions.ts'
import { describeVersion, readFingerprint, withoutFingerprint } from '../plan/fingerprint.ts'

/** What to copy, and the workflow run that copies it. */
export interface CopySource {
  readonly version: Version
  /** `unknown` when left out. */
  readonly runId: string | undefined
}

/** A request, and the description to fall back on where a region takes no more than it once did. */
export interface Copy {
  readonly request: CreateVersionRequest
  readonly plain: string
}

/** Tags are no part of a copy. Its description ends in a fingerprint that names the version it is a copy of. */
export function copyOf({ version, runId = 'unknown' }: CopySource): Copy {
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
  return compact({
    ...spec,
    connectivity: connectivity && compact(connectivity),
    logOptions: logOptions && compact(logOptions),
    metadataOptions: metadataOptions && compact(metadataOptions),
    asyncInvocationConfig: asyncInvocationConfig && {
      ...compact(asyncInvocationConfig),
      successTarget: targetOf(asyncInvocationConfig.successTarget),
      failureTarget: targetOf(asyncInvocationConfig.failureTarget),
    },
    mounts: mounts?.map(({ objectStorage, ephemeralDiskSpec, ...mount }) => ({
      ...compact(mount),
      ...(objectStorage && { objectStorage: compact(objectStorage) }),
      ...(ephemeralDiskSpec && { ephemeralDiskSpec: compact(ephemeralDiskSpec) }),
    })),
  }) as VersionSpec
}

type Target = NonNullable<VersionSpec['asyncInvocationConfig']>['successTarget']

/** A request must say that there is no target. */
function targetOf(target: Target): Target {
  return target.ymqTarget ? { ymqTarget: target.ymqTarget } : { emptyTarget: {} }
}

/** Without the fields that say nothing; it looks at no value inside of a map or a list. */
function compact<T extends object>(message: T): T {
  return Object.fromEntries(
    Object.entries(message).filter(([name, value]) => isSet(value) && !isUnspecified(name, value)),
  ) as T
}

function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return value !== undefined && value !== '' && value !== false
}

const ENUMS = ['mode', 'minLevel', 'gceHttpEndpoint', 'awsV1HttpEndpoint']

function isUnspecified(name: string, value: unknown): boolean {
  return ENUMS.includes(name) && typeof value === 'string' && value.endsWith('_UNSPECIFIED')
}
