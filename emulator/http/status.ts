/** How the cloud refuses: `google.rpc.Status`, its details and its HTTP status. */

/** The gRPC codes the emulator answers with. */
export const CODE = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

/** HTTP status of each gRPC code, https://yandex.cloud/en/docs/api-design-guide/concepts/errors. */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
}

/** HTTP status of a gRPC code; 500 for a code that is not in the table. */
export function httpStatus(code: number): number {
  return HTTP_STATUS[code] ?? 500
}

/** The gRPC code that an answer with this HTTP status would carry. */
export function codeOf(status: number): number {
  const found = Object.entries(HTTP_STATUS).find(([code, http]) => http === status && code !== '2')
  return found ? Number(found[0]) : 2
}

/** `google.rpc.Status` on the wire. */
export interface Status {
  readonly code: number
  readonly message: string
  readonly details?: readonly object[]
}

/** A refusal by the API. */
export class ApiError extends Error {
  readonly code: number
  readonly details: readonly object[]

  constructor(status: Status) {
    super(status.message)
    this.name = 'ApiError'
    this.code = status.code
    this.details = status.details ?? []
  }

  /** The refusal as the `error` of an operation. */
  toStatus(): Status {
    return {
      code: this.code,
      message: this.message,
      ...(this.details.length > 0 && { details: this.details }),
    }
  }
}

/** A field that broke a rule, as `google.rpc.BadRequest` lists it. */
export interface Violation {
  readonly field: string
  readonly description: string
}

/** INVALID_ARGUMENT that names each offending field. */
export function invalidFields(violations: readonly Violation[]): ApiError {
  const list = violations.map((v) => `${v.field}: ${v.description}`).join('; ')
  const detail = {
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: violations,
  }
  return new ApiError({
    code: CODE.INVALID_ARGUMENT,
    message: `Request validation error: ${list}`,
    details: [detail],
  })
}

/** INVALID_ARGUMENT about one field. */
export function invalid(field: string, description: string): ApiError {
  return invalidFields([{ field, description }])
}

/** INVALID_ARGUMENT in the service's own words, without a field. */
export function rejected(message: string): ApiError {
  return new ApiError({ code: CODE.INVALID_ARGUMENT, message })
}

/** FAILED_PRECONDITION: the resource is not in the state that the call needs. */
export function precondition(message: string): ApiError {
  return new ApiError({ code: CODE.FAILED_PRECONDITION, message })
}

/** NOT_FOUND about a resource. */
export function notFound(kind: string, id: string): ApiError {
  return new ApiError({ code: CODE.NOT_FOUND, message: `${kind} with id ${id} not found` })
}

/** The refusal of a call without a valid IAM token. */
export function unauthenticated(message = 'Token is invalid or has expired.'): ApiError {
  return new ApiError({ code: CODE.UNAUTHENTICATED, message })
}

/** The body of a refused call: the status with the request's id among its details. */
export function statusBody(status: Status, requestId: string): object {
  const info = {
    '@type': 'type.googleapis.com/google.rpc.RequestInfo',
    requestId,
    servingData: '',
  }
  return {
    code: status.code,
    message: status.message,
    details: [info, ...(status.details ?? [])],
  }
}
