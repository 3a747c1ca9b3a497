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
  const fresh = async (refused?: Secret): Promise<Secret> => {
    const known = (current ??= start())
    const { token, expiresAtMs } = await known
    const leftMs = expiresAtMs - deps.clock.now()
    if (refused ? token !== refused : leftMs > RENEW_BEFORE_MS) return token
    // Several calls may find the same token stale; only the first of them renews it.
    if (current === known) current = start()
    try {
      return (await (current ??= start())).token
    } catch (error) {
      // Renewal starts early: during an outage, a token that has not expired yet is still used.
      if (refused || expiresAtMs <= deps.clock.now()) throw error
      current ??= known
      return token
    }
  }
  return { get: () => fresh(), renew: fresh }
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
