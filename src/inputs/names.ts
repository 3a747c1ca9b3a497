/** The names of all inputs and outputs, generated from action.yml by `npm run docs`. */

export const INPUT_NAMES = [
  'yc-sa-json-credentials',
  'yc-iam-token',
  'yc-sa-id',
  'oidc-audience',
  'yc-instance-metadata',
  'function-id',
  'folder-id',
  'function-name',
  'create-function',
  'function-description',
  'function-labels',
  'source-root',
  'include',
  'exclude',
  'package',
  'source-version-id',
  'bucket',
  'bucket-prefix',
  'runtime',
  'entrypoint',
  'memory',
  'execution-timeout',
  'description',
  'environment',
  'secrets',
  'service-account',
  'service-account-name',
  'named-service-accounts',
  'network-id',
  'network-name',
  'tags',
  'concurrency',
  'tmpfs-size',
  'mounts',
  'ephemeral-disk',
  'logs-disabled',
  'logs-group-id',
  'logs-folder-id',
  'log-level',
  'async',
  'async-sa-id',
  'async-sa-name',
  'async-retries-count',
  'async-success-ymq-arn',
  'async-success-sa-id',
  'async-success-sa-name',
  'async-failure-ymq-arn',
  'async-failure-sa-id',
  'async-failure-sa-name',
  'metadata-gce',
  'metadata-aws-v1',
  'dry-run',
  'skip-unchanged',
  'reuse-code',
  'check',
  'check-tag',
  'check-query',
  'check-body',
  'check-raw',
  'check-status',
  'check-contains',
  'check-timeout',
  'check-attempts',
  'restore-latest',
  'previous-tag',
  'public',
  'provisioned-instances',
  'zone-instances-limit',
  'zone-requests-limit',
  'comment',
  'github-token',
  'wait',
  'wait-timeout',
  'api-endpoint',
  'token-exchange-url',
] as const

/** An input of action.yml. */
export type InputName = (typeof INPUT_NAMES)[number]

/** An output of action.yml. */
export type OutputName =
  | 'version-id'
  | 'function-id'
  | 'function-url'
  | 'operation-id'
  | 'package-sha256'
  | 'package-size'
  | 'object-name'
  | 'changed'
  | 'changes'
  | 'plan'
  | 'skipped'
  | 'checked'
  | 'previous-version-id'
  | 'comment-url'
