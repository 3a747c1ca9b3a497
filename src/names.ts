/** Names and secrets of the settings resolved to ids, all at the same time, before anything is created. */

import { mergeErrors } from './errors.ts'
import type { Reference } from './inputs/references.ts'
import type { VersionSettings } from './inputs/settings.ts'
import type { ResolvedNames } from './version.ts'
import type { Cloud } from './yandex/cloud.ts'
import { findIdByName } from './yandex/directory.ts'
import { createSecretFinder } from './yandex/lockbox.ts'

type NameReference = Extract<Reference, { kind: 'name' }>

/** Throws DeployError INPUT_INVALID with every name that is not there. */
export async function resolveNames(
  { settings, folder }: { settings: VersionSettings; folder: () => Promise<string> },
  { api }: Cloud,
): Promise<ResolvedNames> {
  const references = new Map(nameReferences(settings).map((name) => [keyOf(name), name]))
  const { secrets } = settings.environment
  if (references.size === 0 && secrets.length === 0) {
    return { idOf: (reference) => idOf(reference, new Map()), secrets: [] }
  }
  const folderId = await folder()
  const finder = createSecretFinder({ folderId, input: 'secrets' }, { api })
  const ids = [...references].map(async ([key, name]) => {
    const id = await findIdByName({ ...name, kind: name.resource, folderId }, { api })
    return [key, id] as const
  })
  const bindings = secrets.map((secret) => finder.resolve(secret))
  const settled = await Promise.allSettled([...ids, ...bindings])
  const failures = settled.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  if (failures.length > 0) throw mergeErrors(failures)
  const found = new Map(await Promise.all(ids))
  return { idOf: (reference) => idOf(reference, found), secrets: await Promise.all(bindings) }
}

function nameReferences({
  serviceAccount,
  network,
  asyncInvocation,
}: VersionSettings): NameReference[] {
  return [
    serviceAccount,
    network,
    asyncInvocation?.serviceAccount,
    asyncInvocation?.success?.serviceAccount,
    asyncInvocation?.failure?.serviceAccount,
  ].filter((reference) => reference?.kind === 'name')
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
