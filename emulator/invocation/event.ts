/** The event of an HTTP call, https://yandex.cloud/en/docs/functions/concepts/function-invoke. */

import type { Request } from '../http/request.ts'

/** Headers that do not reach the function: the caller's credentials, and what is about the connection. */
const KEPT_BACK = ['authorization', 'connection', 'content-md5', 'cookie', 'expect']

/** What a handler gets as its first argument. */
export function event(request: Request, nowMs: number): object {
  const { method, query, body, requestId } = request
  const headers = Object.entries(request.headers)
    .filter(([name]) => !KEPT_BACK.includes(name))
    .map(([name, value]): [string, string[]] => [canonical(name), [value ?? ''].flat()])
  const parameters = [...new Set(query.keys())].map((name): [string, string[]] => [
    name,
    query.getAll(name),
  ])
  const isText = isUtf8(body)
  return {
    httpMethod: method,
    headers: Object.fromEntries(headers.map(([name, values]) => [name, values.join(',')])),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: Object.fromEntries(
      parameters.map(([name, values]) => [name, values.at(-1)]),
    ),
    multiValueQueryStringParameters: Object.fromEntries(parameters),
    requestContext: {
      identity: { sourceIp: '127.0.0.1', userAgent: request.headers['user-agent'] ?? '' },
      httpMethod: method,
      requestId,
      requestTime: new Date(nowMs).toUTCString(),
      requestTimeEpoch: Math.floor(nowMs / 1000),
    },
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  }
}

function canonical(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes)
}
