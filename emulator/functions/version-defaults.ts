/** What the server takes for the settings that a version's author left out, and shows from then on. */

import type { VersionRequest } from '../state.ts'

type Mounts = Pick<VersionRequest, 'mounts' | 'storageMounts'>

/**
 * The settings with the server's defaults: logs in the function's folder
 * (https://yandex.cloud/en/docs/functions/operations/function/version-manage shows it), one call at a time, both
 * metadata services (https://yandex.cloud/en/docs/functions/concepts/metadata-options), blocks of 4 KB, and mounts of
 * buckets in both of their forms.
 */
export function withServerDefaults(
  settings: VersionRequest,
  { folderId }: { readonly folderId: string },
): VersionRequest {
  const { concurrency, logOptions, metadataOptions } = settings
  const option = (value = 'METADATA_OPTION_UNSPECIFIED') =>
    value === 'METADATA_OPTION_UNSPECIFIED' ? 'ENABLED' : value
  const hasDestination =
    logOptions?.disabled === true || !!logOptions?.logGroupId || !!logOptions?.folderId
  const logs = logOptions ?? {
    disabled: false,
    logGroupId: '',
    folderId: '',
    minLevel: 'LEVEL_UNSPECIFIED',
  }
  return {
    ...settings,
    ...bothForms(settings),
    concurrency: concurrency === '0' ? '1' : concurrency,
    logOptions: { ...logs, ...(!hasDestination && { folderId }) },
    metadataOptions: {
      gceHttpEndpoint: option(metadataOptions?.gceHttpEndpoint),
      awsV1HttpEndpoint: option(metadataOptions?.awsV1HttpEndpoint),
    },
  }
}

function bothForms({ mounts, storageMounts }: Mounts): Mounts {
  if (mounts.length === 0) {
    return {
      storageMounts,
      mounts: storageMounts.map(({ bucketId, prefix, mountPointName, readOnly }) => ({
        name: mountPointName,
        mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
        objectStorage: { bucketId, prefix },
        ephemeralDiskSpec: undefined,
      })),
    }
  }
  return {
    mounts: mounts.map((mount) => {
      const disk = mount.ephemeralDiskSpec
      if (!disk) return mount
      const blockSize = disk.blockSize === '0' ? '4096' : disk.blockSize
      return { ...mount, ephemeralDiskSpec: { ...disk, blockSize } }
    }),
    storageMounts: mounts.flatMap(({ name, mode, objectStorage }) =>
      objectStorage
        ? [{ ...objectStorage, mountPointName: name, readOnly: mode !== 'READ_WRITE' }]
        : [],
    ),
  }
}
