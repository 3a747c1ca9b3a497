/** Workload identity federation: a stand-in for GitHub's OIDC provider, and the exchange of its tokens. */
import { randomUUID } from 'node:crypto'
import type { Cloud } from '../state.ts'
import { decodeJwt, isRs256, signRs256, type DecodedJwt, type KeyPair } from './jwt.ts'
import { PlainRefusal, type Call, type Route } from '../http/router.ts'
import { issueToken } from './tokens.ts'

/** How long a token of GitHub lives. */
const GITHUB_TOKEN_SECONDS = 300
const ISSUER = 'https://token.actions.githubusercontent.com'

/** What the stand-in says about the workflow. */
export interface GithubProvider {
  readonly keys: KeyPair
  /** The bearer token that a job asks with. */
  readonly requestToken: string
  readonly issuer: string
  readonly subject: string
  readonly repository: string
}

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

/** The provider for `repository`, on its main branch. */
export function githubProvider(
  keys: KeyPair,
  { repository }: { readonly repository: string },
): GithubProvider {
  const subject = `repo:${repository}:ref:refs/heads/main`
  return { keys, requestToken: randomUUID(), issuer: ISSUER, subject, repository }
}

/** The audience of GitHub's tokens when a workflow asks for none. */
export function defaultAudience({ repository }: GithubProvider): string {
  return `https://github.com/${repository.split('/')[0] ?? ''}`
}

/** `GET /github/oidc/token`, as a runner is given it in ACTIONS_ID_TOKEN_REQUEST_URL. */
export function githubRoutes(cloud: Cloud, provider: GithubProvider): Route[] {
  return [
    {
      method: 'GET',
      path: '/github/oidc/token',
      hasQuery: true,
      isOpen: true,
      handle: ({ headers, query }) => {
        if (headers.authorization !== `Bearer ${provider.requestToken}`)
          throw new PlainRefusal(401, { message: 'The request token is not valid.' })
        const audience = query.get('audience') ?? defaultAudience(provider)
        const value = githubToken(cloud, { provider, audience })
        cloud.issuedTokens.push(value)
        return { count: value.length, value }
      },
    },
  ]
}

function githubToken(
  cloud: Cloud,
  { provider, audience }: { readonly provider: GithubProvider; readonly audience: string },
): string {
  const now = Math.floor(cloud.settings.clock() / 1000)
  const { repository, subject, issuer, keys } = provider
  const claims = {
    jti: randomUUID(),
    sub: subject,
    aud: audience,
    ref: 'refs/heads/main',
    repository,
    repository_owner: repository.split('/')[0],
    event_name: 'push',
    iss: issuer,
    nbf: now - 600,
    exp: now + GITHUB_TOKEN_SECONDS,
    iat: now,
  }
  return signRs256(claims, { kid: 'github-1', key: keys.privateKey })
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
        if (!cloud.serviceAccounts.has(serviceAccountId))
          throw refusal(`Service account ${serviceAccountId} not found`)
        const subject = checkSubjectToken(cloud, { ...trust, token: form.get('subject_token') })
        const isBound = trust.federation.credentials.some(
          (c) => c.serviceAccountId === serviceAccountId && c.subject === subject,
        )
        if (!isBound)
          throw refusal(`No federated credential of the service account for subject ${subject}`)
        const { token, expiresAtMs } = issueToken(cloud, serviceAccountId)
        const expiresIn = Math.floor((expiresAtMs - cloud.settings.clock()) / 1000)
        return { access_token: token, token_type: 'Bearer', expires_in: expiresIn }
      },
    },
  ]
}

function readForm({ headers, body }: Call): URLSearchParams {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
    throw refusal('Content-Type must be application/x-www-form-urlencoded')
  const form = new URLSearchParams(body.toString('utf8'))
  for (const [name, value] of Object.entries(FIXED))
    if (form.get(name) !== value) throw refusal(`${name} must be ${value}`)
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
  if (jwt?.header.alg !== 'RS256' || !isRs256(jwt, given.provider.keys.publicKey))
    throw refusal('The signature of the subject token is invalid')
  const { iss, aud, sub, exp } = jwt.claims
  if (iss !== given.provider.issuer) throw refusal('The issuer is not that of the federation')
  if (typeof aud !== 'string' || !given.federation.audiences.has(aud))
    throw refusal('The audience is not among those of the federation')
  if (typeof exp !== 'number' || exp * 1000 <= cloud.settings.clock())
    throw refusal('The subject token has expired')
  if (typeof sub !== 'string') throw refusal('The subject token has no subject')
  return sub
}

function refusal(description: string): PlainRefusal {
  return new PlainRefusal(400, { error: 'invalid_grant', error_description: description })
}
