/** What a running emulator offers to tests, the demo and the benchmarks. */

import type { FaultSpec } from './http/faults.ts'
import type { RecordedRequest } from './http/request.ts'
import type { Status } from './http/status.ts'
import type { NewSecret } from './seed.ts'
import type { Quotas } from './state.ts'

/** How to start it. */
export interface EmulatorOptions {
  /** Port of the API listener; default: any that is free. */
  readonly port?: number
  /** How long a build takes, in milliseconds; default 300. With 0 an operation is done in the first answer. */
  readonly buildMs?: number
  /** Added to every call of the API and of Object Storage, in milliseconds; default 0. */
  readonly latencyMs?: number
  /** `false`: packages are neither unpacked nor checked; default `true`. */
  readonly checkPackages?: boolean
  /** Lifetime of IAM tokens; default 43200. */
  readonly tokenLifetimeSeconds?: number
  /** Defaults to the documented ones. */
  readonly quotas?: Partial<Quotas>
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly clock?: () => number
}

/** A function as the API shows it, every field present. */
export interface FunctionRecord {
  readonly id: string
  readonly folderId: string
  readonly name: string
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly status: string
  readonly httpInvokeUrl: string
  readonly createdAt: string
}

/** A version as the API shows it (defaults left out, but for tags), and its package. */
export interface VersionRecord {
  readonly id: string
  readonly functionId: string
  readonly status: string
  readonly tags: readonly string[]
  readonly zip: Buffer
  readonly [field: string]: unknown
}

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:PORT`: what a user puts into `api-endpoint`. */
  readonly endpoint: string
  readonly tokenExchangeUrl: string
  /** For YC_METADATA_ADDR. */
  readonly metadataAddress: string
  /** `http://127.0.0.1:PORT` of Object Storage, where build logs are at `/build-logs/<name>`. */
  readonly storageEndpoint: string
  /** Stands in for ACTIONS_ID_TOKEN_REQUEST_URL and ..._TOKEN. */
  readonly githubOidc: {
    readonly url: string
    readonly requestToken: string
    readonly subject: string
    readonly issuer: string
  }
  readonly folderId: string
  /** The deployer: owns the key, and the federated credential of `githubOidc.subject`. */
  readonly serviceAccountId: string
  /** Authorized key file of the deployer. */
  readonly keyJson: string
  readonly requests: readonly RecordedRequest[]
  /** Every token given out, for leak searches. */
  readonly issuedTokens: readonly string[]
  /** Texts of build logs by name. */
  readonly buildLogs: Map<string, string>
  readonly fault: (spec: FaultSpec) => void
  readonly clearFaults: () => void
  /** The next build fails with this; several calls queue up. */
  readonly failNextBuild: (status: Status) => void
  /** An IAM token of the deployer, made elsewhere. */
  readonly mintToken: () => string
  /** Makes every IAM token given out so far invalid. */
  readonly expireTokens: () => void
  readonly addServiceAccount: (account: { readonly name: string; readonly id?: string }) => {
    readonly id: string
  }
  readonly addNetwork: (network: { readonly name: string }) => { readonly id: string }
  readonly addSecret: (secret: NewSecret) => {
    readonly id: string
    readonly versionIds: readonly string[]
  }
  readonly addBucket: (bucket: { readonly name: string }) => void
  /** One more audience that the federation takes; it starts with GitHub's default one. */
  readonly addAudience: (audience: string) => void
  readonly functions: () => readonly FunctionRecord[]
  /** Oldest first. */
  readonly versions: (functionId: string) => readonly VersionRecord[]
  /** Throws TypeError for a bucket that was not added. */
  readonly objects: (bucket: string) => ReadonlyMap<string, Buffer>
  readonly close: () => Promise<void>
}
