/** The roles that a step needs: who must have which one, for which inputs, and the command that gives it. Pure. */

import type { Inputs } from '../../inputs/inputs.ts'
import type { Reference } from '../../inputs/references.ts'
import type { VersionSettings } from '../../inputs/version.ts'
import { accountsOf } from '../references.ts'
import { onAccount, onFolder, onFunction, onSecrets, subject, type Step } from './commands.ts'

/** One role that a step needs. */
export interface NeededRole {
  readonly role: string
  /** Who must have it. */
  readonly who: 'the deployer' | "the function's account" | 'that account'
  /** What the role is given on. */
  readonly on: string
  /** The inputs that need it; none for what every step needs. */
  readonly why: readonly string[]
  /** Gives the role; `$DEPLOYER_ID` stands for the account that deploys where the inputs do not tell it. */
  readonly command: string
}

/** A role, and on what and to whom a step must have it given: the table of docs/AUTHENTICATION.md. */
interface Rule extends Omit<NeededRole, 'command'> {
  /** On what, each as arguments of `yc` up to the role; nothing where the step does not need it. */
  readonly targets: (step: Step) => readonly string[]
  /** To whom, where `who` does not say it. */
  readonly accounts?: (settings: VersionSettings) => readonly Reference[]
}

/** In the order of docs/AUTHENTICATION.md; sources: https://yandex.cloud/en/docs/functions/security/ */
export const ROLES: readonly Rule[] = [
  {
    role: 'functions.editor',
    who: 'the deployer',
    on: 'the folder',
    why: [],
    targets: ({ functionFolder }) => [onFolder(functionFolder)],
  },
  {
    role: 'functions.admin',
    who: 'the deployer',
    on: 'the function',
    why: ['public'],
    targets: (step) => (step.exposure.isPublic === undefined ? [] : [onFunction(step)]),
  },
  {
    role: 'iam.serviceAccounts.user',
    who: 'the deployer',
    on: 'that account',
    why: [
      ...['service-account', 'named-service-accounts'],
      ...['async-sa-id', 'async-success-sa-id', 'async-failure-sa-id'],
    ],
    targets: (step) => accountsOf(step.settings).map((account) => onAccount(account, step)),
  },
  {
    role: 'storage.uploader',
    who: 'the deployer',
    on: 'the bucket',
    why: ['bucket'],
    targets: ({ code, folder }) => (code.delivery.kind === 'bucket' ? [onFolder(folder)] : []),
  },
  {
    role: 'storage.viewer',
    who: "the function's account",
    on: 'the bucket',
    why: ['bucket'],
    targets: ({ code, folder }) => (code.delivery.kind === 'bucket' ? [onFolder(folder)] : []),
  },
  {
    role: 'vpc.user',
    who: 'the deployer',
    on: 'the folder of the network',
    why: ['network-id', 'network-name'],
    targets: ({ settings, folder }) => (settings.network ? [onFolder(folder)] : []),
  },
  {
    role: 'lockbox.viewer',
    who: 'the deployer',
    on: 'the secret',
    why: ['secrets'],
    targets: onSecrets,
  },
  {
    role: 'lockbox.payloadViewer',
    who: "the function's account",
    on: 'the secret',
    why: ['secrets'],
    targets: onSecrets,
  },
  ...([true, false] as const).map((readOnly): Rule => ({
    role: readOnly ? 'storage.viewer' : 'storage.uploader',
    who: "the function's account",
    on: 'the bucket',
    why: ['mounts'],
    targets: ({ settings, folder }) =>
      settings.fileSystem.buckets.some((mount) => mount.readOnly === readOnly)
        ? [onFolder(folder)]
        : [],
  })),
  {
    role: 'functions.functionInvoker',
    who: 'that account',
    on: 'the function',
    why: ['async-sa-id'],
    targets: (step) => [onFunction(step)],
    accounts: ({ asyncInvocation, serviceAccount }) => {
      const caller = asyncInvocation && (asyncInvocation.serviceAccount ?? serviceAccount)
      return caller ? [caller] : []
    },
  },
  {
    role: 'functions.functionInvoker',
    who: 'the deployer',
    on: 'the function',
    why: ['check'],
    targets: (step) => (step.release.check ? [onFunction(step)] : []),
  },
  {
    role: 'ymq.writer',
    who: 'that account',
    on: "the queue's folder",
    why: ['async-success-sa-id', 'async-failure-sa-id'],
    targets: ({ folder }) => [onFolder(folder)],
    accounts: ({ asyncInvocation }) =>
      [asyncInvocation?.success, asyncInvocation?.failure].flatMap(
        (queue) => queue?.serviceAccount ?? [],
      ),
  },
]

/** The roles that a step needs for a function in this folder, each once, in the order of the table. */
export function rolesOf(inputs: Inputs, functionFolder: string): readonly NeededRole[] {
  const { settings } = inputs
  const folder = inputs.function.folderId ?? functionFolder
  const needed = ROLES.flatMap(({ targets, accounts, ...rule }) => {
    const own = rule.who === 'the deployer' ? deployerOf(inputs) : settings.serviceAccount
    const holders = accounts?.(settings) ?? (own ? [own] : [])
    return targets({ ...inputs, functionFolder, folder }).flatMap((on) =>
      holders.map((to): NeededRole => ({
        ...rule,
        command: `yc ${on} --role ${rule.role} ${subject(to)}`,
      })),
    )
  })
  return [...new Map(needed.map((one) => [one.command, one])).values()]
}

function deployerOf({ credentials }: Inputs): Reference {
  switch (credentials?.kind) {
    case 'key':
      return { kind: 'id', id: credentials.key.serviceAccountId }
    case 'federation':
      return { kind: 'id', id: credentials.serviceAccountId }
    case 'token':
    case 'metadata':
    case undefined:
      return { kind: 'id', id: '$DEPLOYER_ID' }
  }
}
