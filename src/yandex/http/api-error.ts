/** A refusal of the API with what a program or a person needs to act on it. */

import { DeployError, type ErrorCode, type Topic } from '../../errors.ts'
import type { HttpResponse } from '../../ports.ts'
import { answerDetails, describeBody, grpcStatus, xmlError } from './answer.ts'
import type { ServiceId } from './endpoints.ts'
import { grpcCodeName, type GrpcCode } from './grpc.ts'
import { hintFor, topicFor } from '../../report/advice.ts'
import { asObject, objectsOf, type JsonObject, type Status } from '../wire.ts'

/** What was refused, and what is known better than from the answer. */
export interface Refused {
  /** Continues "could not". */
  readonly what: string
  readonly service?: ServiceId
  readonly code?: ErrorCode
  readonly hint?: string
  readonly topic?: Topic
}

/** A final refusal; its fields tell callers which one without reading the message. */
export class ApiError extends DeployError {
  readonly httpStatus: number
  readonly grpcCode: GrpcCode | undefined
  /** Whether another token may be accepted. */
  readonly refusesToken: boolean

  constructor(answer: HttpResponse, { what, code, hint, topic, service }: Refused) {
    const status = grpcStatus(answer)
    const storage = xmlError(answer)
    const grpcCode = status && grpcCodeName(status.code)
    const name = grpcCode ?? storage?.code
    const label = name === undefined ? '' : ` ${name}`
    const violations = status ? describeDetails(status) : []
    const refusal = {
      httpStatus: answer.status,
      service,
      grpcCode,
      storageCode: storage?.code,
      text: [describeBody(answer), ...violations].join('\n'),
    }
    super(
      code ?? codeFor(answer),
      [
        `Could not ${what}: HTTP ${answer.status}${label}: ${describeBody(answer)}`,
        ...violations,
      ].join('\n'),
      {
        hint: hint ?? hintFor(refusal),
        topic: topic ?? (hint === undefined ? topicFor(refusal) : undefined),
        details: {
          ...answerDetails(answer),
          ...(storage && { 'storage code': storage.code }),
          ...(answer.headers['x-request-id'] === undefined && requestIds(status)),
        },
      },
    )
    this.httpStatus = answer.status
    this.grpcCode = grpcCode
    this.refusesToken = isTokenRefusal(answer)
  }
}

function codeFor(answer: HttpResponse): ErrorCode {
  if (isTokenRefusal(answer)) return 'AUTH_FAILED'
  return answer.status >= 400 ? 'API_REJECTED' : 'API_UNEXPECTED'
}

function isTokenRefusal(answer: HttpResponse): boolean {
  return (
    answer.status === 401 ||
    ['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired'].includes(xmlError(answer)?.code ?? '')
  )
}

/** The details of a status that say more than its message: field violations, quotas, localized messages. */
export function describeDetails(status: Status): readonly string[] {
  return status.details.flatMap((detail) => {
    const object = asObject(detail)
    if (!object) return []
    return [
      ...violations(object, 'fieldViolations').map(
        (v) => `- ${text(v.field)}: ${text(v.description)}`,
      ),
      ...violations(object, 'violations').map(
        (v) => `- ${text(v.subject)}: ${text(v.description)}`,
      ),
      ...(isType(object, 'LocalizedMessage') ? [`- ${text(object.message)}`] : []),
    ]
  })
}

function violations(detail: JsonObject, field: string): readonly JsonObject[] {
  return Array.isArray(detail[field]) ? objectsOf(detail, field) : []
}

function requestIds(status: Status | undefined): Record<string, string> {
  const info = status?.details
    .map(asObject)
    .find((detail) => detail && isType(detail, 'RequestInfo'))
  const requestId = info?.requestId
  return typeof requestId === 'string' ? { 'request id': requestId } : {}
}

function isType(detail: JsonObject, name: string): boolean {
  return text(detail['@type']).endsWith(`google.rpc.${name}`)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
