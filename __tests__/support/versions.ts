/** Versions as the service shows them: what was asked for, with its defaults filled in and its own order. */

import { versionSpec } from '../../src/deploy/request.ts'
import type { VersionSpec } from '../../src/yandex/functions/version-request.ts'
import { readVersion, type Version } from '../../src/yandex/functions/versions.ts'
import { inputsOf } from './inputs.ts'

export const FOLDER_ID = 'b1g00000000000000001'

/** What a step with these inputs asks for; names become ids that tell them apart. */
export function specOf(given: Readonly<Record<string, string>> = {}): VersionSpec {
  const { settings } = inputsOf(given)
  return versionSpec({
    settings,
    names: {
      idOf: (reference) => (reference.kind === 'id' ? reference.id : `id-of-${reference.name}`),
      secrets: settings.environment.secrets.map(
        ({ secret, version, key, environmentVariable }) => ({
          id: secret,
          versionId: version,
          key,
          environmentVariable,
        }),
      ),
    },
  })
}

/** Which defaults the service fills in: none, or all of them, with lists in another order. */
export type Manner = 'sparse' | 'filled'

/** The version that was made of a request, as the service shows it. */
export function shown(
  spec: VersionSpec,
  { manner = 'filled', ...own }: { manner?: Manner } & Partial<Omit<Version, 'spec'>> = {},
): Version {
  const rest = { id: 'd4e1', functionId: 'd4f1', status: 'ACTIVE', tags: ['$latest'], ...own }
  return readVersion(
    JSON.parse(JSON.stringify({ ...(manner === 'filled' ? filled(spec) : spec), ...rest })),
  )
}

function filled(spec: VersionSpec): object {
  const { logOptions, metadataOptions, mounts = [] } = spec
  const hasDestination = (logOptions?.logGroupId ?? logOptions?.folderId) !== undefined
  return {
    ...spec,
    concurrency: spec.concurrency ?? '1',
    tmpfsSize: spec.tmpfsSize ?? '0',
    serviceAccountId: spec.serviceAccountId ?? '',
    executionTimeout: `${spec.executionTimeout.slice(0, -1)}.000s`,
    secrets: spec.secrets?.toReversed() ?? [],
    namedServiceAccounts: reversed(spec.namedServiceAccounts),
    ...(spec.environment && { environment: reversed(spec.environment) }),
    connectivity: { networkId: '', ...spec.connectivity, subnetId: [] },
    logOptions: {
      disabled: false,
      minLevel: 'LEVEL_UNSPECIFIED',
      ...(!hasDestination && { folderId: FOLDER_ID }),
      ...logOptions,
    },
    metadataOptions: {
      gceHttpEndpoint: 'ENABLED',
      awsV1HttpEndpoint: 'METADATA_OPTION_UNSPECIFIED',
      ...metadataOptions,
    },
    mounts: mounts.toReversed(),
    storageMounts: mounts.flatMap(({ name, mode, objectStorage }) =>
      objectStorage
        ? [{ ...objectStorage, mountPointName: name, readOnly: mode === 'READ_ONLY' }]
        : [],
    ),
  }
}

function reversed(map: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(map).reverse())
}
