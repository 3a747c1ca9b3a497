/** Roles: what each allows, and whether a caller may do what a call asks for. */

import { ApiError, CODE } from '../http/status.ts'
import type { AccessBinding, Cloud } from '../state.ts'

/** What a call needs a right to do. */
export type Permission =
  | 'functions.read'
  | 'functions.readEnvironment'
  | 'functions.invoke'
  | 'functions.write'
  | 'functions.bind'
  | 'storage.read'
  | 'storage.write'
  | 'secrets.read'
  | 'networks.read'
  | 'accounts.read'
  | 'accounts.use'

const VIEWER = ['functions.read', 'storage.read', 'secrets.read', 'networks.read'] as const
const FUNCTIONS_EDITOR = [
  ...['functions.read', 'functions.readEnvironment', 'functions.invoke', 'functions.write'],
] as readonly Permission[]
const EDITOR: readonly Permission[] = [
  ...VIEWER,
  ...FUNCTIONS_EDITOR,
  'storage.write',
  'accounts.read',
  'accounts.use',
]

/**
 * The roles that the emulator knows: those of Cloud Functions,
 * https://yandex.cloud/en/docs/functions/security/, and of what a deployment touches.
 */
export const ROLES: Readonly<Record<string, readonly Permission[]>> = {
  viewer: [...VIEWER, 'accounts.read'],
  editor: EDITOR,
  admin: [...EDITOR, 'functions.bind'],
  'functions.functionInvoker': ['functions.invoke'],
  'functions.auditor': ['functions.read'],
  'functions.viewer': ['functions.read'],
  'functions.editor': FUNCTIONS_EDITOR,
  'functions.admin': [...FUNCTIONS_EDITOR, 'functions.bind'],
  'iam.serviceAccounts.user': ['accounts.read', 'accounts.use'],
  'lockbox.viewer': ['secrets.read'],
  'storage.viewer': ['storage.read'],
  'storage.uploader': ['storage.read', 'storage.write'],
  'vpc.viewer': ['networks.read'],
  'vpc.user': ['networks.read'],
}

/** The name that `functions.functionInvoker` had: bindings under it still count, new ones are refused. */
export const FORMER_INVOKER = 'serverless.functions.invoker'

/** Who wants to do what; without a function, in the folder. */
export interface Access {
  /** Service account; empty for a caller without a token. */
  readonly subject: string
  readonly permission: Permission
  readonly functionId?: string | undefined
}

/** Whether a role on the function or on the folder allows it. */
export function isAllowed(cloud: Cloud, access: Access): boolean {
  const { subject, permission, functionId = '' } = access
  const bindings = [cloud.folderId, functionId].flatMap((id) => cloud.accessBindings.get(id) ?? [])
  return bindings.some(
    (binding) => isFor(binding, subject) && permissions(binding.roleId).includes(permission),
  )
}

/** Throws PERMISSION_DENIED unless a role allows it. */
export function checkPermission(cloud: Cloud, access: Access): void {
  if (isAllowed(cloud, access)) return
  throw new ApiError({ code: CODE.PERMISSION_DENIED, message: 'Permission denied' })
}

function permissions(roleId: string): readonly Permission[] {
  return ROLES[roleId === FORMER_INVOKER ? 'functions.functionInvoker' : roleId] ?? []
}

function isFor({ subject: { id, type } }: AccessBinding, caller: string): boolean {
  if (type !== 'system') return id === caller
  return id === 'allUsers' || (id === 'allAuthenticatedUsers' && caller !== '')
}
