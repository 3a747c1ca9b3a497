/** IAM tokens: given out, checked, expired. */

import { randomBytes } from 'node:crypto'
import { unauthenticated } from '../http/status.ts'
import type { Cloud } from '../state.ts'

/** A new IAM token for a service account, in the documented form. */
export function issueToken(
  cloud: Cloud,
  subject: string,
): { readonly token: string; readonly expiresAtMs: number } {
  const token = `t1.${randomBytes(45).toString('base64url')}.${randomBytes(64).toString('base64url')}`
  const expiresAtMs = cloud.settings.clock() + cloud.settings.tokenLifetimeSeconds * 1000
  cloud.tokens.set(token, { subject, expiresAtMs })
  cloud.issuedTokens.push(token)
  return { token, expiresAtMs }
}

/**
 * Service account that a bearer token is for.
 * Throws UNAUTHENTICATED.
 */
export function checkToken(cloud: Cloud, authorization: string | undefined): string {
  const token = /^Bearer ([^\s]+)$/.exec(authorization ?? '')?.[1]
  const known = token === undefined ? undefined : cloud.tokens.get(token)
  if (!known || known.expiresAtMs <= cloud.settings.clock()) throw unauthenticated()
  return known.subject
}

/** Makes every token given out so far invalid. */
export function expireTokens(cloud: Cloud): void {
  for (const token of cloud.tokens.values()) token.expiresAtMs = 0
}
