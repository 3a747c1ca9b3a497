/** What a cloud holds from the start, and what can be put into it. */

import { timestamp } from './clock.ts'
import { newId } from './id.ts'
import { ROLES } from './identity/roles.ts'
import type { Cloud, Settings } from './state.ts'

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
    tagHistory: [],
    accessBindings: new Map(),
    scalingPolicies: new Map(),
    operations: new Map(),
    idempotencyKeys: new Map(),
    networks: new Map(),
    secrets: new Map(),
    buckets: new Map(),
    buildLogs: new Map(),
    plannedFailures: [],
    propagationMs: 0,
  }
}

/** A service account to add; without roles it may do nothing. */
export interface NewServiceAccount {
  readonly name: string
  readonly id?: string
  /** On the folder, such as `functions.viewer`. */
  readonly roles?: readonly string[]
}

/** Adds a service account. */
export function addServiceAccount(
  cloud: Cloud,
  { name, id = newId('aje'), roles = [] }: NewServiceAccount,
): { readonly id: string } {
  const common = { id, folderId: cloud.folderId, createdAt: timestamp(cloud), name }
  cloud.serviceAccounts.set(id, { ...common, status: 'ACTIVE' })
  setRoles(cloud, { serviceAccountId: id, roles })
  return { id }
}

/** The roles of a service account on the folder. */
export interface FolderRoles {
  readonly serviceAccountId: string
  readonly roles: readonly string[]
}

/** Gives a service account these roles on the folder and no others. Throws TypeError for a role that is not emulated. */
export function setRoles(cloud: Cloud, { serviceAccountId, roles }: FolderRoles): void {
  const unknown = roles.find((role) => !Object.hasOwn(ROLES, role))
  if (unknown !== undefined) throw new TypeError(`role ${unknown} is not emulated`)
  const all = cloud.accessBindings.get(cloud.folderId) ?? []
  const subject = { id: serviceAccountId, type: 'serviceAccount' }
  cloud.accessBindings.set(cloud.folderId, [
    ...all.filter((binding) => binding.subject.id !== serviceAccountId),
    ...roles.map((roleId) => ({ roleId, subject })),
  ])
}

/** Lets anybody call every function of the folder, as a binding of the folder that each inherits. */
export function makeFolderPublic(cloud: Cloud): void {
  const all = cloud.accessBindings.get(cloud.folderId) ?? []
  const subject = { id: 'allUsers', type: 'system' }
  cloud.accessBindings.set(cloud.folderId, [
    ...all,
    { roleId: 'functions.functionInvoker', subject },
  ])
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
