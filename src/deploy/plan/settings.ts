/** The settings of a version as a plan compares them: one entry for each, with its inputs and the API's default. */

import type { InputName } from '../../inputs/names.ts'
import type { VersionSpec } from '../../yandex/functions/version-request.ts'
import type { Visibility } from './row.ts'
import { bucketMount, disk, enabled, given, size, specified } from './setting-values.ts'

/** Reads the value of a setting, equal for equal settings, in words for people; undefined when it is not set. */
type One = (spec: VersionSpec, folder: { readonly folderId: string }) => string | undefined
/** The same for a setting with many items, by the name of each; `live` is what a step is compared with. */
type Many = (
  spec: VersionSpec,
  live?: VersionSpec,
) => readonly (readonly [name: string, value: string])[]

interface Common {
  /** Every input whose change can be seen in it. */
  readonly inputs: readonly InputName[]
  readonly visibility: Visibility
}

/** `absent` is the API's default, in the words of `one`; undefined where nothing is set by default. */
export type Setting = Common &
  ({ readonly one: One; readonly absent?: string } | { readonly many: Many })

const ASYNC = ['async'] as const
const ACCOUNT = ['service-account', 'service-account-name'] as const

/**
 * All that is compared of a version. Defaults: https://github.com/yandex-cloud/cloudapi (function.proto, proto3), of
 * the metadata options https://yandex.cloud/en/docs/functions/operations/function/metadata-options. The service fills
 * them in, so a version shows what nobody asked for.
 */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  runtime: { inputs: ['runtime'], visibility: 'anyone', one: (spec) => spec.runtime },
  entrypoint: {
    inputs: ['entrypoint'],
    visibility: 'anyone',
    one: (spec) => spec.entrypoint,
  },
  memory: {
    inputs: ['memory'],
    visibility: 'anyone',
    one: (spec) => size(spec.resources.memory),
  },
  'execution-timeout': {
    inputs: ['execution-timeout'],
    visibility: 'anyone',
    one: (spec) => `${Number(spec.executionTimeout.slice(0, -1))} s`,
  },
  environment: {
    inputs: ['environment'],
    visibility: 'nobody',
    many: (spec) => Object.entries(spec.environment ?? {}),
  },
  secrets: {
    inputs: ['secrets'],
    visibility: 'run',
    many: ({ secrets = [] }) =>
      secrets.map((secret) => [
        secret.environmentVariable,
        `${secret.id}/${secret.versionId}/${secret.key}`,
      ]),
  },
  'service-account': {
    inputs: ACCOUNT,
    visibility: 'run',
    one: (spec) => given(spec.serviceAccountId),
  },
  'named-service-accounts': {
    inputs: ['named-service-accounts'],
    visibility: 'run',
    many: (spec) => Object.entries(spec.namedServiceAccounts ?? {}),
  },
  network: {
    inputs: ['network-id', 'network-name'],
    visibility: 'run',
    // Subnets are deprecated: beside a network they say nothing, and the service may fill them in.
    one: ({ connectivity: { networkId, subnetId = [] } = {} }) =>
      given(networkId) ?? given(subnetId.toSorted().join(', ')),
  },
  concurrency: {
    inputs: ['concurrency'],
    visibility: 'anyone',
    absent: '1',
    one: ({ concurrency }) => (concurrency === '0' ? undefined : concurrency),
  },
  'tmpfs-size': {
    inputs: ['tmpfs-size'],
    visibility: 'anyone',
    absent: '0 B',
    one: ({ tmpfsSize }) => tmpfsSize && size(tmpfsSize),
  },
  mounts: {
    inputs: ['mounts'],
    visibility: 'run',
    many: ({ mounts = [] }) =>
      mounts.flatMap(({ name, mode, objectStorage }) =>
        objectStorage ? [[name, bucketMount(objectStorage, mode)] as const] : [],
      ),
  },
  'ephemeral-disk': {
    inputs: ['ephemeral-disk'],
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
    inputs: ['logs-disabled'],
    visibility: 'anyone',
    absent: 'false',
    one: ({ logOptions }) => (logOptions?.disabled === true ? 'true' : undefined),
  },
  'logs-group-id': {
    inputs: ['logs-group-id'],
    visibility: 'run',
    one: ({ logOptions }) => given(logOptions?.logGroupId),
  },
  'logs-folder-id': {
    inputs: ['logs-folder-id'],
    visibility: 'run',
    // Left out, the log goes to the default group of the function's folder, and the version shows that folder.
    one: ({ logOptions }, { folderId }) =>
      logOptions?.folderId === folderId ? undefined : given(logOptions?.folderId),
  },
  'log-level': {
    inputs: ['log-level'],
    visibility: 'anyone',
    one: ({ logOptions }) => specified(logOptions?.minLevel),
  },
  async: {
    inputs: ASYNC,
    visibility: 'anyone',
    absent: 'false',
    one: ({ asyncInvocationConfig }) => asyncInvocationConfig && 'true',
  },
  'async-retries-count': {
    inputs: [...ASYNC, 'async-retries-count'],
    visibility: 'anyone',
    one: ({ asyncInvocationConfig: config }) => config && (config.retriesCount ?? '0'),
  },
  'async-sa': {
    // The account that calls is the function's own when none is named.
    inputs: [...ASYNC, 'async-sa-id', 'async-sa-name', ...ACCOUNT],
    visibility: 'run',
    one: ({ asyncInvocationConfig }) => given(asyncInvocationConfig?.serviceAccountId),
  },
  ...queue('success'),
  ...queue('failure'),
  'metadata-gce': {
    inputs: ['metadata-gce'],
    visibility: 'anyone',
    absent: 'true',
    one: ({ metadataOptions }) => enabled(metadataOptions?.gceHttpEndpoint),
  },
  'metadata-aws-v1': {
    inputs: ['metadata-aws-v1'],
    visibility: 'anyone',
    absent: 'true',
    one: ({ metadataOptions }) => enabled(metadataOptions?.awsV1HttpEndpoint),
  },
}

/** Where the outcomes of asynchronous calls go. */
function queue(outcome: 'success' | 'failure'): Record<string, Setting> {
  const prefix = `async-${outcome}` as const
  const read =
    (field: 'queueArn' | 'serviceAccountId'): One =>
    ({ asyncInvocationConfig: config }) =>
      given(config?.[`${outcome}Target`].ymqTarget?.[field])
  return {
    [`${prefix}-ymq-arn`]: {
      inputs: [...ASYNC, `${prefix}-ymq-arn`],
      visibility: 'run',
      one: read('queueArn'),
    },
    [`${prefix}-sa`]: {
      inputs: [...ASYNC, `${prefix}-sa-id`, `${prefix}-sa-name`],
      visibility: 'run',
      one: read('serviceAccountId'),
    },
  }
}
