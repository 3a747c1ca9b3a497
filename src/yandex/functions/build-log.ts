/** The log of a failed build behind the link that an operation's error may hold. */

import type { DeployError } from '../../errors.ts'
import { textOfBody } from '../http/answer.ts'
import { ApiError } from '../http/api-error.ts'
import type { Endpoints } from '../http/endpoints.ts'
import type { Send } from '../http/http.ts'
import type { Status } from '../wire.ts'

/** Without the punctuation of the sentence that it stands in. */
const LINK = /https?:\/\/[^\s"'<>\\)\]]*[^\s"'<>\\)\].,;:!?]/g

/** A shorter query is no key, and would hide innocent text everywhere in the log. */
const MIN_SECRET_CHARACTERS = 16

/**
 * Where build logs are besides the Object Storage of the API itself: its other address, and the regions. A link to any
 * other host, such as one that a build wrote into its own error, is nothing for a runner to open.
 */
const LOG_ORIGINS = [
  'https://storage.yandexcloud.net',
  'https://s3.yandexcloud.net',
  'https://storage.yandexcloud.kz',
]

/** How much is read of a log, from its end, in bytes. */
const LOG_TAIL_BYTES = 256 * 1024

/** The text of the log, or undefined when there is no link or nothing behind it; never fails a failure further. */
export async function readBuildLog(
  status: Status,
  { send, endpoints, mask }: { send: Send; endpoints: Endpoints; mask: (value: string) => void },
): Promise<string | undefined> {
  try {
    // Plain http and this machine only where the API itself is there.
    const { origin } = await endpoints('storage')
    const link = findLink(status, [origin, ...LOG_ORIGINS])
    if (!link) return undefined
    if (link.search.length > MIN_SECRET_CHARACTERS) mask(link.search.slice(1))
    return await send({
      what: 'read the build log',
      method: 'GET',
      url: link,
      // No token: the link itself gives access.
      headers: { accept: 'text/plain', range: `bytes=-${LOG_TAIL_BYTES}` },
      retry: { attemptMs: 10_000, totalMs: 2_000 },
      read: textOfBody,
      refuse: (answer): DeployError => new ApiError(answer, { what: 'read the build log' }),
    })
  } catch {
    return undefined
  }
}

/** No documented field holds the link, so it is looked for in the message and everything in the details. */
function findLink(status: Status, origins: readonly string[]): URL | undefined {
  const text = textsIn([status.message, status.details]).join('\n')
  return (text.match(LINK) ?? [])
    .filter((link) => URL.canParse(link))
    .map((link) => new URL(link))
    .filter(({ origin }) => origins.includes(origin))
    .find(({ pathname }) => /log|\.output$/i.test(pathname))
}

/** Every text in a value, in order; without recursion, since JSON may be nested deeper than the stack is. */
function textsIn(value: unknown): readonly string[] {
  const texts: string[] = []
  const rest = [value]
  while (rest.length > 0) {
    const next = rest.pop()
    if (typeof next === 'string') texts.push(next)
    else if (typeof next === 'object' && next !== null) {
      for (const item of Object.values(next).reverse()) rest.push(item)
    }
  }
  return texts
}
