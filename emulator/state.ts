/** The records of the emulated cloud: what there is, as every service sees it. */

import { randomInt } from 'node:crypto'
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

/** A version with its package. */
export interface StoredVersion {
  readonly id: string
  readonly functionId: string
  readonly createdAt: string
  readonly runtime: string
  readonly entrypoint: string
  readonly settings: VersionRequest
  readonly zip: Buffer
  status: 'CREATING' | 'ACTIVE' | 'DELETING'
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
  readonly durationMs: number
  /** Runs beside the waiting; rejects when the operation is to fail. */
  readonly prepare?: () => Promise<void>
  /** The effect, at the end; gives the packed response. */
  readonly apply: () => object
  /** Takes back what was there from the start, after a failure or a cancellation. */
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
  readonly quotas: Quotas
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

/** An object and the MD5 of its bytes, in hex. */
export interface StoredObject {
  readonly bytes: Buffer
  readonly md5: string
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
  readonly operations: Map<string, RunningOperation>
  /** Idempotency key to operation id. */
  readonly idempotencyKeys: Map<string, string>
  readonly networks: Map<string, Network>
  readonly secrets: Map<string, Secret>
  readonly buckets: Map<string, Map<string, StoredObject>>
  readonly buildLogs: Map<string, string>
  /** What the next builds fail with, oldest first. */
  readonly plannedFailures: Status[]
}

const ID_ALPHABET = '0123456789abcdefghijklmnopqrstuv'

/** A new resource id: 20 characters, the first three telling the service. */
export function newId(prefix: string): string {
  const tail = Array.from({ length: 17 }, () => ID_ALPHABET[randomInt(ID_ALPHABET.length)])
  return prefix + tail.join('')
}

/** The current time as the cloud writes it: RFC 3339 with nanoseconds. */
export function timestamp(cloud: Cloud): string {
  return new Date(cloud.settings.clock()).toISOString().replace('Z', '000001Z')
}
