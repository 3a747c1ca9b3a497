/** Addresses given by a workflow. */

import { ValueError } from './values.ts'
import { quote } from '../suggest.ts'
import { isLoopback } from '../yandex/http/endpoints.ts'

/** An `https://` URL, or `http://` to this machine. Throws ValueError. */
export function parseUrl(text: string): URL {
  // Before anything else, since a password must not be quoted.
  if (text.includes('@')) {
    throw new ValueError('holds an @: a user name or a password in a URL is not supported')
  }
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
    throw new ValueError(`is ${quote(text)}, which is not an https:// URL`)
  }
  const url = new URL(text)
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new ValueError(
      `is ${quote(text)}; http:// is taken only for a loopback address, since a token would travel in the open`,
    )
  }
  return url
}

/** Root of an API as `host:port`, `https://host` or, on this machine, `http://host:port`. Throws ValueError. */
export function parseEndpoint(text: string): URL {
  const url = parseUrl(text.includes('://') ? text : `https://${text}`)
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new ValueError(`is ${quote(text)}; write host:port without a path`)
  }
  return url
}
