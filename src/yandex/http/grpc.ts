/** gRPC statuses: their codes by name and number, and `google.rpc.Status`. */

import { items, resource, text } from '../fields.ts'

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

/** Throws TypeError when the value is not a Status. */
export const readStatus = resource('the error', {
  // An error with an unknown code is still an error.
  code: (value): number => grpcCodeOf(value ?? 0) ?? GRPC_CODES.indexOf('UNKNOWN'),
  message: text,
  details: items,
})

/** `google.rpc.Status`. */
export type Status = ReturnType<typeof readStatus>

/** The number of a code that is given as a number or by its name; undefined for anything else. */
export function grpcCodeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const number = /^\d{1,3}$/.test(value)
    ? Number(value)
    : GRPC_CODES.findIndex((name) => name === value)
  return number < 0 ? undefined : number
}

/** The name of a gRPC code; undefined for an unknown number. */
export function grpcCodeName(code: number): GrpcCode | undefined {
  return GRPC_CODES[code]
}
