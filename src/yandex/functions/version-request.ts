/** What a version is made of, in the shape in which the API takes it and shows it. */

import { duration, flag, int64, list, message, text, texts } from '../fields.ts'

const secret = message({ id: text, versionId: text, key: text, environmentVariable: text })
export type SecretBinding = ReturnType<typeof secret>

const logOptions = message({}, { disabled: flag, logGroupId: text, folderId: text, minLevel: text })
export type LogOptions = ReturnType<typeof logOptions>

const asyncTarget = message(
  {},
  {
    emptyTarget: message({}),
    ymqTarget: message({ queueArn: text, serviceAccountId: text }),
  },
)
export type AsyncTarget = ReturnType<typeof asyncTarget>

const asyncInvocationConfig = message(
  { successTarget: asyncTarget, failureTarget: asyncTarget },
  { retriesCount: int64, serviceAccountId: text },
)
export type AsyncInvocationConfig = ReturnType<typeof asyncInvocationConfig>

const mount = message(
  { name: text },
  {
    /** `READ_ONLY` or `READ_WRITE`. */
    mode: text,
    objectStorage: message({ bucketId: text }, { prefix: text }),
    ephemeralDiskSpec: message({ size: int64 }, { blockSize: int64 }),
  },
)
export type Mount = ReturnType<typeof mount>

/** Each `ENABLED` or `DISABLED`. */
const metadataOptions = message({}, { gceHttpEndpoint: text, awsV1HttpEndpoint: text })
export type MetadataOptions = ReturnType<typeof metadataOptions>

/** Reads a {@link VersionSpec}; unknown fields are passed over. */
export const readSpec = message(
  {
    runtime: text,
    entrypoint: text,
    resources: message({ memory: int64 }),
    executionTimeout: duration,
  },
  {
    serviceAccountId: text,
    environment: texts,
    /** The subnets are deprecated since 2026: the network alone is enough. A copy keeps those that a version has. */
    connectivity: message({}, { networkId: text, subnetId: list(text) }),
    namedServiceAccounts: texts,
    secrets: list(secret),
    logOptions,
    asyncInvocationConfig,
    tmpfsSize: int64,
    concurrency: int64,
    mounts: list(mount),
    metadataOptions,
  },
)

/**
 * Everything of a version that its author chooses but code, description and tags. Proto3 JSON: int64 as strings,
 * durations as `5s`, absent fields left out.
 */
export type VersionSpec = ReturnType<typeof readSpec>

/** What a version runs: exactly one of the three ways of the API. */
export type VersionCode =
  | {
      /** Base64 of the zip. */
      readonly content: string
    }
  | {
      readonly package: {
        readonly bucketName: string
        readonly objectName: string
        /** Hex. */
        readonly sha256: string
      }
    }
  | {
      /** The version whose code is taken. */
      readonly versionId: string
    }

/** Body of `POST /functions/v1/versions`. */
export type CreateVersionRequest = VersionSpec &
  VersionCode & {
    readonly functionId: string
    readonly description: string
    readonly tag?: readonly string[]
  }
