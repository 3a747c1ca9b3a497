/** The API listener's part: every service but Object Storage and invocation, on one port. */

import { accessRoutes } from './functions/access.ts'
import { functionRoutes } from './functions/functions.ts'
import { scalingRoutes } from './functions/scaling.ts'
import { tagHistoryRoutes } from './functions/tag-history.ts'
import { tagRoutes } from './functions/tags.ts'
import { versionRoutes } from './functions/versions.ts'
import type { Reply, Request } from './http/request.ts'
import { router } from './http/router.ts'
import { codeOf, statusBody } from './http/status.ts'
import { exchangeRoutes, type Federation } from './identity/federation.ts'
import { githubRoutes, type GithubProvider } from './identity/github-oidc.ts'
import { iamRoutes, type AuthorizedKey } from './identity/iam-token.ts'
import { metadataRoutes } from './identity/metadata.ts'
import { endpointRoutes } from './services/endpoints.ts'
import { namedRoutes } from './services/named.ts'
import { operationRoutes } from './services/operations.ts'
import { secretRoutes } from './services/secrets.ts'
import type { Cloud } from './state.ts'

/** Whom the API trusts. */
export interface Trust {
  readonly keys: Map<string, AuthorizedKey>
  readonly provider: GithubProvider
  readonly federation: Federation
  /** Service account of the VM that the metadata service speaks for. */
  readonly vmServiceAccountId: string
}

/** Answers API requests. */
export function api(cloud: Cloud, trust: Trust): (request: Request) => Promise<Reply> {
  return router(cloud, [
    ...endpointRoutes(cloud),
    ...iamRoutes(cloud, trust.keys),
    ...functionRoutes(cloud),
    ...versionRoutes(cloud),
    ...tagRoutes(cloud),
    ...tagHistoryRoutes(cloud),
    ...accessRoutes(cloud),
    ...scalingRoutes(cloud),
    ...operationRoutes(cloud),
    ...secretRoutes(cloud),
    ...namedRoutes(cloud),
    ...githubRoutes(cloud, trust.provider),
    ...exchangeRoutes(cloud, trust),
    ...metadataRoutes(cloud, trust.vmServiceAccountId),
  ])
}

const SERVICES: Readonly<Record<string, string>> = {
  endpoints: 'endpoint',
  iam: 'iam',
  functions: 'serverless-functions',
  operations: 'operation',
  lockbox: 'lockbox',
  vpc: 'vpc',
  oauth: 'auth',
  computeMetadata: 'metadata',
  github: 'github',
}

/** Endpoint id of a path on this listener. */
export function apiService(path: string): string {
  return SERVICES[path.split('/')[1] ?? ''] ?? 'unknown'
}

/** The refusal that an HTTP status alone stands for. */
export function apiRefusal(status: number, requestId: string): object {
  return statusBody({ code: codeOf(status), message: `Injected fault: HTTP ${status}` }, requestId)
}
