/** The body of the request that creates a version. */

/** Body of `POST /functions/v1/versions`: proto3 JSON, int64 as strings, durations as `5s`, absent fields left out. */
export interface CreateVersionRequest {
  readonly functionId: string
  readonly runtime: string
  readonly entrypoint: string
  readonly description: string
  readonly resources: { readonly memory: string }
  readonly executionTimeout: string
  readonly serviceAccountId?: string
  readonly package?: PackageReference
  /** Base64 of the zip. */
  readonly content?: string
  readonly versionId?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly tag?: readonly string[]
  readonly connectivity?: { readonly networkId: string }
  readonly namedServiceAccounts?: Readonly<Record<string, string>>
  readonly secrets?: readonly SecretBinding[]
  readonly logOptions?: LogOptions
  readonly asyncInvocationConfig?: AsyncInvocationConfig
  readonly tmpfsSize?: string
  readonly concurrency?: string
  readonly mounts?: readonly Mount[]
  readonly metadataOptions?: MetadataOptions
}

export interface PackageReference {
  readonly bucketName: string
  readonly objectName: string
  /** Hex. */
  readonly sha256: string
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

export type AsyncTarget =
  | { readonly emptyTarget: Readonly<Record<string, never>> }
  | { readonly ymqTarget: { readonly queueArn: string; readonly serviceAccountId: string } }

export interface AsyncInvocationConfig {
  readonly retriesCount: string
  readonly successTarget: AsyncTarget
  readonly failureTarget: AsyncTarget
  readonly serviceAccountId?: string
}

export interface Mount {
  readonly name: string
  readonly mode: 'READ_ONLY' | 'READ_WRITE'
  readonly objectStorage?: { readonly bucketId: string; readonly prefix?: string }
  readonly ephemeralDiskSpec?: { readonly size: string; readonly blockSize?: string }
}

export interface MetadataOptions {
  readonly gceHttpEndpoint?: 'ENABLED' | 'DISABLED'
  readonly awsV1HttpEndpoint?: 'ENABLED' | 'DISABLED'
}
