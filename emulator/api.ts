/** The API listener's part: every service but Object Storage and invocation, on one port. */
import type { Cloud } from './cloud.ts'
import { endpointRoutes } from './endpoints.ts'
import { functionRoutes } from './functions.ts'
import { iamRoutes, type AuthorizedKey } from './iam.ts'
import { secretRoutes } from './lockbox.ts'
import { metadataRoutes } from './metadata.ts'
import { exchangeRoutes, githubRoutes, type Federation, type GithubProvider } from './oidc.ts'
import { operationRoutes } from './operations.ts'
import { router } from './router.ts'
import type { Reply, Request } from './server.ts'
import { serviceAccountRoutes } from './service-accounts.ts'
import { codeOf, statusBody } from './status.ts'
import { tagRoutes } from './tags.ts'
import { versionRoutes } from './versions.ts'
import { networkRoutes } from './vpc.ts'

/** Whom the API trusts. */
export interface Trust {
  readonly keys: ReadonlyMap<string, AuthorizedKey>
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
    ...serviceAccountRoutes(cloud),
    ...functionRoutes(cloud),
    ...versionRoutes(cloud),
    ...tagRoutes(cloud),
    ...operationRoutes(cloud),
    ...secretRoutes(cloud),
    ...networkRoutes(cloud),
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
