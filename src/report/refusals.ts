/** What to do about refusals of the cloud: known cases, matched on codes before words, since messages may be Russian. */

import type { Topic } from '../errors.ts'
import type { RefusalFacts } from '../yandex/http/api-error.ts'

/** Some messages quote a whole request or log; what matters is near their beginning. In characters. */
const READ_CHARACTERS = 10_000

/** How builders report that the system ended a process, nearly always because of its memory. */
const OUT_OF_MEMORY = /out of memory|\bOOM\b|\bSIGKILL\b|signal: killed/i

const BUILDER_LIMITS =
  'The builder has 1 GB of memory and 5 minutes to install dependencies: build in an earlier step, and deploy the result.'

interface Rule {
  readonly when: (refusal: RefusalFacts) => boolean
  readonly topic?: Topic
  readonly hint: string
}

const RULES: readonly Rule[] = [
  {
    when: ({ service, httpStatus = 0 }) =>
      service === 'storage' && httpStatus >= 300 && httpStatus < 400,
    hint: 'The bucket is at another address: check `bucket` and `api-endpoint`.',
  },
  {
    when: ({ grpcCode }) => grpcCode === 'ALREADY_EXISTS',
    hint: 'The folder has a function of that name which the account that deploys cannot see: grant it the role `functions.editor` on the folder.',
  },
  {
    when: ({ text }) => /service account .{0,100}not available/i.test(text),
    topic: 'service-account-not-available',
    hint: 'Grant the role `iam.serviceAccounts.user` on that service account to the account that deploys (not to the one the function runs as), and check that the id is right and in the same cloud.',
  },
  {
    when: ({ grpcCode, text }) => grpcCode === 'NOT_FOUND' && /folder/i.test(text),
    topic: 'folder-not-found',
    hint: 'Set `folder-id` to the id of the folder (it looks like b1g…), not its name, and give the account that deploys the role `functions.editor` on it: a folder without access looks like one that does not exist.',
  },
  {
    when: ({ storageCode }) => storageCode === 'NoSuchBucket',
    topic: 'no-such-bucket',
    hint: 'Check `bucket`: there is no bucket of that name at this `api-endpoint`.',
  },
  {
    when: ({ storageCode }) => storageCode === 'AccessDenied',
    topic: 'storage-access-denied',
    hint: 'Grant the role `storage.uploader` on the bucket or its folder to the account that deploys, and check the policy of the bucket.',
  },
  {
    when: ({ storageCode }) =>
      /^(ExpiredToken|InvalidToken|TokenRefreshRequired)$/.test(storageCode ?? ''),
    topic: 'token-invalid',
    hint: 'The IAM token was refused by Object Storage: check `yc-iam-token`, or use a credential that the action can renew.',
  },
  {
    when: ({ storageCode }) => /MaxSize|TotalAliveSize|EntityTooLarge/.test(storageCode ?? ''),
    hint: 'The bucket or the cloud has no room for the package: raise its limit or delete old objects.',
  },
  {
    when: ({ httpStatus, text }) =>
      httpStatus === 413 || /larger than max|exceeds the maximum size/i.test(text),
    topic: 'request-too-large',
    hint: 'The package is too large to send inline: set `bucket`, or exclude what the builder installs itself, such as node_modules.',
  },
  {
    when: ({ text }) => /valid zip|валидным zip/i.test(text),
    topic: 'invalid-zip',
    hint: 'The package arrived damaged or empty: check `include`, `exclude` and `package`.',
  },
  {
    when: ({ grpcCode, httpStatus }) => grpcCode === 'UNAUTHENTICATED' || httpStatus === 401,
    topic: 'token-invalid',
    hint: 'The IAM token was refused. A token made elsewhere lives for at most 12 hours and starts with `t1.`; an API key or a static access key is not an IAM token.',
  },
  {
    when: ({ httpStatus, storageCode, text }) =>
      storageCode === undefined &&
      httpStatus !== 429 &&
      /\bbuckets?\b|object storage|бакет/i.test(text),
    hint: 'Yandex Cloud reads the package from `bucket` when it creates the version: give the role `storage.viewer` on the bucket to the account that the function runs as (`service-account`), and check that the account that deploys can read it too.',
  },
  ...(
    [
      ['lockbox', 'lockbox.viewer', 'the secret or its folder'],
      ['iam', 'iam.serviceAccounts.user', 'the folder'],
      ['vpc', 'vpc.user', 'the folder'],
    ] as const
  ).map(([id, role, resource]) => ({
    when: ({ service, httpStatus }: RefusalFacts) => service === id && httpStatus === 403,
    topic: 'permission-denied' as const,
    hint: `Grant the role \`${role}\` on ${resource} to the account that deploys, or give an id instead of the name.`,
  })),
  {
    when: ({ grpcCode, httpStatus }) => grpcCode === 'PERMISSION_DENIED' || httpStatus === 403,
    topic: 'permission-denied',
    hint: 'Give the account that deploys the role `functions.editor` on the folder.',
  },
  {
    when: ({ quota }) => quota === 'operations',
    topic: 'quota-of-operations',
    hint: 'Too many operations ran at the same time for too long: set `max-parallel` in the matrix, raise `wait-timeout`, or have the quota raised.',
  },
  {
    when: ({ quota }) => quota === 'tags',
    topic: 'quota-of-tags',
    hint: 'A function can have at most 10 tags: remove old ones, and do not use a tag for each commit.',
  },
  {
    when: ({ quota }) => quota === 'functions',
    topic: 'quota-of-functions',
    hint: 'The cloud has as many functions as its quota allows (10 unless raised): delete one, or have `serverless.functions.count` raised.',
  },
  {
    when: ({ quota }) => quota === 'instances',
    topic: 'not-exposed',
    hint: 'The cloud has as many provisioned instances as its quota allows (2 unless raised): lower `provisioned-instances`, take some from another function, or have the quota raised.',
  },
  {
    when: ({ httpStatus, text }) =>
      httpStatus === undefined && (OUT_OF_MEMORY.test(text) || /timed? ?out|deadline/i.test(text)),
    topic: 'build-limits',
    hint: BUILDER_LIMITS,
  },
  {
    when: ({ text }) => /log.?group/i.test(text),
    hint: 'Check `logs-group-id`: the log group must be in the folder of the function.',
  },
  {
    when: ({ text }) => /secret|lockbox|секрет/i.test(text),
    topic: 'secret-refused',
    hint: 'Set `service-account` to an account with the role `lockbox.payloadViewer` on the secret, and check the secret, its version and key.',
  },
  {
    when: ({ text }) => /memory|памят/i.test(text),
    hint: 'Set `memory` to a multiple of 128 MiB from 128Mb to 8Gb.',
  },
  {
    when: ({ text }) => /npm ci|package-lock/i.test(text),
    topic: 'npm-ci',
    hint: 'The builder installs what package.json lists. A package-lock.json beside it must match it; if there is none, try to include one. The build log has the reason.',
  },
  {
    when: ({ text }) => /go\.mod|module .{0,100}main|undefined: .{0,100}Handle/i.test(text),
    topic: 'go-build',
    hint: 'The Go builder needs go.mod with a module that is not named `main`, and an exported handler in package main.',
  },
  {
    when: ({ text }) => /entry ?point|точк\S{0,5} входа|handler/i.test(text),
    hint: 'Check `entrypoint`: it is relative to `source-root`, such as index.handler for index.js.',
  },
  {
    when: ({ text }) => /environment|переменн/i.test(text),
    hint: 'Check `environment`: names match [a-zA-Z][a-zA-Z0-9_]*, all names and values together have at most 4 KB; if a value is empty, try without it.',
  },
  {
    when: ({ httpStatus }) => httpStatus === 429,
    topic: 'too-many-requests',
    hint: 'Yandex Cloud is rate limiting requests: run fewer jobs at once (`max-parallel`), or run the job again later.',
  },
]

/** What to do about a refusal; undefined where its code says as much as is known. */
export function adviseOnRefusal(
  refusal: RefusalFacts,
): { readonly hint: string; readonly topic?: Topic } | undefined {
  const text = refusal.text.slice(0, READ_CHARACTERS)
  return RULES.find(({ when }) => when({ ...refusal, text }))
}

/** What to do about a failed build, by its log; undefined where the log speaks for itself. */
export function hintForLog(log: string): string | undefined {
  return OUT_OF_MEMORY.test(log) ? BUILDER_LIMITS : undefined
}
