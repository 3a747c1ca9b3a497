/** Lockbox secrets: references of a workflow turned into ids, checked without reading a payload. */

import { DeployError } from '../errors.ts'
import { nearest } from '../suggest.ts'
import { quote } from '../text.ts'
import type { Api } from './http/api.ts'
import { ApiError } from './http/api-error.ts'
import { notFound } from './lookup.ts'
import type { SecretBinding } from './functions/version-request.ts'
import {
  isId,
  readAbout,
  readSecret,
  readSecretVersion,
  type LockboxSecret,
  type LockboxVersion,
} from './wire.ts'

const SECRETS = '/lockbox/v1/secrets'

/** What `latest` in a reference stands for: the current version, which need not be the newest. */
const LATEST = 'latest'

/** One key of a Lockbox secret, for an environment variable. */
export interface SecretReference {
  readonly environmentVariable: string
  /** Id or name. */
  readonly secret: string
  /** Version id, or `latest` for the secret's current version. */
  readonly version: string
  readonly key: string
}

/** Finds the secrets of one folder, reading each list at most once. */
export interface SecretFinder {
  /** Throws DeployError INPUT_INVALID when the secret, its version or its key is not there. */
  resolve(reference: SecretReference): Promise<SecretBinding>
}

export function createSecretFinder(
  { folderId, input }: { folderId: string; input: string },
  { api }: { api: Api },
): SecretFinder {
  let all: Promise<readonly LockboxSecret[]> | undefined
  const listed = (): Promise<readonly LockboxSecret[]> => (all ??= listSecrets(folderId, { api }))

  const findListed = async (idOrName: string): Promise<LockboxSecret | undefined> => {
    const secrets = await listed()
    const secret =
      secrets.find(({ id }) => id === idOrName) ?? secrets.find(({ name }) => name === idOrName)
    // A list may show less of a secret than the secret itself does.
    return secret && !secret.currentVersion
      ? ((await getSecret(secret.id, { api })) ?? secret)
      : secret
  }

  const find = async (idOrName: string): Promise<LockboxSecret> => {
    // Ids are 20 characters; a secret of another folder can be reached by its id alone.
    const byId = /^[a-z0-9]{20}$/.test(idOrName)
    const secret = byId
      ? ((await getSecret(idOrName, { api })) ?? (await findListed(idOrName)))
      : ((await findListed(idOrName)) ?? (await getSecret(idOrName, { api })))
    if (secret) return secret
    const names = (await listed()).map(({ name }) => name)
    throw notFound({ input, what: 'secret', name: idOrName, folderId, names })
  }

  return {
    resolve: async (reference) => {
      const secret = await find(reference.secret)
      const version = await findVersion({ secret, reference, input }, { api })
      checkKey({ secret, version, reference, input })
      return {
        id: secret.id,
        versionId: version.id,
        key: reference.key,
        environmentVariable: reference.environmentVariable,
      }
    },
  }
}

interface Lookup {
  readonly secret: LockboxSecret
  readonly reference: SecretReference
  readonly input: string
}

async function findVersion(
  { secret, reference, input }: Lookup,
  { api }: { api: Api },
): Promise<LockboxVersion> {
  const isWanted = reference.version === LATEST || reference.version === secret.currentVersion?.id
  if (isWanted && secret.currentVersion) return secret.currentVersion
  const versions = reference.version === LATEST ? [] : await listVersions(secret, { api })
  const version = versions.find(({ id }) => id === reference.version)
  if (version) return version
  throw invalid(
    `\`${input}\`: ${reference.environmentVariable}: the secret ${quote(secret.name || secret.id)} has no ${
      reference.version === LATEST ? 'current version' : `version ${quote(reference.version)}`
    }.`,
    'Use `latest` for the current version, or an id from `yc lockbox secret list-versions`.',
  )
}

function checkKey({
  secret,
  version,
  reference,
  input,
}: Lookup & { version: LockboxVersion }): void {
  const where = `\`${input}\`: ${reference.environmentVariable}: the version ${version.id} of the secret ${quote(secret.name || secret.id)}`
  if (version.status !== '' && version.status !== 'ACTIVE') {
    throw invalid(`${where} is ${version.status}.`, 'Refer to an active version.')
  }
  if (version.payloadEntryKeys.includes(reference.key)) return
  const near = nearest(reference.key, version.payloadEntryKeys)
  const known = near.length > 0 ? near : version.payloadEntryKeys.slice(0, 10)
  throw invalid(
    `${where} has no key ${quote(reference.key)}; it has ${known.map(quote).join(', ') || 'no keys'}.`,
    'Correct the key at the end of the reference.',
  )
}

function invalid(message: string, hint: string): DeployError {
  return new DeployError('INPUT_INVALID', message, {
    inputs: ['secrets'],
    topic: 'secret-not-found',
    hint,
  })
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
    // A name where an id is expected is invalid, unknown or forbidden, as the service likes.
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
