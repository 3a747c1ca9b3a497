/** Parsers of URLs. */

import { quote } from '../text.ts'
import { isLoopback } from '../yandex/http/endpoints.ts'
import { ValueError } from './values.ts'

/** An `https://` URL, or `http://` to this machine. Throws ValueError. */
export function parseUrl(text: string): URL {
  // Checked first, because a password must not be quoted.
  if (text.includes('@')) {
    throw new ValueError('contains an @: a user name or a password in a URL is not supported')
  }
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
    throw new ValueError(`is ${quote(text)}, which is not an https:// URL`)
  }
  const url = new URL(text)
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new ValueError(
      `is ${quote(text)}; http:// is accepted only for a loopback address, because a token would be sent unencrypted`,
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
