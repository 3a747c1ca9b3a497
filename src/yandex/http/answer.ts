/** Reads answers of the API, in whatever shape they come: JSON, `google.rpc.Status`, XML, HTML. */

import type { HttpResponse } from '../../ports.ts'
import { clip, hideLinks, withoutValues } from '../../text.ts'
import { grpcCodeName, grpcCodeOf, type GrpcCode, type Status } from './grpc.ts'
import { asObject, type JsonObject } from '../../json.ts'

/** How much of an unknown body is quoted, and how much of it is searched for text, in characters. */
const QUOTED_CHARACTERS = 200
const READ_CHARACTERS = 4_000

/** The body as text. */
export function textOfBody(answer: HttpResponse): string {
  return new TextDecoder().decode(answer.body)
}

/** The parsed body. Throws SyntaxError when it is not JSON. */
export function readJson(answer: HttpResponse): unknown {
  return JSON.parse(textOfBody(answer))
}

/**
 * The `google.rpc.Status` in an answer's body; also in the wrapped form `{"error": {"grpcCode": …}}` that some
 * gateways use. Undefined when the body is something else.
 */
export function grpcStatus(answer: HttpResponse): Status | undefined {
  const body = jsonObject(answer)
  const status = asObject(body?.error) ?? body
  const code = grpcCodeOf(status?.code ?? status?.grpcCode)
  if (!status || code === undefined) return undefined
  const message = status.message
  return {
    code,
    message: typeof message === 'string' ? message : '',
    details: Array.isArray(status.details) ? status.details : [],
  }
}

/** The gRPC code in an answer's body, if it has a known one. */
export function grpcCodeIn(answer: HttpResponse): GrpcCode | undefined {
  return grpcCodeName(grpcStatus(answer)?.code ?? -1)
}

/** The API's message where there is one, else the beginning of the body, on one line. */
export function describeBody(answer: HttpResponse): string {
  const message = errorMessage(answer)
  if (message !== '') return clip(hideLinks(message), READ_CHARACTERS)
  const text = hideLinks(textOfBody(answer))
    .slice(0, READ_CHARACTERS)
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^<>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (text === '') return 'no text in the body'
  return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}...` : text
}

/** The message of an error of gRPC, Object Storage or OAuth. Empty when there is none. */
function errorMessage(answer: HttpResponse): string {
  const message = grpcStatus(answer)?.message ?? xmlError(answer)?.message ?? ''
  if (message !== '') return message
  const { error, error_description: description } = jsonObject(answer) ?? {}
  return [error, description].filter((part) => typeof part === 'string').join(': ')
}

/** JSON, complete or not, or a word as long as a token. */
const MAYBE_SECRET = /^\s*[{["]|[\w.~+/=-]{40}/

/**
 * What can be shown of an answer that may contain a secret: a refusal in a known form or in plain words. Any other body
 * is replaced by its type and length.
 */
export function withoutSecrets(answer: HttpResponse): HttpResponse {
  const isRefusal = errorMessage(answer) !== '' || !MAYBE_SECRET.test(textOfBody(answer))
  if (answer.status >= 300 && isRefusal) return answer
  const type = answer.headers['content-type'] ?? 'no content type'
  return { ...answer, body: Buffer.from(`${type}, ${answer.body.byteLength} bytes`) }
}

/** The answer with stars in place of values of the request that it repeats. */
export function withoutRepeated(
  answer: HttpResponse,
  values: readonly string[] | undefined,
): HttpResponse {
  if (values === undefined) return answer
  const hide = (text: string): string => withoutValues(text, values)
  let text = textOfBody(answer)
  try {
    // A value is written in another way inside of JSON.
    text = JSON.stringify(
      JSON.parse(text, (_, item: unknown) => (typeof item === 'string' ? hide(item) : item)),
    )
  } catch {
    // Whatever it is, it is searched as it is.
  }
  return { ...answer, body: Buffer.from(hide(text)) }
}

/** The body as a JSON object; undefined for any other. */
export function jsonObject(answer: HttpResponse): JsonObject | undefined {
  try {
    return asObject(readJson(answer))
  } catch {
    return undefined
  }
}

/** The error document of Object Storage. */
export function xmlError(answer: HttpResponse): { code: string; message: string } | undefined {
  const text = textOfBody(answer)
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1]
  if (code === undefined) return undefined
  return { code, message: unescapeXml(/<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? '') }
}

/** What Yandex Cloud support asks for: status, code and ids. */
export function answerDetails(answer: HttpResponse): Record<string, string> {
  const details: Record<string, string> = { 'HTTP status': String(answer.status) }
  const grpcCode = grpcCodeIn(answer)
  if (grpcCode !== undefined) details['gRPC code'] = grpcCode
  for (const name of ['x-request-id', 'x-server-trace-id', 'x-amz-request-id']) {
    const value = answer.headers[name]
    if (value !== undefined) details[name] = value
  }
  return details
}

function unescapeXml(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '')
}
