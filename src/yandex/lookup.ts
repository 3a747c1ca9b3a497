/** Finds service accounts and networks by name. */

import { quote } from '../text.ts'
import type { Cloud } from './cloud.ts'
import { id, resource, text } from './fields.ts'

/** A kind of resource that can be found by name. */
export type NamedKind = 'service account' | 'network'

/** Reads a resource that can be found by name. */
export const readNamed = resource('the resource', { id, name: text })

const KINDS = {
  'service account': {
    service: 'iam',
    path: '/iam/v1/serviceAccounts',
    field: 'serviceAccounts',
  },
  network: { service: 'vpc', path: '/vpc/v1/networks', field: 'networks' },
} as const

/** The names of a folder that this credential can see, among which the wanted one is not. */
export interface Missing {
  readonly kind: 'missing'
  readonly names: readonly string[]
}

/** The id of the resource with exactly this name. Throws DeployError when it cannot be looked up. */
export async function findIdByName(
  { kind, name, folderId }: { kind: NamedKind; name: string; folderId: string },
  { api }: Cloud,
): Promise<{ readonly kind: 'found'; readonly id: string } | Missing> {
  const request = {
    what: `look up the ${kind} ${quote(name)} in the folder ${folderId}`,
    ...KINDS[kind],
    read: readNamed,
  }
  const filter = `name="${name}"`
  const matches = await api.list({ ...request, query: { folderId, filter } })
  const found = matches.find((one) => one.name === name)
  if (found) return { kind: 'found', id: found.id }
  const others = await api.list({ ...request, query: { folderId } })
  return { kind: 'missing', names: others.map((one) => one.name) }
}
