/** What a version is made of, in the shape in which the API takes it and shows it. */

/**
 * Everything of a version that its author chooses but code, description and tags. Proto3 JSON: int64 as strings,
 * durations as `5s`, absent fields left out.
 */
export interface VersionSpec {
  readonly runtime: string
  readonly entrypoint: string
  readonly resources: { readonly memory: string }
  readonly executionTimeout: string
  readonly serviceAccountId?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly connectivity?: Connectivity
  readonly namedServiceAccounts?: Readonly<Record<string, string>>
  readonly secrets?: readonly SecretBinding[]
  readonly logOptions?: LogOptions
  readonly asyncInvocationConfig?: AsyncInvocationConfig
  readonly tmpfsSize?: string
  readonly concurrency?: string
  readonly mounts?: readonly Mount[]
  readonly metadataOptions?: MetadataOptions
}

/** What a version runs: exactly one of the three ways of the API. */
export type VersionCode =
  | {
      /** Base64 of the zip. */
      readonly content: string
    }
  | { readonly package: PackageReference }
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

export interface PackageReference {
  readonly bucketName: string
  readonly objectName: string
  /** Hex. */
  readonly sha256: string
}

export interface Connectivity {
  readonly networkId?: string
  /** Deprecated since 2026: the network alone is enough. Some versions have it, and a copy keeps it. */
  readonly subnetId?: readonly string[]
}

export interface SecretBinding {
  readonly id: string
  readonly versionId: string
  readonly key: string
  readonly environmentVariable: string
}

export interface LogOptions {
  readonly disabled?: boolean
  readonly logGroupId?: string
  readonly folderId?: string
  readonly minLevel?: string
}

export interface AsyncTarget {
  readonly emptyTarget?: Readonly<Record<string, never>>
  readonly ymqTarget?: { readonly queueArn: string; readonly serviceAccountId: string }
}

export interface AsyncInvocationConfig {
  readonly retriesCount?: string
  readonly successTarget: AsyncTarget
  readonly failureTarget: AsyncTarget
  readonly serviceAccountId?: string
}

export interface Mount {
  readonly name: string
  /** `READ_ONLY` or `READ_WRITE`. */
  readonly mode?: string
  readonly objectStorage?: { readonly bucketId: string; readonly prefix?: string }
  readonly ephemeralDiskSpec?: { readonly size: string; readonly blockSize?: string }
}

/** Each `ENABLED` or `DISABLED`. */
export interface MetadataOptions {
  readonly gceHttpEndpoint?: string
  readonly awsV1HttpEndpoint?: string
}
