/** A long-running operation: its fields, the resource that it is about, and the error that it may end with. */

import { DeployError } from '../../errors.ts'
import { hideLinks, isId, withoutValues } from '../../text.ts'
import { ApiError, describeDetails, type RefusalFacts } from '../http/api-error.ts'
import { grpcCodeName, readStatus, type GrpcCode, type Status } from '../http/grpc.ts'
import { quotaKindOf, type QuotaKind } from '../http/quota.ts'
import { asObject, fieldsOf } from '../../json.ts'
import { id, resource } from '../fields.ts'

/** Throws TypeError when the value is not an Operation. */
export const readOperation = resource(
  'the operation',
  {
    id,
    done: (value): boolean => value === true,
    metadata: fieldsOf,
    response: asObject,
  },
  /** May be set while the operation is not done yet. */
  { error: readStatus },
)

/** `yandex.cloud.operation.Operation`. */
export type Operation = ReturnType<typeof readOperation>

/**
 * The id of the resource that an operation is about: in the metadata under `field` from the start, and in the response
 * at the end. Throws DeployError API_UNEXPECTED when it is in neither.
 */
export function resourceIdOf(
  { id: operationId, metadata, response }: Operation,
  field: string,
): string {
  const ids = [metadata[field], response?.id].filter((one) => typeof one === 'string')
  const found = ids.find(isId)
  if (found !== undefined) return found
  throw new DeployError(
    'API_UNEXPECTED',
    `The operation ${operationId} has neither "${field}" in its metadata nor an id in its response.`,
    { details: { 'operation id': operationId } },
  )
}

/** What the operation does that creates a version, as a noun. */
export const BUILD = 'the build of the version'

/** The operation failed, or is about to. */
export class OperationError extends DeployError implements RefusalFacts {
  readonly httpStatus = undefined
  readonly grpcCode: GrpcCode | undefined
  readonly quota: QuotaKind | undefined
  readonly text: string
  readonly status: Status
  /** Whether it was a build, which has a log. */
  readonly isBuild: boolean

  constructor(
    operation: Operation & { error: Status },
    { what, hides }: { what: string; hides?: readonly string[] },
  ) {
    const show = (said: string): string => hideLinks(withoutValues(said, hides))
    const grpcCode = grpcCodeName(operation.error.code)
    const message = show(operation.error.message) || 'no reason was given'
    const text = [message, ...describeDetails(operation.error).map(show)].join('\n')
    super('OPERATION_FAILED', `${capitalize(what)} failed: ${text}`, {
      details: {
        'operation id': operation.id,
        ...(grpcCode === undefined ? {} : { 'gRPC code': grpcCode }),
      },
    })
    this.grpcCode = grpcCode
    this.quota = quotaKindOf({ grpcCode, text })
    this.text = text
    this.status = operation.error
    this.isBuild = what === BUILD
  }
}

/** The text with a capital letter at its beginning. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Whether the API refused a request with one of these codes, at once or in its operation. */
export function isRefusedAs(
  error: unknown,
  codes: readonly GrpcCode[],
): error is ApiError | OperationError {
  return (
    (error instanceof ApiError || error instanceof OperationError) &&
    error.grpcCode !== undefined &&
    codes.includes(error.grpcCode)
  )
}
