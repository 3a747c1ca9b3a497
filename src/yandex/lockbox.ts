/** Finds Lockbox secrets, their versions and keys, without reading a payload. */

import type { Api } from './http/api.ts'
import { ApiError } from './http/api-error.ts'
import { readNamed, type Missing, type NamedResource } from './lookup.ts'
import { idOf, listOf, objectOf, readAbout, textOf } from './wire.ts'
import { isId } from '../text.ts'

const SECRETS = '/lockbox/v1/secrets'

/** `yandex.cloud.lockbox.v1.Secret`. */
export interface LockboxSecret extends NamedResource {
  readonly currentVersion: LockboxVersion | undefined
}

/** `yandex.cloud.lockbox.v1.Version`, without its payload. */
export interface LockboxVersion {
  readonly id: string
  readonly status: string
  readonly payloadEntryKeys: readonly string[]
}

/** Throws TypeError when the value is not a Lockbox secret. */
export function readSecret(value: unknown): LockboxSecret {
  const object = objectOf(value, 'the secret')
  const current = object.currentVersion
  return {
    ...readNamed(object),
    currentVersion: current == null ? undefined : readSecretVersion(current),
  }
}

/** Throws TypeError when the value is not a version of a Lockbox secret. */
export function readSecretVersion(value: unknown): LockboxVersion {
  const object = objectOf(value, 'the version of the secret')
  return {
    id: idOf(object),
    status: textOf(object, 'status'),
    payloadEntryKeys: listOf(object, 'payloadEntryKeys').map(String),
  }
}

/** Which entry of which secret to find. */
export interface SecretQuery {
  /** Id or name. */
  readonly secret: string
  /** Version id, or `latest` for the current version, which need not be the newest. */
  readonly version: string
  readonly key: string
}

/** An entry that was found, or what of it was not; `label` is the secret's name, or its id without one. */
export type SecretResult =
  | { readonly kind: 'found'; readonly id: string; readonly versionId: string }
  | Missing
  | { readonly kind: 'no such version'; readonly label: string }
  | {
      readonly kind: 'inactive' | 'no such key'
      readonly label: string
      readonly version: LockboxVersion
    }

/** Finds the secrets of one folder, reading its list at most once. Throws DeployError when they cannot be read. */
export type FindSecret = (query: SecretQuery) => Promise<SecretResult>

export function createSecretFinder(folderId: string, { api }: { api: Api }): FindSecret {
  let all: Promise<readonly LockboxSecret[]> | undefined
  const listed = (): Promise<readonly LockboxSecret[]> => (all ??= listSecrets(folderId, { api }))

  const findListed = async (idOrName: string): Promise<LockboxSecret | undefined> => {
    const secrets = await listed()
    const secret =
      secrets.find(({ id }) => id === idOrName) ?? secrets.find(({ name }) => name === idOrName)
    // A list may show less of a secret than a call for that secret.
    return secret && !secret.currentVersion
      ? ((await getSecret(secret.id, { api })) ?? secret)
      : secret
  }

  return async (query) => {
    const { secret: idOrName, key } = query
    // Ids have 20 characters; a secret of another folder can only be found by its id.
    const secret = /^[a-z0-9]{20}$/.test(idOrName)
      ? ((await getSecret(idOrName, { api })) ?? (await findListed(idOrName)))
      : ((await findListed(idOrName)) ?? (await getSecret(idOrName, { api })))
    if (!secret) return { kind: 'missing', names: (await listed()).map(({ name }) => name) }
    const label = secret.name || secret.id
    const version = await findVersion(secret, { api, wanted: query.version })
    if (!version) return { kind: 'no such version', label }
    if (!['', 'ACTIVE'].includes(version.status)) return { kind: 'inactive', label, version }
    if (!version.payloadEntryKeys.includes(key)) return { kind: 'no such key', label, version }
    return { kind: 'found', id: secret.id, versionId: version.id }
  }
}

async function findVersion(
  secret: LockboxSecret,
  { api, wanted }: { api: Api; wanted: string },
): Promise<LockboxVersion | undefined> {
  if (wanted === 'latest' || wanted === secret.currentVersion?.id) return secret.currentVersion
  return (await listVersions(secret, { api })).find(({ id }) => id === wanted)
}

async function getSecret(id: string, { api }: { api: Api }): Promise<LockboxSecret | undefined> {
  if (!isId(id)) return undefined
  try {
    return await api.call({
      what: `read the secret ${id}`,
      service: 'lockbox',
      method: 'GET',
      path: `${SECRETS}/${encodeURIComponent(id)}`,
      read: readAbout(id, readSecret),
    })
  } catch (error) {
    // The service answers 400, 403 or 404 when it gets a name instead of an id.
    if (error instanceof ApiError && [400, 403, 404].includes(error.httpStatus)) return undefined
    throw error
  }
}

function listSecrets(folderId: string, { api }: { api: Api }): Promise<readonly LockboxSecret[]> {
  return api.list({
    what: `list the secrets of the folder ${folderId}`,
    service: 'lockbox',
    path: SECRETS,
    query: { folderId },
    field: 'secrets',
    read: readSecret,
  })
}

function listVersions(
  secret: LockboxSecret,
  { api }: { api: Api },
): Promise<readonly LockboxVersion[]> {
  return api.list({
    what: `list the versions of the secret ${secret.id}`,
    service: 'lockbox',
    path: `${SECRETS}/${encodeURIComponent(secret.id)}/versions`,
    query: {},
    field: 'versions',
    read: readSecretVersion,
  })
}
