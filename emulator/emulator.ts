/** What a running emulator offers to tests, the demo and the benchmarks. */

import type { Untagged } from './functions/retention.ts'
import type { FaultSpec } from './http/faults.ts'
import type { RecordedRequest } from './http/request.ts'
import type { Status } from './http/status.ts'
import type { FolderRoles, NewSecret, NewServiceAccount } from './seed.ts'
import type { AccessBinding, Quotas, ScalingPolicy, TagRecord } from './state.ts'

/** What GitHub's tokens say of the job. */
export interface Job {
  /** `<owner>/<repository>`; default `octo-org/hello`. */
  readonly repository?: string
  /** Default: that of the repository's branch `main`. */
  readonly subject?: string
}

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
  /** `true`: anybody may call every function, by a binding of the folder; default `false`, as in the cloud. */
  readonly publicFunctions?: boolean
  /** `false`: versions show only what was asked for; default `true`. */
  readonly showsDefaults?: boolean
  /** What the tag history shows as the end of the record that is still true; default `absent`. */
  readonly openEffectiveTo?: 'absent' | 'far-future'
  /** What becomes of adding an access binding that is there, or removing one that is not; default `refused`. */
  readonly repeatedBindings?: 'refused' | 'accepted'
  readonly job?: Job
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
  /** Also ends {@link Emulator.delayPropagation}. */
  readonly clearFaults: () => void
  /**
   * Calls of functions see tags as they were this many milliseconds ago, and answer 403 for a function that is
   * younger; 0 ends it.
   */
  readonly delayPropagation: (ms: number) => void
  /** The next build fails with this; several calls queue up. */
  readonly failNextBuild: (status: Status) => void
  /** An IAM token made elsewhere, of the deployer or of another account. */
  readonly mintToken: (serviceAccountId?: string) => string
  /** Makes every IAM token given out so far invalid. */
  readonly expireTokens: () => void
  /** An authorized key file of any service account. */
  readonly keyJsonOf: (serviceAccountId: string) => string
  /** Lets a service account be had with GitHub's token; default: the subject of `githubOidc`. */
  readonly bindSubject: (credential: {
    readonly serviceAccountId: string
    readonly subject?: string
  }) => void
  readonly addServiceAccount: (account: NewServiceAccount) => { readonly id: string }
  /** Replaces an account's roles on the folder; the deployer starts with `admin`. Throws TypeError for an unknown role. */
  readonly setRoles: (roles: FolderRoles) => void
  readonly addNetwork: (network: { readonly name: string }) => { readonly id: string }
  readonly addSecret: (secret: NewSecret) => {
    readonly id: string
    readonly versionIds: readonly string[]
  }
  readonly addBucket: (bucket: { readonly name: string }) => void
  /** Removes an object, if it is there. */
  readonly deleteObject: (object: { readonly bucket: string; readonly name: string }) => void
  /** One more audience that the federation takes; it starts with GitHub's default one. */
  readonly addAudience: (audience: string) => void
  /** Puts bindings on a function that the API would refuse to add, such as those under a former role name. */
  readonly setAccessBindings: (functionId: string, bindings: readonly AccessBinding[]) => void
  /** Makes versions without tags OBSOLETE, all or those named, and gives their ids. Throws TypeError for a tagged one. */
  readonly retireVersions: (which: Untagged) => readonly string[]
  /** Deletes OBSOLETE versions, all or those named, and gives their ids. */
  readonly purgeVersions: (which: Untagged) => readonly string[]
  readonly functions: () => readonly FunctionRecord[]
  /** Oldest first. */
  readonly versions: (functionId: string) => readonly VersionRecord[]
  /** The function's own. */
  readonly accessBindings: (functionId: string) => readonly AccessBinding[]
  readonly scalingPolicies: (functionId: string) => readonly ScalingPolicy[]
  /** Oldest first, of all tags. */
  readonly tagHistory: (functionId: string) => readonly TagRecord[]
  /** Throws TypeError for a bucket that was not added. */
  readonly objects: (bucket: string) => ReadonlyMap<string, Buffer>
  readonly close: () => Promise<void>
}
