/** The records of the emulated cloud: what there is, as every service sees it. */

import type { Status } from './http/status.ts'
import type { Read } from './messages/schema.ts'
import { CREATE_VERSION } from './messages/version.ts'

/** How much of each there may be. */
export interface Quotas {
  /** Running at once on one function and its versions. */
  readonly operationsPerFunction: number
  readonly operationsPerFolder: number
  readonly operationsPerCloud: number
  readonly tagsPerFunction: number
  readonly functionsPerCloud: number
  readonly provisionedInstancesPerCloud: number
}

/** A service account as the API shows it. */
export interface ServiceAccount {
  readonly id: string
  readonly folderId: string
  readonly createdAt: string
  readonly name: string
  readonly status: 'ACTIVE'
}

/** A network as the API shows it. */
export interface Network {
  readonly id: string
  readonly folderId: string
  readonly createdAt: string
  readonly name: string
}

/** A version of a secret with its values. */
export interface SecretVersion {
  readonly id: string
  readonly createdAt: string
  readonly payload: Readonly<Record<string, string>>
}

/** A secret; its current version need not be the newest. */
export interface Secret {
  readonly id: string
  readonly folderId: string
  readonly createdAt: string
  readonly name: string
  readonly versions: readonly SecretVersion[]
  readonly currentVersionId: string | undefined
}

/** A function, with the fields that never change while it lives apart from those that do. */
export interface StoredFunction {
  readonly id: string
  readonly folderId: string
  readonly createdAt: string
  readonly httpInvokeUrl: string
  name: string
  description: string
  labels: Readonly<Record<string, string>>
  status: 'CREATING' | 'ACTIVE' | 'DELETING'
}

/** The body of createVersion, every field with its proto default. */
export type VersionRequest = Read<typeof CREATE_VERSION>

/** Who has which role on a function or a folder. */
export interface AccessBinding {
  readonly roleId: string
  readonly subject: { readonly id: string; readonly type: string }
}

/** How far the version of a tag scales. */
export interface ScalingPolicy {
  readonly functionId: string
  readonly tag: string
  readonly createdAt: string
  readonly modifiedAt: string
  readonly provisionedInstancesCount: string
  readonly zoneInstancesLimit: string
  readonly zoneRequestsLimit: string
}

/** When a version held a tag. */
export interface TagRecord {
  readonly id: string
  readonly functionId: string
  readonly functionVersionId: string
  readonly tag: string
  readonly effectiveFrom: string
  /** Left out while the version holds it. */
  effectiveTo?: string
}

/** A version with its package. */
export interface StoredVersion {
  readonly id: string
  readonly functionId: string
  readonly createdAt: string
  readonly runtime: string
  readonly entrypoint: string
  /** As asked for, with the server's defaults, without the package. */
  readonly settings: VersionRequest
  readonly zip: Buffer
  /** Size of the unpacked package. */
  imageBytes: number
  status: 'CREATING' | 'ACTIVE' | 'OBSOLETE' | 'DELETING'
  /** `$latest` among them. */
  tags: readonly string[]
  /** Tags that it takes when it becomes active. */
  pendingTags: readonly string[]
}

/** What an operation does. */
export interface Work {
  readonly description: string
  readonly functionId: string
  readonly metadata: object
  /** In milliseconds; short when left out. */
  readonly durationMs?: number
  /** The effect that is there from the start. */
  readonly begin?: () => void
  /** Runs beside the waiting; rejects when the operation is to fail. */
  readonly prepare?: () => Promise<void>
  /** The effect, at the end; gives the packed response. */
  readonly apply: () => object
  /** Takes back what `begin` did, after a failure or a cancellation. */
  readonly undo?: () => void
}

/** An operation and where it stands. */
export interface RunningOperation {
  readonly id: string
  readonly createdAt: string
  readonly createdBy: string
  readonly functionId: string
  readonly work: Work
  modifiedAt: string
  isDone: boolean
  error?: Status
  response?: object
}

/** How the cloud behaves; every field is settled when it starts. */
export interface Settings {
  readonly buildMs: number
  readonly checkPackages: boolean
  readonly tokenLifetimeSeconds: number
  /** Whether versions show the values that the server takes for what was left out. */
  readonly showsDefaults: boolean
  /** What the tag history shows as the end of the record that is still true. */
  readonly openEffectiveTo: 'absent' | 'far-future'
  /** What becomes of adding an access binding that is there, or removing one that is not. */
  readonly repeatedBindings: 'refused' | 'accepted'
  readonly quotas: Quotas
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

/** An object, the MD5 of its bytes in hex, and the headers that it is shown with. */
export interface StoredObject {
  readonly bytes: Buffer
  readonly md5: string
  readonly headers: Readonly<Record<string, string>>
}

/** One cloud with one folder. Maps keep the order of creation. */
export interface Cloud {
  readonly settings: Settings
  readonly cloudId: string
  readonly folderId: string
  /** Aborts when the emulator closes. */
  readonly closing: AbortSignal
  /** `127.0.0.1:PORT` of each listener. */
  readonly addresses: { api: string; storage: string; invocation: string }
  readonly tokens: Map<string, { readonly subject: string; expiresAtMs: number }>
  /** Every token given out, of whatever kind. */
  readonly issuedTokens: string[]
  readonly serviceAccounts: Map<string, ServiceAccount>
  readonly functions: Map<string, StoredFunction>
  readonly versions: Map<string, StoredVersion>
  /** Oldest first. */
  readonly tagHistory: TagRecord[]
  /** By function; the folder's own are under its id. */
  readonly accessBindings: Map<string, AccessBinding[]>
  /** By function. */
  readonly scalingPolicies: Map<string, ScalingPolicy[]>
  readonly operations: Map<string, RunningOperation>
  /** Idempotency key to operation id. */
  readonly idempotencyKeys: Map<string, string>
  readonly networks: Map<string, Network>
  readonly secrets: Map<string, Secret>
  readonly buckets: Map<string, Map<string, StoredObject>>
  readonly buildLogs: Map<string, string>
  /** What the next builds fail with, oldest first. */
  readonly plannedFailures: Status[]
  /** How long calls of functions see tags and new functions as they were, in milliseconds. */
  propagationMs: number
}
