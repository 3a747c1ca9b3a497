/** The names of gRPC status codes. */

/** Names by number: https://grpc.io/docs/guides/status-codes/ */
const GRPC_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const

export type GrpcCode = (typeof GRPC_CODES)[number]

/** Stands for a code that nobody knows. */
export const GRPC_UNKNOWN = 2

/** The number of a code that an answer gives as a number or by its name; undefined for anything else. */
export function grpcCodeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const number = /^\d{1,3}$/.test(value)
    ? Number(value)
    : GRPC_CODES.findIndex((name) => name === value)
  return number < 0 ? undefined : number
}

/** The name of a gRPC code; undefined for a number that is none. */
export function grpcCodeName(code: number): GrpcCode | undefined {
  return GRPC_CODES[code]
}
