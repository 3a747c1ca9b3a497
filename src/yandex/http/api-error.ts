/** A refusal of the API, as facts: which status, code, service and quota, and what it said. */

import { DeployError, type ErrorCode, type Topic } from '../../errors.ts'
import type { HttpResponse } from '../../ports.ts'
import { answerDetails, describeBody, grpcStatus, xmlError } from './answer.ts'
import { grpcCodeName, type GrpcCode, type Status } from './grpc.ts'
import { quotaKindOf, type QuotaKind } from './quota.ts'
import type { ServiceId } from './services.ts'
import { asObject, type JsonObject } from '../../json.ts'

/** What was refused, and what is not in the answer. */
interface Refused {
  /** Continues "could not". */
  readonly what: string
  readonly service?: ServiceId
  readonly code?: ErrorCode
  readonly topic?: Topic
}

/** What is known of a refusal, beside its message. */
export interface RefusalFacts {
  /** Undefined for an operation that failed. */
  readonly httpStatus: number | undefined
  readonly grpcCode: GrpcCode | undefined
  /** The service that refused. */
  readonly service?: ServiceId | undefined
  /** `<Code>` of an error document of Object Storage. */
  readonly storageCode?: string | undefined
  /** The quota that is used up. */
  readonly quota: QuotaKind | undefined
  /** The message and the details of the cloud, without our words. */
  readonly text: string
}

/** A final refusal. */
export class ApiError extends DeployError implements RefusalFacts {
  readonly httpStatus: number
  readonly grpcCode: GrpcCode | undefined
  readonly service: ServiceId | undefined
  readonly storageCode: string | undefined
  readonly quota: QuotaKind | undefined
  readonly text: string
  /** Whether another token may be accepted. */
  readonly refusesToken: boolean

  constructor(answer: HttpResponse, { what, code, topic, service }: Refused) {
    const status = grpcStatus(answer)
    const storage = xmlError(answer)
    const grpcCode = status && grpcCodeName(status.code)
    const name = grpcCode ?? storage?.code
    const label = name === undefined ? '' : ` ${name}`
    const text = [describeBody(answer), ...(status ? describeDetails(status) : [])].join('\n')
    super(code ?? codeFor(answer), `Could not ${what}: HTTP ${answer.status}${label}: ${text}`, {
      topic,
      details: {
        ...answerDetails(answer),
        ...(storage && { 'storage code': storage.code }),
        ...(answer.headers['x-request-id'] === undefined && requestIds(status)),
      },
    })
    this.httpStatus = answer.status
    this.grpcCode = grpcCode
    this.service = service
    this.storageCode = storage?.code
    this.quota = quotaKindOf({ grpcCode, text })
    this.text = text
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

/** What the details of a status add to its message: field violations, quotas, localized messages. */
export function describeDetails(status: Status): readonly string[] {
  return objectsIn(status.details).flatMap((detail) => [
    ...objectsIn(detail.fieldViolations).map((v) => `- ${text(v.field)}: ${text(v.description)}`),
    ...objectsIn(detail.violations).map((v) => `- ${text(v.subject)}: ${text(v.description)}`),
    ...(isType(detail, 'LocalizedMessage') ? [`- ${text(detail.message)}`] : []),
  ])
}

function requestIds(status: Status | undefined): Record<string, string> {
  const info = objectsIn(status?.details).find((detail) => isType(detail, 'RequestInfo'))
  const requestId = info?.requestId
  return typeof requestId === 'string' ? { 'request id': requestId } : {}
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(asObject).filter((one) => one !== undefined) : []
}

function isType(detail: JsonObject, name: string): boolean {
  return text(detail['@type']).endsWith(`google.rpc.${name}`)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
