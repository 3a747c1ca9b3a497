/** Finds the address of each service: the published hosts, or what `GET /endpoints` at another root lists. */

import { DeployError } from '../../errors.ts'
import { ApiError } from './api-error.ts'
import { readJson } from './answer.ts'
import type { Send } from './http.ts'
import { readPages } from './pages.ts'
import { PUBLISHED_HOSTS, type ServiceId } from './services.ts'
import { asObject } from '../../json.ts'
import { items, resource, text } from '../fields.ts'

/** Root of the API in the Russia region. */
export const DEFAULT_ENDPOINT = 'https://api.cloud.yandex.net/'

/** Resolves to the address of a service. Throws {@link EndpointError}. */
export type Endpoints = (service: ServiceId) => Promise<URL>

/** A root of an API that lists no usable address for a service. */
export class EndpointError extends DeployError {}

/** A root other than the default one is asked once, at the first call. */
export function createEndpoints(root: URL, deps: { send: Send }): Endpoints {
  if (root.href === DEFAULT_ENDPOINT) {
    return (service) => Promise.resolve(new URL(`https://${PUBLISHED_HOSTS[service]}/`))
  }
  let discovered: Promise<ReadonlyMap<string, string>> | undefined
  return async (service) => {
    discovered ??= discover(root, deps)
    const address = (await discovered).get(service)
    const url = address === undefined ? undefined : serviceUrl(address, root)
    if (!url) {
      const problem =
        address === undefined ? 'no address' : `the unusable address ${JSON.stringify(address)}`
      throw new EndpointError(
        'API_UNEXPECTED',
        `${root.href}endpoints has ${problem} for the service "${service}".`,
      )
    }
    return url
  }
}

const WHAT = 'read the list of API endpoints'

const readEndpoints = resource('the list of endpoints', { endpoints: items, nextPageToken: text })
const readEndpoint = resource('the endpoint', { id: text, address: text })

async function discover(root: URL, { send }: { send: Send }): Promise<ReadonlyMap<string, string>> {
  const listed = await readPages(WHAT, (pageToken) => {
    const url = new URL('/endpoints', root)
    if (pageToken !== '') url.searchParams.set('pageToken', pageToken)
    return send({
      what: WHAT,
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      isPublic: true,
      read: (answer) => {
        const { endpoints, nextPageToken } = readEndpoints(readJson(answer))
        return { items: endpoints.filter(asObject).map(readEndpoint), nextPageToken }
      },
      refuse: (answer) => new ApiError(answer, { what: WHAT }),
    })
  })
  return new Map(listed.map(({ id, address }) => [id, address]))
}

/** An address is `host:port` without a scheme. It has the scheme of the root; http is for this machine only. */
function serviceUrl(address: string, root: URL): URL | undefined {
  if (!/^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(address)) return undefined
  if (!URL.canParse(`${root.protocol}//${address}/`)) return undefined
  const url = new URL(`${root.protocol}//${address}/`)
  return url.protocol === 'https:' || isLoopback(url.hostname) ? url : undefined
}

/** Whether a host name means this machine, judged by its spelling alone. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
