/** A stand-in for GitHub's OIDC provider: gives a job tokens that say who it is. */

import { randomUUID } from 'node:crypto'
import { PlainRefusal, type Route } from '../http/route.ts'
import type { Job } from '../emulator.ts'
import type { Cloud } from '../state.ts'
import { signRs256, type KeyPair } from './jwt.ts'

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

/** The provider for a job. */
export function githubProvider(
  keys: KeyPair,
  { repository = 'octo-org/hello', subject = `repo:${repository}:ref:refs/heads/main` }: Job = {},
): GithubProvider {
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
        if (headers.authorization !== `Bearer ${provider.requestToken}`) {
          throw new PlainRefusal(401, { message: 'The request token is not valid.' })
        }
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
