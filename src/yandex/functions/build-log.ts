/** Reads the log of a failed build, if the error of the operation contains a link to it. */

import type { Cloud } from '../cloud.ts'
import { textOfBody } from '../http/answer.ts'
import { ApiError } from '../http/api-error.ts'
import type { Status } from '../http/grpc.ts'

/** Without the punctuation that follows it in a sentence. */
const LINK = /https?:\/\/[^\s"'<>\\)\]]*[^\s"'<>\\)\].,;:!?]/g

/** A shorter query is not a key; masking it would hide unrelated text in the log. */
const MIN_SECRET_CHARACTERS = 16

/**
 * Where build logs are, beside the Object Storage of the API in use: its other address, and other regions. A link to
 * any other host, such as one that a build wrote into its error, is not opened.
 */
const LOG_ORIGINS = [
  'https://storage.yandexcloud.net',
  'https://s3.yandexcloud.net',
  'https://storage.yandexcloud.kz',
]

/** How much of the end of a log is read, in bytes. */
const LOG_TAIL_BYTES = 256 * 1024

/** The text of the log; undefined when there is no link or it cannot be read. Never throws. */
export async function readBuildLog(
  status: Status,
  { send, endpoints, mask }: Cloud,
): Promise<string | undefined> {
  try {
    // Plain http or this machine is allowed only when the API itself is there.
    const { origin } = await endpoints('storage')
    const link = findLink(status, [origin, ...LOG_ORIGINS])
    if (!link) return undefined
    if (link.search.length > MIN_SECRET_CHARACTERS) mask(link.search.slice(1))
    return await send({
      what: 'read the build log',
      method: 'GET',
      url: link,
      // Without a token: the link itself gives access.
      headers: { accept: 'text/plain', range: `bytes=-${LOG_TAIL_BYTES}` },
      retry: { attemptMs: 10_000, totalMs: 2_000 },
      read: textOfBody,
      refuse: (answer) => new ApiError(answer, { what: 'read the build log' }),
    })
  } catch {
    return undefined
  }
}

/** No documented field contains the link, so the message and all details are searched. */
function findLink(status: Status, origins: readonly string[]): URL | undefined {
  const text = textsIn([status.message, status.details]).join('\n')
  return (text.match(LINK) ?? [])
    .filter((link) => URL.canParse(link))
    .map((link) => new URL(link))
    .filter(({ origin }) => origins.includes(origin))
    .find(({ pathname }) => /log|\.output$/i.test(pathname))
}

/** Every text in a value, in order; without recursion, since JSON may be nested deeper than the stack. */
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
