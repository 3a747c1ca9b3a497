/** An IAM token: what it is, who keeps it, and how to read one from an answer. */

import type { Clock } from '../../ports.ts'
import { Secret } from '../../secret.ts'
import type { Endpoints } from '../http/endpoints.ts'
import type { Send } from '../http/http.ts'
import { fieldsOf } from '../../json.ts'
import { text } from '../fields.ts'

/** A token and when it expires, in milliseconds of `Clock.now()`. */
export interface IamToken {
  readonly token: Secret
  readonly expiresAtMs: number
}

/** Keeps a valid token at hand. */
export interface TokenSource {
  /** A token that is valid for at least another minute; the same one until then. */
  get(): Promise<Secret>
  /** A new token in place of a refused one; undefined where the credential cannot make one. */
  renew(refused: Secret): Promise<Secret | undefined>
}

/** What is needed to get a token. */
export interface TokenDeps {
  readonly send: Send
  readonly endpoints: Endpoints
  readonly clock: Clock
  /** Called with every secret that is derived, before its first use. */
  readonly mask: (value: string) => void
}

/** Tokens are valid for up to 12 hours; one whose expiry cannot be read is used for an hour. */
const FALLBACK_LIFETIME_MS = 3_600_000

/** Reads the token and its expiry from `expiresAt` (RFC 3339) or `expires_in` (seconds), and masks it. */
export function readIamToken(
  json: unknown,
  { field, deps }: { field: string; deps: TokenDeps },
): IamToken {
  const { [field]: token, expires_in: expiresIn, expiresAt } = fieldsOf(json)
  const value = text(token, field)
  if (value === '') throw new TypeError(`"${field}" is missing`)
  deps.mask(value)
  const lifetimeMs =
    typeof expiresIn === 'number'
      ? expiresIn * 1000
      : Date.parse(text(expiresAt, 'expiresAt')) - deps.clock.wallTime()
  return {
    token: new Secret(value),
    expiresAtMs: deps.clock.now() + (Number.isNaN(lifetimeMs) ? FALLBACK_LIFETIME_MS : lifetimeMs),
  }
}
