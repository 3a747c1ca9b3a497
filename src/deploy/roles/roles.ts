/** The roles that a step needs: who must have which one, for which inputs, and the command that gives it. Pure. */

import type { Inputs } from '../../inputs/inputs.ts'
import type { Reference } from '../../inputs/references.ts'
import { accountsOf } from '../references.ts'
import { onAccount, onFolder, onFunction, onSecrets, subject, type Step } from './commands.ts'

/** Who must have a role. */
export type Holder = 'the deployer' | "the function's account" | 'that account'

/** One role that a step needs. */
export interface NeededRole {
  readonly role: string
  readonly who: Holder
  /** What the role is given on. */
  readonly on: string
  /** The inputs that need it; none for what every step needs. */
  readonly why: readonly string[]
  /** Gives the role; `$DEPLOYER_ID` stands for the account that deploys where the inputs do not tell it. */
  readonly command: string
}

/** A role, and on what and to whom a step must have it given: the table of docs/AUTHENTICATION.md. */
interface Rule extends Omit<NeededRole, 'command'> {
  readonly grants: (step: Step) => readonly Grant[]
}

interface Grant {
  /** Arguments of `yc` up to the role. */
  readonly on: string
  readonly to: Reference
}

/** In the order of docs/AUTHENTICATION.md; sources: https://yandex.cloud/en/docs/functions/security/ */
export const ROLES: readonly Rule[] = [
  {
    role: 'functions.editor',
    who: 'the deployer',
    on: 'the folder',
    why: [],
    grants: ({ functionFolder, deployer }) => [{ on: onFolder(functionFolder), to: deployer }],
  },
  {
    role: 'functions.admin',
    who: 'the deployer',
    on: 'the function',
    why: ['public'],
    grants: (step) =>
      step.exposure.isPublic === undefined ? [] : [{ on: onFunction(step), to: step.deployer }],
  },
  {
    role: 'iam.serviceAccounts.user',
    who: 'the deployer',
    on: 'that account',
    why: [
      ...['service-account', 'named-service-accounts'],
      ...['async-sa-id', 'async-success-sa-id', 'async-failure-sa-id'],
    ],
    grants: (step) =>
      accountsOf(step.settings).map((account) => ({
        on: onAccount(account, step),
        to: step.deployer,
      })),
  },
  {
    role: 'storage.uploader',
    who: 'the deployer',
    on: 'the bucket',
    why: ['bucket'],
    grants: ({ code, folder, deployer }) =>
      code.delivery.kind === 'bucket' ? [{ on: onFolder(folder), to: deployer }] : [],
  },
  {
    role: 'storage.viewer',
    who: "the function's account",
    on: 'the bucket',
    why: ['bucket'],
    grants: (step) =>
      step.code.delivery.kind === 'bucket' ? toFunction(step, [onFolder(step.folder)]) : [],
  },
  {
    role: 'vpc.user',
    who: 'the deployer',
    on: 'the folder of the network',
    why: ['network-id', 'network-name'],
    grants: ({ settings, folder, deployer }) =>
      settings.network ? [{ on: onFolder(folder), to: deployer }] : [],
  },
  {
    role: 'lockbox.viewer',
    who: 'the deployer',
    on: 'the secret',
    why: ['secrets'],
    grants: (step) => onSecrets(step).map((on) => ({ on, to: step.deployer })),
  },
  {
    role: 'lockbox.payloadViewer',
    who: "the function's account",
    on: 'the secret',
    why: ['secrets'],
    grants: (step) => toFunction(step, onSecrets(step)),
  },
  ...([true, false] as const).map((readOnly): Rule => ({
    role: readOnly ? 'storage.viewer' : 'storage.uploader',
    who: "the function's account",
    on: 'the bucket',
    why: ['mounts'],
    grants: (step) =>
      step.settings.fileSystem.buckets.some((mount) => mount.readOnly === readOnly)
        ? toFunction(step, [onFolder(step.folder)])
        : [],
  })),
  {
    role: 'functions.functionInvoker',
    who: 'that account',
    on: 'the function',
    why: ['async-sa-id'],
    grants: (step) => {
      const { asyncInvocation, serviceAccount } = step.settings
      const caller = asyncInvocation && (asyncInvocation.serviceAccount ?? serviceAccount)
      return caller ? [{ on: onFunction(step), to: caller }] : []
    },
  },
  {
    role: 'functions.functionInvoker',
    who: 'the deployer',
    on: 'the function',
    why: ['check'],
    grants: (step) => (step.release.check ? [{ on: onFunction(step), to: step.deployer }] : []),
  },
  {
    role: 'ymq.writer',
    who: 'that account',
    on: "the queue's folder",
    why: ['async-success-sa-id', 'async-failure-sa-id'],
    grants: ({ settings: { asyncInvocation }, folder }) =>
      [asyncInvocation?.success, asyncInvocation?.failure]
        .filter((queue) => queue !== undefined)
        .map(({ serviceAccount }) => ({ on: onFolder(folder), to: serviceAccount })),
  },
]

/** The roles that a step needs for a function in this folder, each once, in the order of the table. */
export function rolesOf(inputs: Inputs, functionFolder: string): readonly NeededRole[] {
  const folder = inputs.function.folderId ?? functionFolder
  const step: Step = { ...inputs, functionFolder, folder, deployer: deployerOf(inputs) }
  const needed = ROLES.flatMap(({ grants, ...rule }) =>
    grants(step).map(({ on, to }): NeededRole => ({
      ...rule,
      command: `yc ${on} --role ${rule.role} ${subject(to)}`,
    })),
  )
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

/** Roles of the account that the function runs as; none without one. */
function toFunction({ settings }: Step, targets: readonly string[]): readonly Grant[] {
  const to = settings.serviceAccount
  return to ? targets.map((on) => ({ on, to })) : []
}
