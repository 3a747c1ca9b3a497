/** IAM tokens: made from a service account's key, a GitHub OIDC token or the VM's metadata, renewed when they age. */

import type { Clock } from '../../ports.ts'
import type { Secret } from '../../secret.ts'
import type { Endpoints } from '../http/endpoints.ts'
import { exchangeFederatedToken } from './federation.ts'
import type { Send } from '../http/http.ts'
import { exchangeKey, type ServiceAccountKey } from './key.ts'
import { readMetadataToken } from './metadata.ts'

/** Exactly one way to prove who deploys. */
export type Credentials =
  | { readonly kind: 'key'; readonly key: ServiceAccountKey }
  | { readonly kind: 'token'; readonly token: Secret }
  | {
      readonly kind: 'federation'
      readonly serviceAccountId: string
      readonly exchangeUrl: URL
      /** The job's OIDC token. */
      readonly subjectToken: (deps: { send: Send }) => Promise<Secret>
    }
  | { readonly kind: 'metadata'; readonly address: URL }

/** A token and when it ends, in milliseconds of `Clock.now()`. */
export interface IamToken {
  readonly token: Secret
  readonly expiresAtMs: number
}

export interface TokenSource {
  /** A token that is valid for at least another minute, the same one until then. */
  get(): Promise<Secret>
  /** Another token in place of one that was refused; undefined where the credential cannot make one. */
  renew(refused: Secret): Promise<Secret | undefined>
}

export interface CredentialDeps {
  readonly send: Send
  readonly endpoints: Endpoints
  readonly clock: Clock
  /** Called with everything secret that is derived, before its first use. */
  readonly mask: (value: string) => void
}

const RENEW_BEFORE_MS = 60_000

/** Throws DeployError AUTH_FAILED from `get` and `renew`. */
export function createTokenSource(credentials: Credentials, deps: CredentialDeps): TokenSource {
  if (credentials.kind === 'token') {
    const { token } = credentials
    return { get: () => Promise.resolve(token), renew: () => Promise.resolve(undefined) }
  }
  let current: Promise<IamToken> | undefined
  const start = (): Promise<IamToken> => {
    const started = issue(credentials, deps)
    // A token that could not be made is made again by the next who asks.
    started.catch(() => {
      if (current === started) current = undefined
    })
    return started
  }
  const fresh = async (
    isStale: (token: IamToken) => boolean,
    stillHolds: (token: IamToken) => boolean,
  ): Promise<Secret> => {
    const known = (current ??= start())
    const issued = await known
    if (!isStale(issued)) return issued.token
    // Several calls may find the same token stale at once: only the first of them renews.
    if (current === known) current = start()
    try {
      return (await (current ??= start())).token
    } catch (error) {
      // Renewal begins early, so that a token which still holds can bridge an outage.
      if (!stillHolds(issued)) throw error
      current ??= known
      return issued.token
    }
  }
  const lastsFor = ({ expiresAtMs }: IamToken): number => expiresAtMs - deps.clock.now()
  return {
    get: () =>
      fresh(
        (token) => lastsFor(token) <= RENEW_BEFORE_MS,
        (token) => lastsFor(token) > 0,
      ),
    renew: (refused) =>
      fresh(
        ({ token }) => token === refused,
        () => false,
      ),
  }
}

async function issue(
  credentials: Exclude<Credentials, { kind: 'token' }>,
  deps: CredentialDeps,
): Promise<IamToken> {
  switch (credentials.kind) {
    case 'key':
      return exchangeKey(credentials.key, deps)
    case 'federation':
      return exchangeFederatedToken(credentials, deps)
    case 'metadata':
      return readMetadataToken(credentials.address, deps)
  }
}
