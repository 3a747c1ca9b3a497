/** Where each service of the cloud is: the published hosts, or what `GET /endpoints` at another root says. */

import { DeployError } from '../../errors.ts'
import { ApiError } from './api-error.ts'
import type { Send } from './http.ts'
import { readJson } from './json.ts'
import { asObject, objectsOf, textOf } from '../wire.ts'

/** Ids of the services that a deployment talks to, as `GET /endpoints` names them. */
export type ServiceId = 'iam' | 'serverless-functions' | 'operation' | 'storage' | 'lockbox' | 'vpc'

/** Root of the API in the Russia region. */
export const DEFAULT_ENDPOINT = 'https://api.cloud.yandex.net/'

/** Published in https://yandex.cloud/en/docs/api-design-guide/concepts/endpoints */
const PUBLISHED: Readonly<Record<ServiceId, string>> = {
  iam: 'iam.api.cloud.yandex.net',
  'serverless-functions': 'serverless-functions.api.cloud.yandex.net',
  operation: 'operation.api.cloud.yandex.net',
  storage: 'storage.yandexcloud.net',
  lockbox: 'lockbox.api.cloud.yandex.net',
  vpc: 'vpc.api.cloud.yandex.net',
}

export type Endpoints = (service: ServiceId) => Promise<URL>

/** Finds addresses; asks a root that is not the default one once. Throws DeployError API_UNEXPECTED for an unusable address. */
export function createEndpoints(root: URL, deps: { send: Send }): Endpoints {
  if (root.href === DEFAULT_ENDPOINT) {
    return (service) => Promise.resolve(new URL(`https://${PUBLISHED[service]}/`))
  }
  let discovered: Promise<ReadonlyMap<string, string>> | undefined
  return async (service) => {
    discovered ??= discover(root, deps)
    const address = (await discovered).get(service)
    const url = address === undefined ? undefined : serviceUrl(address, root)
    if (!url) {
      throw new DeployError(
        'API_UNEXPECTED',
        `${root.href}endpoints has ${address === undefined ? 'no address' : `the unusable address ${JSON.stringify(address)}`} for the service "${service}".`,
        {
          hint: 'Check `api-endpoint`: it must be the root of the API, such as api.cloud.yandex.net:443.',
        },
      )
    }
    return url
  }
}

async function discover(root: URL, { send }: { send: Send }): Promise<ReadonlyMap<string, string>> {
  return send({
    what: 'read the list of API endpoints',
    method: 'GET',
    url: new URL('/endpoints', root),
    headers: { accept: 'application/json' },
    isPublic: true,
    read: (answer) => {
      const body = asObject(readJson(answer))
      if (!body) throw new TypeError('the list of endpoints is not an object')
      const endpoints = objectsOf(body, 'endpoints')
      return new Map(
        endpoints.map((endpoint) => [textOf(endpoint, 'id'), textOf(endpoint, 'address')]),
      )
    },
    refuse: (answer) => new ApiError(answer, { what: 'read the list of API endpoints' }),
  })
}

/** An address is `host:port` without a scheme; it is served as its root is, and http stays on this machine. */
function serviceUrl(address: string, root: URL): URL | undefined {
  if (!/^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(address)) return undefined
  if (!URL.canParse(`${root.protocol}//${address}/`)) return undefined
  const url = new URL(`${root.protocol}//${address}/`)
  return url.protocol === 'https:' || isLoopback(url.hostname) ? url : undefined
}

/** Whether a host name is of this machine, by its spelling alone. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
