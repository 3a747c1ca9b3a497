/** Service accounts and networks by name. */

import { DeployError } from '../errors.ts'
import { nearest } from '../suggest.ts'
import { quote } from '../text.ts'
import type { Api } from './http/api.ts'
import { readNamed, type NamedResource } from './wire.ts'

/** A kind of resource that can be found by name. */
export type NamedKind = 'service account' | 'network'

const KINDS = {
  'service account': {
    service: 'iam',
    path: '/iam/v1/serviceAccounts',
    field: 'serviceAccounts',
  },
  network: { service: 'vpc', path: '/vpc/v1/networks', field: 'networks' },
} as const

/** What is looked for, and on behalf of which input. */
export interface NameQuery {
  readonly kind: NamedKind
  readonly name: string
  readonly folderId: string
  readonly input: string
}

/** The id of the resource with exactly this name. Throws DeployError INPUT_INVALID that says which names are near. */
export async function findIdByName(query: NameQuery, { api }: { api: Api }): Promise<string> {
  const { kind, name, folderId } = query
  const found = (await list({ ...query, filter: `name="${name}"` }, { api })).find(
    (resource) => resource.name === name,
  )
  if (found) return found.id
  const others = await list(query, { api })
  throw notFound({ ...query, what: kind, names: others.map((other) => other.name), folderId })
}

function list(
  { kind, name, folderId, filter }: NameQuery & { filter?: string },
  { api }: { api: Api },
): Promise<readonly NamedResource[]> {
  const { service, path, field } = KINDS[kind]
  return api.list({
    what: `look for the ${kind} ${quote(name)} in the folder ${folderId}`,
    service,
    path,
    query: { folderId, ...(filter !== undefined && { filter }) },
    field,
    read: readNamed,
  })
}

/** The error for a name that is not there. */
export function notFound(query: {
  input: string
  what: string
  name: string
  folderId: string
  names: readonly string[]
}): DeployError {
  const near = nearNames(query)
  const suggestion =
    near === '' ? ` The folder has ${query.names.length} visible to this credential.` : near
  return new DeployError(
    'INPUT_INVALID',
    `\`${query.input}\`: there is no ${query.what} ${quote(query.name)} in the folder ${query.folderId}.${suggestion}`,
    {
      inputs: [query.input],
      topic: 'name-not-found',
      hint: 'Correct the name, or give the account that deploys the right to see it.',
    },
  )
}

/** ` Near it: "a", "b".` for the names that a mistyped one may have meant; empty without any. */
export function nearNames({ name, names }: { name: string; names: readonly string[] }): string {
  const near = nearest(name, names)
  return near.length > 0 ? ` Near it: ${near.map(quote).join(', ')}.` : ''
}
