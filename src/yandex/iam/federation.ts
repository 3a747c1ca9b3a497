/** An IAM token for an OIDC token of someone else, by workload identity federation. */

import { DeployError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { answerDetails, describeBody, readJson } from '../http/answer.ts'
import type { Send } from '../http/http.ts'
import { readIamToken, type IamToken, type TokenDeps } from './token.ts'
import { fieldsOf, type JsonObject } from '../../json.ts'

/** A federation that trusts the issuer of the subject token. */
export interface Federation {
  readonly serviceAccountId: string
  readonly exchangeUrl: URL
  /** Gets the OIDC token. */
  readonly subjectToken: (deps: { send: Send }) => Promise<Secret>
}

/**
 * Parameters from https://yandex.cloud/en/docs/iam/operations/wlif/setup-wlif. Throws DeployError AUTH_FAILED
 * with the issuer, subject and audience of the OIDC token in its details, never the token.
 */
export async function exchangeFederatedToken(
  { serviceAccountId, exchangeUrl, subjectToken }: Federation,
  deps: TokenDeps,
): Promise<IamToken> {
  const token = await subjectToken(deps)
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: serviceAccountId,
    subject_token: token.reveal(),
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  })
  return deps.send({
    what: `exchange the OIDC token for an IAM token of the service account ${serviceAccountId}`,
    method: 'POST',
    url: exchangeUrl,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: [Buffer.from(form.toString())],
    read: (answer) => readIamToken(readJson(answer), { field: 'access_token', deps }),
    refuse: (answer) => {
      const { iss, sub, aud } = decodeClaims(token)
      return new DeployError(
        'AUTH_FAILED',
        `The exchange of the OIDC token for an IAM token of the service account ${serviceAccountId} was refused: HTTP ${answer.status}: ${describeBody(answer)}`,
        {
          topic: 'exchange-refused',
          details: {
            iss: claimText(iss),
            sub: claimText(sub),
            aud: claimText(aud),
            ...answerDetails(answer),
          },
        },
      )
    },
  })
}

function decodeClaims(token: Secret): JsonObject {
  try {
    const payload = token.reveal().split('.')[1] ?? ''
    return fieldsOf(JSON.parse(Buffer.from(payload, 'base64url').toString()))
  } catch {
    return {}
  }
}

function claimText(claim: unknown): string {
  if (typeof claim === 'string') return claim
  return Array.isArray(claim) ? claim.map(String).join(', ') : '(none)'
}
