/** Gets IAM tokens with a credential: a service account's key, an OIDC token or a VM's metadata. Renews them in time. */

import type { Secret } from '../../secret.ts'
import { exchangeFederatedToken, type Federation } from './federation.ts'
import { exchangeKey, type ServiceAccountKey } from './key.ts'
import { readMetadataToken } from './metadata.ts'
import type { IamToken, TokenDeps, TokenSource } from './token.ts'

/** One way to prove which account sends the calls. */
export type Credentials =
  | { readonly kind: 'key'; readonly key: ServiceAccountKey }
  | { readonly kind: 'token'; readonly token: Secret }
  | ({ readonly kind: 'federation' } & Federation)
  | { readonly kind: 'metadata'; readonly address: URL }

const RENEW_BEFORE_MS = 60_000

/** Throws DeployError AUTH_FAILED from `get` and `renew`. */
export function createTokenSource(credentials: Credentials, deps: TokenDeps): TokenSource {
  if (credentials.kind === 'token') {
    const { token } = credentials
    return { get: () => Promise.resolve(token), renew: () => Promise.resolve(undefined) }
  }
  let current: Promise<IamToken> | undefined
  const start = (): Promise<IamToken> => {
    const started = issue(credentials, deps)
    // After a failure, the next call tries again.
    started.catch(() => {
      if (current === started) current = undefined
    })
    return started
  }
  const fresh = async (
    isStale: (token: IamToken) => boolean,
    isUsable: (token: IamToken) => boolean,
  ): Promise<Secret> => {
    const known = (current ??= start())
    const issued = await known
    if (!isStale(issued)) return issued.token
    // Several calls may find the same token stale; only the first of them renews it.
    if (current === known) current = start()
    try {
      return (await (current ??= start())).token
    } catch (error) {
      // Renewal starts early: during an outage, a token that has not expired yet is still used.
      if (!isUsable(issued)) throw error
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
  deps: TokenDeps,
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
