/** What a cloud holds from the start, and what can be put into it. */

import { newId, timestamp, type Cloud, type Settings } from './state.ts'

/** An empty cloud with one folder. */
export function newCloud(settings: Settings, closing: AbortSignal): Cloud {
  return {
    settings,
    closing,
    cloudId: newId('b1g'),
    folderId: newId('b1g'),
    addresses: { api: '', storage: '', invocation: '' },
    tokens: new Map(),
    issuedTokens: [],
    serviceAccounts: new Map(),
    functions: new Map(),
    versions: new Map(),
    operations: new Map(),
    idempotencyKeys: new Map(),
    networks: new Map(),
    secrets: new Map(),
    buckets: new Map(),
    buildLogs: new Map(),
    plannedFailures: [],
  }
}

/** Adds a service account. */
export function addServiceAccount(
  cloud: Cloud,
  { name, id = newId('aje') }: { readonly name: string; readonly id?: string },
): { readonly id: string } {
  const common = { id, folderId: cloud.folderId, createdAt: timestamp(cloud), name }
  cloud.serviceAccounts.set(id, { ...common, status: 'ACTIVE' })
  return { id }
}

/** Adds a network. */
export function addNetwork(
  cloud: Cloud,
  { name }: { readonly name: string },
): { readonly id: string } {
  const id = newId('enp')
  cloud.networks.set(id, { id, folderId: cloud.folderId, createdAt: timestamp(cloud), name })
  return { id }
}

/** A secret to add: its versions' values from oldest to newest. */
export interface NewSecret {
  readonly name: string
  readonly versions: readonly Readonly<Record<string, string>>[]
  /** Index of the current version; the newest when left out. */
  readonly current?: number
}

/** Adds a secret. */
export function addSecret(
  cloud: Cloud,
  { name, versions: payloads, current = payloads.length - 1 }: NewSecret,
): { readonly id: string; readonly versionIds: readonly string[] } {
  const id = newId('e6q')
  const createdAt = timestamp(cloud)
  const versions = payloads.map((payload) => ({ id: newId('e6q'), createdAt, payload }))
  const versionIds = versions.map((version) => version.id)
  const currentVersionId = versionIds[current]
  cloud.secrets.set(id, {
    id,
    folderId: cloud.folderId,
    createdAt,
    name,
    versions,
    currentVersionId,
  })
  return { id, versionIds }
}
