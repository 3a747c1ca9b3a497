/** The names of all inputs and outputs, generated from cleanup/action.yml by `npm run docs`. */

export const INPUT_NAMES = [
  'yc-sa-json-credentials',
  'yc-iam-token',
  'yc-sa-id',
  'oidc-audience',
  'yc-instance-metadata',
  'function-id',
  'folder-id',
  'function-name',
  'remove-tags',
  'delete-function',
  'dry-run',
  'wait-timeout',
  'api-endpoint',
  'token-exchange-url',
] as const

/** An input of cleanup/action.yml. */
export type InputName = (typeof INPUT_NAMES)[number]

/** An output of cleanup/action.yml. */
export type OutputName = 'function-id' | 'removed-tags' | 'deleted'
