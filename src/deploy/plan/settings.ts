/** The settings of a version as a plan compares them: one entry for each, and a row for each that either side has; pure. */

import type { VersionSpec } from '../../yandex/functions/version-request.ts'
import { compare, compareMaps, type Row, type Visibility } from './row.ts'
import { bucketMount, disk, enabled, given, size, specified } from './setting-values.ts'

/** Reads the value of a setting, equal for equal settings, in words for people; undefined when it is not set. */
type One = (spec: VersionSpec, folder: { readonly folderId: string }) => string | undefined
/** The same for a setting with many items, by the name of each; `live` is what a step is compared with. */
type Many = (
  spec: VersionSpec,
  live?: VersionSpec,
) => readonly (readonly [name: string, value: string])[]

/** `absent` is the API's default, in the words of `one`; undefined where nothing is set by default. */
export type Setting = { readonly visibility: Visibility } & (
  { readonly one: One; readonly absent?: string } | { readonly many: Many }
)

/**
 * All that is compared of a version. Defaults: https://github.com/yandex-cloud/cloudapi (function.proto, proto3), of
 * the metadata options https://yandex.cloud/en/docs/functions/operations/function/metadata-options. The service fills
 * them in, so a version shows what nobody asked for.
 */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  runtime: { visibility: 'anyone', one: (spec) => spec.runtime },
  entrypoint: { visibility: 'anyone', one: (spec) => spec.entrypoint },
  memory: { visibility: 'anyone', one: (spec) => size(spec.resources.memory) },
  'execution-timeout': {
    visibility: 'anyone',
    one: (spec) => `${Number(spec.executionTimeout.slice(0, -1))} s`,
  },
  environment: { visibility: 'nobody', many: (spec) => Object.entries(spec.environment ?? {}) },
  secrets: {
    visibility: 'run',
    many: ({ secrets = [] }) =>
      secrets.map((secret) => [
        secret.environmentVariable,
        `${secret.id}/${secret.versionId}/${secret.key}`,
      ]),
  },
  'service-account': { visibility: 'run', one: (spec) => given(spec.serviceAccountId) },
  'named-service-accounts': {
    visibility: 'run',
    many: (spec) => Object.entries(spec.namedServiceAccounts ?? {}),
  },
  network: {
    visibility: 'run',
    // Subnets are deprecated: beside a network they say nothing, and the service may fill them in.
    one: ({ connectivity: { networkId, subnetId = [] } = {} }) =>
      given(networkId) ?? given(subnetId.toSorted().join(', ')),
  },
  concurrency: {
    visibility: 'anyone',
    absent: '1',
    one: ({ concurrency }) => (concurrency === '0' ? undefined : concurrency),
  },
  'tmpfs-size': {
    visibility: 'anyone',
    absent: '0 B',
    one: ({ tmpfsSize }) => tmpfsSize && size(tmpfsSize),
  },
  mounts: {
    visibility: 'run',
    many: ({ mounts = [] }) =>
      mounts.flatMap(({ name, mode, objectStorage }) =>
        objectStorage ? [[name, bucketMount(objectStorage, mode)] as const] : [],
      ),
  },
  'ephemeral-disk': {
    visibility: 'anyone',
    many: ({ mounts = [] }, live) =>
      mounts.flatMap(({ name, mode, ephemeralDiskSpec }) => {
        const now = live?.mounts?.find((mount) => mount.name === name)?.ephemeralDiskSpec
        return ephemeralDiskSpec
          ? [[name, disk(ephemeralDiskSpec, { mode, live: now })] as const]
          : []
      }),
  },
  'logs-disabled': {
    visibility: 'anyone',
    absent: 'false',
    one: ({ logOptions }) => (logOptions?.disabled === true ? 'true' : undefined),
  },
  'logs-group-id': { visibility: 'run', one: ({ logOptions }) => given(logOptions?.logGroupId) },
  'logs-folder-id': {
    visibility: 'run',
    // Left out, the log goes to the default group of the function's folder, and the version shows that folder.
    one: ({ logOptions }, { folderId }) =>
      logOptions?.folderId === folderId ? undefined : given(logOptions?.folderId),
  },
  'log-level': { visibility: 'anyone', one: ({ logOptions }) => specified(logOptions?.minLevel) },
  async: {
    visibility: 'anyone',
    absent: 'false',
    one: ({ asyncInvocationConfig }) => asyncInvocationConfig && 'true',
  },
  'async-retries-count': {
    visibility: 'anyone',
    one: ({ asyncInvocationConfig: config }) => config && (config.retriesCount ?? '0'),
  },
  'async-sa': {
    visibility: 'run',
    one: ({ asyncInvocationConfig }) => given(asyncInvocationConfig?.serviceAccountId),
  },
  ...queue('success'),
  ...queue('failure'),
  'metadata-gce': {
    visibility: 'anyone',
    absent: 'true',
    one: ({ metadataOptions }) => enabled(metadataOptions?.gceHttpEndpoint),
  },
  'metadata-aws-v1': {
    visibility: 'anyone',
    absent: 'true',
    one: ({ metadataOptions }) => enabled(metadataOptions?.awsV1HttpEndpoint),
  },
}

/** Where the outcomes of asynchronous calls go. */
function queue(outcome: 'success' | 'failure'): Record<string, Setting> {
  const read =
    (field: 'queueArn' | 'serviceAccountId'): One =>
    ({ asyncInvocationConfig: config }) =>
      given(config?.[`${outcome}Target`].ymqTarget?.[field])
  return {
    [`async-${outcome}-ymq-arn`]: { visibility: 'run', one: read('queueArn') },
    [`async-${outcome}-sa`]: { visibility: 'run', one: read('serviceAccountId') },
  }
}

/** What is compared, and what is known beside it. */
export interface SettingSides {
  /** Undefined where nothing is live: everything that is asked for is added then. */
  readonly live: VersionSpec | undefined
  readonly after: VersionSpec
  /** Of the function. */
  readonly folderId: string
  /** Whether the account is known to be shown environment variables; without any, `live` alone cannot tell. */
  readonly seesEnvironment: boolean
}

/** A row for every setting that either side has, in the order of {@link SETTINGS}. */
export function diffSettings(sides: SettingSides): readonly Row[] {
  const { live, after, folderId } = sides
  return Object.entries(SETTINGS).flatMap(([name, setting]) => {
    const row = { area: 'settings', name, visibility: setting.visibility } as const
    if (name === 'environment' && isHidden(sides)) {
      return [{ ...row, verdict: 'unknown', live: undefined, after: undefined }]
    }
    if ('many' in setting) {
      const before = live ? setting.many(live) : []
      return compareMaps({ ...row, live: before, after: setting.many(after, live) })
    }
    const now = live && setting.one(live, { folderId })
    const next = setting.one(after, { folderId })
    if (now === undefined && next === undefined) return []
    const absent = live && setting.absent
    return [compare({ ...row, live: now ?? absent, after: next ?? absent })]
  })
}

/** Variables that are not shown look like no variables. */
function isHidden({ live, after, seesEnvironment }: SettingSides): boolean {
  const isUnseen = live !== undefined && live.environment === undefined && !seesEnvironment
  return isUnseen && Object.keys(after.environment ?? {}).length > 0
}
