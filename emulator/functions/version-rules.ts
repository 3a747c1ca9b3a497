/** What createVersion checks beyond single fields: fields against each other, and resources that must exist. */

import { invalidFields, rejected, type Violation } from '../http/status.ts'
import { isAllowed } from '../identity/roles.ts'
import { checkFolder } from '../lookup.ts'
import type { Cloud, VersionRequest } from '../state.ts'

const MIB = 1024 * 1024
/** Names and values of the environment together, secrets included. */
const MAX_ENVIRONMENT_BYTES = 4096

/** Runtimes that exist or existed; the list of the cloud shows only the supported ones. */
const KNOWN_RUNTIMES: readonly string[] = [
  ...['nodejs10', 'nodejs12', 'nodejs14', 'nodejs16', 'nodejs18', 'nodejs22'],
  ...['python37', 'python38', 'python39', 'python311', 'python312', 'python314'],
  ...['golang116', 'golang117', 'golang118', 'golang119', 'golang121', 'golang123'],
  ...['php74', 'php8', 'php82', 'java11', 'java17', 'java21', 'kotlin20'],
  ...['dotnetcore31', 'dotnet6', 'dotnet8', 'r42', 'r43', 'bash', 'bash-2204'],
]

/** Throws INVALID_ARGUMENT, or NOT_FOUND for a folder. */
export function checkVersion(
  cloud: Cloud,
  { request, subject }: { readonly request: VersionRequest; readonly subject: string },
): void {
  const violations = [...runtimeRules(request), ...memoryRules(request), ...mountRules(request)]
  if (violations.length > 0) throw invalidFields(violations)
  const mayUseAccounts = isAllowed(cloud, { subject, permission: 'accounts.use' })
  for (const id of serviceAccountIds(request)) {
    // The same words for an account that is missing and for one that the caller may not use.
    if (!cloud.serviceAccounts.has(id) || !mayUseAccounts) {
      throw rejected(`Service account ${id} is not available`)
    }
  }
  const { connectivity, logOptions } = request
  if (connectivity?.networkId && !cloud.networks.has(connectivity.networkId)) {
    throw rejected(`Network with id ${connectivity.networkId} not found`)
  }
  if (logOptions?.folderId) checkFolder(cloud, logOptions.folderId)
  checkEnvironment(cloud, request)
}

function runtimeRules({ runtime }: VersionRequest): Violation[] {
  if (KNOWN_RUNTIMES.includes(runtime)) return []
  return [{ field: 'runtime', description: `runtime ${runtime} is not supported` }]
}

function memoryRules({ tmpfsSize, resources }: VersionRequest): Violation[] {
  const size = Number(tmpfsSize)
  const memory = Number(resources.memory)
  const isInRange = size >= 512 * MIB && size <= (memory * 3) / 4 && memory >= 1024 * MIB
  if (size === 0 || isInRange) return []
  return [
    {
      field: 'tmpfsSize',
      description:
        'must be 0 or in the range from 512 MiB to 3/4 of resources.memory, which must be at least 1024 MiB',
    },
  ]
}

function mountRules({ mounts, storageMounts }: VersionRequest): Violation[] {
  const violations: Violation[] = []
  if (mounts.length > 0 && storageMounts.length > 0) {
    violations.push({ field: 'storageMounts', description: 'cannot be set together with mounts' })
  }
  const names = [...mounts.map((m) => m.name), ...storageMounts.map((m) => m.mountPointName)]
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  for (const name of new Set(repeated)) {
    violations.push({ field: 'mounts', description: `mount name ${name} is not unique` })
  }
  if (mounts.filter((mount) => mount.ephemeralDiskSpec).length > 1) {
    violations.push({ field: 'mounts', description: 'at most one ephemeral disk is allowed' })
  }
  return violations
}

function serviceAccountIds(request: VersionRequest): string[] {
  const { asyncInvocationConfig: config } = request
  return [
    request.serviceAccountId,
    ...Object.values(request.namedServiceAccounts),
    config?.serviceAccountId ?? '',
    config?.successTarget.ymqTarget?.serviceAccountId ?? '',
    config?.failureTarget.ymqTarget?.serviceAccountId ?? '',
  ].filter((id) => id !== '')
}

function checkEnvironment(cloud: Cloud, request: VersionRequest): void {
  if (request.secrets.length > 0 && request.serviceAccountId === '') {
    throw rejected('serviceAccountId is required when secrets are set')
  }
  const entries = [...Object.entries(request.environment), ...secretValues(cloud, request)]
  const bytes = entries.reduce(
    (sum, [k, v]) => sum + Buffer.byteLength(k) + Buffer.byteLength(v),
    0,
  )
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw rejected(`Environment of ${bytes} bytes exceeds the maximum size of 4 KB`)
  }
}

/** The environment variables that a version's secrets become. Throws when one does not exist. */
export function secretValues(
  cloud: Cloud,
  { secrets }: Pick<VersionRequest, 'secrets'>,
): [variable: string, value: string][] {
  return secrets.map(({ id, versionId, key, environmentVariable }) => {
    const version = cloud.secrets.get(id)?.versions.find((v) => v.id === versionId)
    if (!version) throw rejected(`Version ${versionId} of secret ${id} not found`)
    const value = version.payload[key]
    if (value === undefined) {
      throw rejected(`Key ${key} not found in version ${versionId} of secret ${id}`)
    }
    return [environmentVariable, value]
  })
}
