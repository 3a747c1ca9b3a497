/** Finds service accounts and networks by name. */

import { quote } from '../text.ts'
import type { Api } from './http/api.ts'
import { idOf, objectOf, textOf } from './wire.ts'

/** A kind of resource that can be found by name. */
export type NamedKind = 'service account' | 'network'

/** A resource that can be found by name: a service account, a network, a secret. */
export interface NamedResource {
  readonly id: string
  readonly name: string
}

/** Throws TypeError when the value has no id. */
export function readNamed(value: unknown): NamedResource {
  const object = objectOf(value, 'the resource')
  return { id: idOf(object), name: textOf(object, 'name') }
}

const KINDS = {
  'service account': {
    service: 'iam',
    path: '/iam/v1/serviceAccounts',
    field: 'serviceAccounts',
  },
  network: { service: 'vpc', path: '/vpc/v1/networks', field: 'networks' },
} as const

export interface NameQuery {
  readonly kind: NamedKind
  readonly name: string
  readonly folderId: string
}

/** The names of a folder that this credential can see, among which the wanted one is not. */
export interface Missing {
  readonly kind: 'missing'
  readonly names: readonly string[]
}

/** The id of the resource with exactly this name. Throws DeployError when it cannot be looked up. */
export async function findIdByName(
  query: NameQuery,
  { api }: { api: Api },
): Promise<{ readonly kind: 'found'; readonly id: string } | Missing> {
  const matches = await list({ ...query, filter: `name="${query.name}"` }, { api })
  const found = matches.find(({ name }) => name === query.name)
  if (found) return { kind: 'found', id: found.id }
  const others = await list(query, { api })
  return { kind: 'missing', names: others.map(({ name }) => name) }
}

function list(
  { kind, name, folderId, filter }: NameQuery & { filter?: string },
  { api }: { api: Api },
): Promise<readonly NamedResource[]> {
  return api.list({
    what: `look up the ${kind} ${quote(name)} in the folder ${folderId}`,
    ...KINDS[kind],
    query: { folderId, ...(filter !== undefined && { filter }) },
    read: readNamed,
  })
}
