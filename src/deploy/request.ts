/** The request for a version: settings, resolved names and code put into the shape of the API. Pure. */

import type { AsyncInvocation, QueueTarget } from '../inputs/async.ts'
import type { Reference } from '../inputs/references.ts'
import type { VersionSettings } from '../inputs/version.ts'
import type { FileSystem } from '../inputs/mounts.ts'
import type {
  AsyncInvocationConfig,
  AsyncTarget,
  CreateVersionRequest,
  LogOptions,
  MetadataOptions,
  Mount,
  SecretBinding,
  VersionCode,
  VersionSpec,
} from '../yandex/functions/version-request.ts'
import type { UploadedCode } from './code.ts'

/** What names and secrets turned out to be. */
export interface ResolvedNames {
  readonly idOf: (reference: Reference) => string
  readonly secrets: readonly SecretBinding[]
}

interface SpecParts {
  readonly settings: VersionSettings
  readonly names: ResolvedNames
}

export function versionRequest(
  parts: SpecParts & { functionId: string; code: UploadedCode },
): CreateVersionRequest {
  const { functionId, settings, names, code } = parts
  return {
    functionId,
    description: settings.description,
    ...(settings.tags.length > 0 && { tag: settings.tags }),
    ...versionCode(code),
    ...versionSpec({ settings, names }),
  }
}

/** Fields that were not asked for are left out, so that empty objects are never sent. */
export function versionSpec({ settings, names }: SpecParts): VersionSpec {
  const { environment, serviceAccount, network, fileSystem, logs, metadata } = settings
  const { concurrency, asyncInvocation } = settings
  return withoutUnset<VersionSpec>({
    runtime: settings.runtime,
    entrypoint: settings.entrypoint,
    resources: { memory: String(settings.memoryBytes) },
    executionTimeout: `${settings.timeoutSeconds}s`,
    environment: environment.variables,
    secrets: names.secrets,
    serviceAccountId: serviceAccount && names.idOf(serviceAccount),
    namedServiceAccounts: settings.namedServiceAccounts,
    connectivity: network && { networkId: names.idOf(network) },
    concurrency: concurrency?.toString(),
    tmpfsSize: fileSystem.tmpfsBytes?.toString(),
    mounts: mountsOf(fileSystem),
    logOptions: withoutUnset<LogOptions>({
      disabled: logs.disabled,
      logGroupId: logs.groupId,
      folderId: logs.folderId,
      minLevel: logs.level,
    }),
    asyncInvocationConfig:
      asyncInvocation && asyncConfigOf(asyncInvocation, { serviceAccount, names }),
    metadataOptions: withoutUnset<MetadataOptions>({
      gceHttpEndpoint: optionOf(metadata.gce),
      awsV1HttpEndpoint: optionOf(metadata.awsV1),
    }),
  })
}

/** A message without the fields that say nothing in proto3; no value inside of a map or a list is looked at. */
export function withoutUnset<T extends object>(message: {
  readonly [Field in keyof T]: T[Field] | undefined
}): T {
  return Object.fromEntries(Object.entries(message).filter(isSet)) as T
}

const ENUMS = ['mode', 'minLevel', 'gceHttpEndpoint', 'awsV1HttpEndpoint']

function isSet([name, value]: [string, unknown]): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  if (ENUMS.includes(name) && String(value).endsWith('_UNSPECIFIED')) return false
  return value !== undefined && value !== '' && value !== false
}

function versionCode(code: UploadedCode): VersionCode {
  switch (code.kind) {
    case 'version':
      return { versionId: code.versionId }
    case 'inline':
      return { content: Buffer.concat(code.packed.archive.chunks).toString('base64') }
    case 'bucket':
      return { package: { bucketName: code.bucket, objectName: code.key, sha256: code.sha256 } }
  }
}

function mountsOf({ buckets, disk }: FileSystem): readonly Mount[] {
  const bucketMounts = buckets.map(({ name, bucket, prefix, readOnly }): Mount => ({
    name,
    mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
    objectStorage: { bucketId: bucket, ...(prefix !== undefined && { prefix }) },
  }))
  if (!disk) return bucketMounts
  const ephemeralDiskSpec = {
    size: String(disk.sizeBytes),
    ...(disk.blockSizeBytes !== undefined && { blockSize: String(disk.blockSizeBytes) }),
  }
  return [...bucketMounts, { name: disk.name, mode: 'READ_WRITE', ephemeralDiskSpec }]
}

function optionOf(isEnabled: boolean | undefined): 'ENABLED' | 'DISABLED' | undefined {
  if (isEnabled === undefined) return undefined
  return isEnabled ? 'ENABLED' : 'DISABLED'
}

/** The account that calls is the function's own when none is named. */
function asyncConfigOf(
  invocation: AsyncInvocation,
  { serviceAccount, names }: { serviceAccount: Reference | undefined; names: ResolvedNames },
): AsyncInvocationConfig {
  const caller = invocation.serviceAccount ?? serviceAccount
  const target = (queue: QueueTarget | undefined): AsyncTarget => {
    if (!queue) return { emptyTarget: {} }
    const { queueArn } = queue
    return { ymqTarget: { queueArn, serviceAccountId: names.idOf(queue.serviceAccount) } }
  }
  return {
    retriesCount: String(invocation.retries),
    successTarget: target(invocation.success),
    failureTarget: target(invocation.failure),
    ...(caller && { serviceAccountId: names.idOf(caller) }),
  }
}
