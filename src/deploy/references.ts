/** Names and secrets of the settings resolved to ids, all at the same time, before anything is created. */

import { DeployError } from '../errors.ts'
import type { NameReference, Reference } from '../inputs/references.ts'
import type { VersionSettings } from '../inputs/version.ts'
import { nameNotFound, secretNotFound } from './not-found.ts'
import { together } from './together.ts'
import type { ResolvedNames } from './request.ts'
import { quote } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { findIdByName } from '../yandex/lookup.ts'
import { createSecretFinder } from '../yandex/lockbox.ts'

/** Throws DeployError INPUT_INVALID with every name that is not there. */
export async function resolveNames(
  { settings, folder }: { settings: VersionSettings; folder: () => Promise<string> },
  cloud: Cloud,
): Promise<ResolvedNames> {
  const { network } = settings
  const given = [...accountsOf(settings), ...(network ? [network] : [])]
  const names = new Map(given.flatMap(namesIn).map((name) => [keyOf(name), name]))
  const { secrets } = settings.environment
  if (names.size === 0 && secrets.length === 0) {
    return { idOf: (reference) => idOf(reference, new Map()), secrets: [] }
  }
  const folderId = await folder()
  const findSecret = createSecretFinder(folderId, cloud)
  const ids = [...names].map(async ([key, name]) => {
    const result = await findIdByName({ name: name.name, kind: name.resource, folderId }, cloud)
    if (result.kind === 'found') return [key, result.id] as const
    throw nameNotFound(name, { folderId, names: result.names })
  })
  const binding = secrets.map(async (reference) => {
    const result = await findSecret(reference)
    if (result.kind !== 'found') throw secretNotFound(reference, { result, folderId })
    const { key, environmentVariable } = reference
    return { id: result.id, versionId: result.versionId, key, environmentVariable }
  })
  const [entries, bindings] = await together([together(ids), together(binding)])
  const found = new Map(entries)
  for (const reference of given) checkAlias(reference, found)
  return { idOf: (reference) => idOf(reference, found), secrets: bindings }
}

function namesIn(reference: Reference): readonly NameReference[] {
  if (reference.kind === 'name') return [reference]
  return reference.alias ? [reference.alias] : []
}

/** An id and a name that are given together must mean the same. */
function checkAlias(reference: Reference, found: ReadonlyMap<string, string>): void {
  if (reference.kind === 'name' || !reference.alias) return
  const { input, name, resource } = reference.alias
  const id = idOf(reference.alias, found)
  if (id === reference.id) return
  throw new DeployError(
    'INPUT_INVALID',
    `\`${input}\`: the ${resource} ${quote(name)} is ${id}, but the id given beside it is ${reference.id}.`,
    { inputs: [input], hint: `Give the id or the name, or both of the same ${resource}.` },
  )
}

function keyOf({ resource, name }: NameReference): string {
  return `${resource} ${name}`
}

function idOf(reference: Reference, found: ReadonlyMap<string, string>): string {
  if (reference.kind === 'id') return reference.id
  const id = found.get(keyOf(reference))
  if (id === undefined) throw new TypeError(`${keyOf(reference)} was not resolved`)
  return id
}

/** Every service account that a version refers to, for whatever purpose. */
export function accountsOf(settings: VersionSettings): readonly Reference[] {
  const { serviceAccount, namedServiceAccounts, asyncInvocation } = settings
  return [
    serviceAccount,
    ...Object.values(namedServiceAccounts).map((id): Reference => ({ kind: 'id', id })),
    asyncInvocation?.serviceAccount,
    asyncInvocation?.success?.serviceAccount,
    asyncInvocation?.failure?.serviceAccount,
  ].filter((account) => account !== undefined)
}
