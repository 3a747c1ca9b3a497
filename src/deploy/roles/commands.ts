/** Arguments of `yc` that give a role on something, up to the role, and to whom. Pure. */

import type { Inputs } from '../../inputs/inputs.ts'
import type { Reference } from '../../inputs/references.ts'

/** What the rules look at. */
export interface Step extends Inputs {
  /** Where the function is. */
  readonly functionFolder: string
  /** Where names are looked up, and where networks, buckets and queues are expected. */
  readonly folder: string
}

export function onFunction({ function: { target } }: Step): string {
  const which =
    target.kind === 'id'
      ? `--id ${target.functionId}`
      : `--name ${target.functionName} --folder-id ${target.folderId}`
  return `serverless function add-access-binding ${which}`
}

export function onFolder(id: string): string {
  return `resource-manager folder add-access-binding ${id}`
}

export function onAccount(account: Reference, { folder }: Step): string {
  const which =
    account.kind === 'id' ? `--id ${account.id}` : `--name ${account.name} --folder-id ${folder}`
  return `iam service-account add-access-binding ${which}`
}

export function onSecrets({ settings, folder }: Step): readonly string[] {
  return settings.environment.secrets.map(({ secret }) => {
    // A name may hold anything, also what a shell would run.
    const name = /^[\w.-]+$/.test(secret) ? secret : "'<secret>'"
    const which = /^[a-z0-9]{20}$/.test(name)
      ? `--id ${name}`
      : `--name ${name} --folder-id ${folder}`
    return `lockbox secret add-access-binding ${which}`
  })
}

export function subject(to: Reference): string {
  return to.kind === 'id'
    ? `--subject serviceAccount:${to.id}`
    : `--service-account-name ${to.name}`
}
