/** Workload identity federation: tokens of GitHub's OIDC provider are exchanged for IAM tokens. */

import { PlainRefusal, type Call, type Route } from '../http/route.ts'
import type { Cloud } from '../state.ts'
import type { GithubProvider } from './github-oidc.ts'
import { decodeJwt, isRs256, type DecodedJwt } from './jwt.ts'
import { issueToken } from './tokens.ts'

/** A service account that a subject of the federation may act as. */
export interface FederatedCredential {
  readonly serviceAccountId: string
  /** Compared exactly. */
  readonly subject: string
}

/** A federation that trusts one issuer. */
export interface Federation {
  readonly audiences: Set<string>
  readonly credentials: FederatedCredential[]
}

/** Parameters of https://yandex.cloud/en/docs/iam/operations/wlif/setup-wlif that take one value only. */
const FIXED = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
} as const

/** `POST /oauth/token`. */
export function exchangeRoutes(
  cloud: Cloud,
  trust: { readonly provider: GithubProvider; readonly federation: Federation },
): Route[] {
  return [
    {
      method: 'POST',
      path: '/oauth/token',
      isOpen: true,
      handle: (call) => {
        const form = readForm(call)
        const serviceAccountId = form.get('audience') ?? ''
        if (!cloud.serviceAccounts.has(serviceAccountId)) {
          throw refusal(`Service account ${serviceAccountId} not found`)
        }
        const subject = checkSubjectToken(cloud, { ...trust, token: form.get('subject_token') })
        const isBound = trust.federation.credentials.some(
          (c) => c.serviceAccountId === serviceAccountId && c.subject === subject,
        )
        if (!isBound) {
          throw refusal(`No federated credential of the service account for subject ${subject}`)
        }
        const { token, expiresAtMs } = issueToken(cloud, serviceAccountId)
        const expiresIn = Math.floor((expiresAtMs - cloud.settings.clock()) / 1000)
        return { access_token: token, token_type: 'Bearer', expires_in: expiresIn }
      },
    },
  ]
}

function readForm({ headers, body }: Call): URLSearchParams {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
    throw refusal('Content-Type must be application/x-www-form-urlencoded')
  }
  const form = new URLSearchParams(body.toString('utf8'))
  for (const [name, value] of Object.entries(FIXED)) {
    if (form.get(name) !== value) throw refusal(`${name} must be ${value}`)
  }
  return form
}

/** The subject of a token that the federation trusts. */
function checkSubjectToken(
  cloud: Cloud,
  given: {
    readonly provider: GithubProvider
    readonly federation: Federation
    readonly token: string | null
  },
): string {
  const jwt: DecodedJwt | undefined = decodeJwt(given.token ?? '')
  if (jwt?.header.alg !== 'RS256' || !isRs256(jwt, given.provider.keys.publicKey)) {
    throw refusal('The signature of the subject token is invalid')
  }
  const { iss, aud, sub, exp } = jwt.claims
  if (iss !== given.provider.issuer) throw refusal('The issuer is not that of the federation')
  if (typeof aud !== 'string' || !given.federation.audiences.has(aud)) {
    throw refusal('The audience is not among those of the federation')
  }
  if (typeof exp !== 'number' || exp * 1000 <= cloud.settings.clock()) {
    throw refusal('The subject token has expired')
  }
  if (typeof sub !== 'string') throw refusal('The subject token has no subject')
  return sub
}

function refusal(description: string): PlainRefusal {
  return new PlainRefusal(400, { error: 'invalid_grant', error_description: description })
}
