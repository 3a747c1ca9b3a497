/** Finds Lockbox secrets, their versions and keys, without reading a payload. */

import { isId } from '../text.ts'
import type { Cloud } from './cloud.ts'
import { id, items, readAbout, resource, text, type Read } from './fields.ts'
import { ApiError } from './http/api-error.ts'
import type { Missing } from './lookup.ts'

const SECRETS = '/lockbox/v1/secrets'

const names: Read<readonly string[]> = (value, field) => items(value, field).map(String)

/** Reads a `yandex.cloud.lockbox.v1.Version`, without its payload. */
export const readSecretVersion = resource('the version of the secret', {
  id,
  status: text,
  payloadEntryKeys: names,
})

/** Reads a `yandex.cloud.lockbox.v1.Secret`. */
export const readSecret = resource(
  'the secret',
  { id, name: text },
  { currentVersion: readSecretVersion },
)

type LockboxSecret = ReturnType<typeof readSecret>
type LockboxVersion = ReturnType<typeof readSecretVersion>

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

export function createSecretFinder(folderId: string, cloud: Cloud): FindSecret {
  let all: Promise<readonly LockboxSecret[]> | undefined
  const listed = (): Promise<readonly LockboxSecret[]> =>
    (all ??= cloud.api.list({
      what: `list the secrets of the folder ${folderId}`,
      service: 'lockbox',
      path: SECRETS,
      query: { folderId },
      field: 'secrets',
      read: readSecret,
    }))

  const findListed = async (idOrName: string): Promise<LockboxSecret | undefined> => {
    const secrets = await listed()
    const secret =
      secrets.find((one) => one.id === idOrName) ?? secrets.find(({ name }) => name === idOrName)
    // A list may show less of a secret than a call for that secret.
    return secret && !secret.currentVersion
      ? ((await getSecret(secret.id, cloud)) ?? secret)
      : secret
  }

  return async (query) => {
    const { secret: idOrName, key } = query
    // Ids have 20 characters; a secret of another folder can only be found by its id.
    const secret = /^[a-z0-9]{20}$/.test(idOrName)
      ? ((await getSecret(idOrName, cloud)) ?? (await findListed(idOrName)))
      : ((await findListed(idOrName)) ?? (await getSecret(idOrName, cloud)))
    if (!secret) return { kind: 'missing', names: (await listed()).map(({ name }) => name) }
    const label = secret.name || secret.id
    const version = await findVersion(secret, { wanted: query.version, cloud })
    if (!version) return { kind: 'no such version', label }
    if (!['', 'ACTIVE'].includes(version.status)) return { kind: 'inactive', label, version }
    if (!version.payloadEntryKeys.includes(key)) return { kind: 'no such key', label, version }
    return { kind: 'found', id: secret.id, versionId: version.id }
  }
}

async function findVersion(
  { id: secretId, currentVersion }: LockboxSecret,
  { wanted, cloud }: { wanted: string; cloud: Cloud },
): Promise<LockboxVersion | undefined> {
  if (wanted === 'latest' || wanted === currentVersion?.id) return currentVersion
  const versions = await cloud.api.list({
    what: `list the versions of the secret ${secretId}`,
    service: 'lockbox',
    path: `${SECRETS}/${encodeURIComponent(secretId)}/versions`,
    field: 'versions',
    read: readSecretVersion,
  })
  return versions.find((version) => version.id === wanted)
}

async function getSecret(secretId: string, { api }: Cloud): Promise<LockboxSecret | undefined> {
  if (!isId(secretId)) return undefined
  try {
    return await api.call({
      what: `read the secret ${secretId}`,
      service: 'lockbox',
      path: `${SECRETS}/${encodeURIComponent(secretId)}`,
      read: readAbout(secretId, readSecret),
    })
  } catch (error) {
    // The service answers 400, 403 or 404 when it gets a name instead of an id.
    if (error instanceof ApiError && [400, 403, 404].includes(error.httpStatus)) return undefined
    throw error
  }
}
