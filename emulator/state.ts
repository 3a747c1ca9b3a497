/** The state of the emulated cloud, and the few things every service does with it. */
import { randomInt } from 'node:crypto'
import type { RunningOperation } from './services/operations.ts'
import type { Quotas } from './quotas.ts'
import type { ServiceAccount } from './identity/service-accounts.ts'
import type { StoredFunction } from './functions/functions.ts'
import type { StoredVersion } from './functions/versions.ts'
import type { Network } from './services/networks.ts'
import type { Secret } from './services/secrets.ts'
import type { Status } from './http/status.ts'

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
