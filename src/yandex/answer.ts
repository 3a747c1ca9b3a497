/** What can be told from an answer of the API, whatever shape it has. */

import type { HttpResponse } from '../ports.ts'
import { grpcCodeName, grpcCodeOf } from './grpc.ts'
import { asObject, listOf, type Status } from './wire.ts'

/** The longest piece of a foreign body that is quoted, and where it is looked for, in characters. */
const QUOTED_CHARACTERS = 200
const READ_CHARACTERS = 4_000

/** The body as text. */
export function textOfBody(answer: HttpResponse): string {
  return new TextDecoder().decode(answer.body)
}

/**
 * The `google.rpc.Status` in an answer's body; also in the wrapped form `{"error": {"grpcCode": …}}` that some
 * gateways use. Undefined when the body is something else.
 */
export function grpcStatus(answer: HttpResponse): Status | undefined {
  let body
  try {
    body = asObject(JSON.parse(textOfBody(answer)))
  } catch {
    return undefined
  }
  const status = asObject(body?.error) ?? body
  const code = grpcCodeOf(status?.code ?? status?.grpcCode)
  if (!status || code === undefined) return undefined
  const message = status.message
  return {
    code,
    message: typeof message === 'string' ? message : '',
    details: Array.isArray(status.details) ? listOf(status, 'details') : [],
  }
}

/** The API's message where there is one, else the beginning of the body, on one line. */
export function describeBody(answer: HttpResponse): string {
  const message = grpcStatus(answer)?.message ?? xmlError(answer)?.message
  if (message !== undefined && message !== '') return message.slice(0, READ_CHARACTERS)
  const text = textOfBody(answer)
    .slice(0, READ_CHARACTERS)
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^<>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (text === '') return 'no text in the body'
  return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}...` : text
}

/** The error document of Object Storage. */
export function xmlError(
  answer: HttpResponse,
): { code: string; message: string; requestId: string | undefined } | undefined {
  const text = textOfBody(answer)
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1]
  if (code === undefined) return undefined
  const message = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? ''
  return {
    code,
    message: unescapeXml(message),
    requestId: /<RequestId>([^<]*)<\/RequestId>/.exec(text)?.[1],
  }
}

/** What support asks for: status, code and ids. */
export function answerDetails(answer: HttpResponse): Record<string, string> {
  const details: Record<string, string> = { 'HTTP status': String(answer.status) }
  const grpcCode = grpcCodeName(grpcStatus(answer)?.code ?? -1)
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
