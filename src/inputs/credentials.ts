/** Inputs that authenticate the deployment: exactly one kind of credential. */

import type { Secret } from '../secret.ts'
import { isId, listNames, looksLikeName } from '../text.ts'
import type { ServiceAccountKey } from '../yandex/iam/key.ts'
import { parseServiceAccountKey, secretsOfKey } from './key.ts'
import type { Runner } from '../ports.ts'
import type { InputReader, RawInputs } from './reader.ts'
import { parseUrl } from './url.ts'
import { parseSecret, ValueError } from './values.ts'

/** The credential of the deployment. */
export type CredentialInputs =
  | { readonly kind: 'key'; readonly key: ServiceAccountKey }
  | { readonly kind: 'token'; readonly token: Secret }
  | {
      readonly kind: 'federation'
      readonly serviceAccountId: string
      /** Audience of the OIDC token; GitHub's default when undefined. */
      readonly audience: string | undefined
      readonly exchangeUrl: URL
    }
  | { readonly kind: 'metadata' }

const KINDS = [
  'yc-sa-json-credentials',
  'yc-iam-token',
  'yc-sa-id',
  'yc-instance-metadata',
] as const

type CredentialName = (typeof KINDS)[number] | 'oidc-audience' | 'token-exchange-url'

const DEFAULT_EXCHANGE_URL = 'https://auth.yandex.cloud/oauth/token'

/** Hides the given credentials from everything printed later; to be called before anything is. */
export function maskCredentials(raw: RawInputs, runner: Runner): void {
  for (const secret of secretsOfKey(raw['yc-sa-json-credentials'] ?? '')) runner.mask(secret)
  for (const name of ['yc-iam-token', 'github-token'] as const) {
    const token = raw[name]?.trim()
    if (token) runner.mask(token)
  }
}

/** Undefined when none is given, which is a problem unless it may be, or when what is given cannot be read. */
export function readCredentials(
  reader: InputReader<CredentialName>,
  { isOptional }: { isOptional: boolean },
): CredentialInputs | undefined {
  const useMetadata = reader.boolean('yc-instance-metadata')
  const key = reader.parse('yc-sa-json-credentials', parseServiceAccountKey)
  const token = reader.parse('yc-iam-token', parseToken)
  const serviceAccountId = reader.parse('yc-sa-id', parseServiceAccountId)
  const audience = reader.text('oidc-audience')
  const exchangeUrl = reader.parse('token-exchange-url', parseUrl) ?? new URL(DEFAULT_EXCHANGE_URL)

  const given = KINDS.filter((name) =>
    name === 'yc-instance-metadata' ? useMetadata : reader.text(name) !== undefined,
  )
  if (given.length === 0 && isOptional) return undefined
  if (given.length === 0) {
    reader.problemOf(
      KINDS,
      `no credential: set one of ${listNames(KINDS)} (a secret that is not set arrives empty, as in pull requests from forks)`,
    )
  }
  if (given.length > 1) {
    reader.problemOf(KINDS, `${listNames(given)} cannot be combined: set one`)
  }
  if (audience !== undefined && reader.text('yc-sa-id') === undefined) {
    reader.absence(['oidc-audience'], '`oidc-audience` has no effect without `yc-sa-id`')
  }

  if (key) return { kind: 'key', key }
  if (token) return { kind: 'token', token }
  if (serviceAccountId !== undefined) {
    return { kind: 'federation', serviceAccountId, audience, exchangeUrl }
  }
  return useMetadata ? { kind: 'metadata' } : undefined
}

/** Never quotes an invalid value: it may be a key or a token in the wrong input. */
function parseServiceAccountId(text: string): string {
  if (isId(text) && !looksLikeName(text)) return text
  throw new ValueError(
    'is not the id of a service account, such as aje00000000000000000; `yc iam service-account list` prints names and ids',
  )
}

/** Credentials that are not IAM tokens: https://yandex.cloud/en/docs/iam/concepts/authorization */
const OTHER_CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/^y[0-3]_/, 'is an OAuth token, not an IAM token: use the output of `yc iam create-token`'],
  [/^AQVN/, 'is an API key, not an IAM token: use the output of `yc iam create-token`'],
  [/^\{/, 'is JSON, not an IAM token: put an authorized key into `yc-sa-json-credentials`'],
]

/** The format of a token may change: rejects only other known credentials and characters that a header cannot contain. */
function parseToken(text: string): Secret {
  const other = OTHER_CREDENTIALS.find(([pattern]) => pattern.test(text))
  if (other) throw new ValueError(other[1])
  return parseSecret(text)
}
