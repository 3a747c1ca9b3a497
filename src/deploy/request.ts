/** The request for a version: settings, resolved names and code put into the shape of the API. Pure. */

import type { AsyncInvocation, QueueTarget } from '../inputs/async.ts'
import type { Reference } from '../inputs/references.ts'
import type { LogSettings, VersionSettings } from '../inputs/version.ts'
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
import type { UploadedCode } from './upload.ts'

/** What names and secrets turned out to be. */
export interface ResolvedNames {
  readonly idOf: (reference: Reference) => string
  readonly secrets: readonly SecretBinding[]
}

export interface VersionParts {
  readonly functionId: string
  readonly settings: VersionSettings
  readonly names: ResolvedNames
  readonly code: UploadedCode
}

export function versionRequest({
  functionId,
  settings,
  names,
  code,
}: VersionParts): CreateVersionRequest {
  return {
    functionId,
    description: settings.description,
    ...(settings.tags.length > 0 && { tag: settings.tags }),
    ...versionCode(code),
    ...versionSpec({ settings, names }),
  }
}

/** Fields that were not asked for are left out, so that empty objects are never sent. */
export function versionSpec({
  settings,
  names,
}: Pick<VersionParts, 'settings' | 'names'>): VersionSpec {
  const { environment, serviceAccount, network, fileSystem, asyncInvocation } = settings
  const logOptions = logOptionsOf(settings.logs)
  const metadataOptions = metadataOptionsOf(settings.metadata)
  const mounts = mountsOf(fileSystem)
  return {
    runtime: settings.runtime,
    entrypoint: settings.entrypoint,
    resources: { memory: String(settings.memoryBytes) },
    executionTimeout: `${settings.timeoutSeconds}s`,
    ...(hasKeys(environment.variables) && { environment: environment.variables }),
    ...(names.secrets.length > 0 && { secrets: names.secrets }),
    ...(serviceAccount && { serviceAccountId: names.idOf(serviceAccount) }),
    ...(hasKeys(settings.namedServiceAccounts) && {
      namedServiceAccounts: settings.namedServiceAccounts,
    }),
    ...(network && { connectivity: { networkId: names.idOf(network) } }),
    ...(settings.concurrency !== undefined && { concurrency: String(settings.concurrency) }),
    ...(fileSystem.tmpfsBytes !== undefined && { tmpfsSize: String(fileSystem.tmpfsBytes) }),
    ...(mounts.length > 0 && { mounts }),
    ...(hasKeys(logOptions) && { logOptions }),
    ...(asyncInvocation && {
      asyncInvocationConfig: asyncConfigOf(asyncInvocation, { serviceAccount, names }),
    }),
    ...(hasKeys(metadataOptions) && { metadataOptions }),
  }
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

function hasKeys(object: object): boolean {
  return Object.keys(object).length > 0
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

function logOptionsOf({ disabled, groupId, folderId, level }: LogSettings): LogOptions {
  return {
    ...(disabled && { disabled }),
    ...(groupId !== undefined && { logGroupId: groupId }),
    ...(folderId !== undefined && { folderId }),
    ...(level !== undefined && { minLevel: level }),
  }
}

function metadataOptionsOf({ gce, awsV1 }: VersionSettings['metadata']): MetadataOptions {
  const option = (enabled: boolean): 'ENABLED' | 'DISABLED' => (enabled ? 'ENABLED' : 'DISABLED')
  return {
    ...(gce !== undefined && { gceHttpEndpoint: option(gce) }),
    ...(awsV1 !== undefined && { awsV1HttpEndpoint: option(awsV1) }),
  }
}

/** The account that calls is the function's own when none is named. */
function asyncConfigOf(
  invocation: AsyncInvocation,
  { serviceAccount, names }: { serviceAccount: Reference | undefined; names: ResolvedNames },
): AsyncInvocationConfig {
  const caller = invocation.serviceAccount ?? serviceAccount
  const target = (queue: QueueTarget | undefined): AsyncTarget =>
    queue
      ? {
          ymqTarget: {
            queueArn: queue.queueArn,
            serviceAccountId: names.idOf(queue.serviceAccount),
          },
        }
      : { emptyTarget: {} }
  return {
    retriesCount: String(invocation.retries),
    successTarget: target(invocation.success),
    failureTarget: target(invocation.failure),
    ...(caller && { serviceAccountId: names.idOf(caller) }),
  }
}
