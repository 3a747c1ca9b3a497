/** The official SDK's reading of createVersion's body, as a second opinion on what is sent. */
import { CreateFunctionVersionRequest } from '@yandex-cloud/nodejs-sdk/serverless-functions-v1/function_service'

/**
 * Sends a body of createVersion through the SDK's generated type and back. A body of which the type knows every
 * field comes back equal: the SDK's own forms of durations and int64 are turned into those of the body, and
 * defaults that the body does not have are left out.
 */
export function roundTrip(body: unknown): unknown {
  const message = CreateFunctionVersionRequest.fromJSON(withSdkDuration(body))
  return restore(CreateFunctionVersionRequest.toJSON(message), body)
}

// The SDK reads a duration as a message, the REST API as a string such as "5s".
function withSdkDuration(body: unknown): unknown {
  if (!isRecord(body) || typeof body.executionTimeout !== 'string') return body
  const [, seconds = '', fraction = ''] =
    /^(\d+)(?:\.(\d{1,9}))?s$/.exec(body.executionTimeout) ?? []
  const executionTimeout = { seconds: Number(seconds), nanos: Number(fraction.padEnd(9, '0')) }
  return { ...body, executionTimeout }
}

function restore(value: unknown, sent: unknown): unknown {
  if (typeof value === 'number' && typeof sent === 'string') return String(value)
  if (isRecord(value) && typeof sent === 'string') return duration(value)
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      restore(item, Array.isArray(sent) ? sent[index] : undefined),
    )
  if (!isRecord(value)) return value
  const original = isRecord(sent) ? sent : {}
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => name in original || !isDefault(item))
      .map(([name, item]) => [name, restore(item, original[name])]),
  )
}

function duration({ seconds, nanos }: Record<string, unknown>): string {
  const fraction = String(Number(nanos)).padStart(9, '0').replace(/0+$/, '')
  return `${Number(seconds)}${fraction && `.${fraction}`}s`
}

function isDefault(value: unknown): boolean {
  if (typeof value === 'string') return value === '' || value.endsWith('_UNSPECIFIED')
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return !value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
