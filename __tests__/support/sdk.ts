/** The official SDK's generated types, and its reading of createVersion's body as a second opinion on what is sent. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SdkTypes } from '../../scripts/sdk-types.ts'
import { ROOT } from './examples.ts'

const TYPES = JSON.parse(
  readFileSync(join(ROOT, '__tests__/support/sdk-types.json'), 'utf8'),
) as SdkTypes

/** A generated type: reading `{}` gives each field its default. */
export interface SdkType {
  readonly fromJSON: (object: unknown) => Record<string, unknown>
  readonly toJSON: (message: Readonly<Record<string, unknown>>) => Record<string, unknown>
}

/**
 * A message of the SDK by its name there: `CreateFunctionVersionRequest`.
 * @throws {TypeError} when the SDK has none.
 */
export function sdkType(name: string): SdkType {
  const fields = TYPES.messages[name]
  if (fields === undefined) throw new TypeError(`${TYPES.source} has no message ${name}`)
  return {
    fromJSON: (object) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, type]) => [
          field,
          read(type, isRecord(object) ? object[field] : undefined),
        ]),
      ),
    toJSON: (message) =>
      Object.fromEntries(
        Object.entries(fields)
          .filter(([field]) => message[field] !== undefined)
          .map(([field, type]) => [field, written(type, message[field])]),
      ),
  }
}

/**
 * An enum of the SDK by its name there: its names with their numbers.
 * @throws {TypeError} when the SDK has none.
 */
export function sdkEnum(name: string): Readonly<Record<string, number>> {
  const values = TYPES.enums[name]
  if (values === undefined) throw new TypeError(`${TYPES.source} has no enum ${name}`)
  return values
}

/** As the generated code converts: a number in the place of a string becomes one. */
const asText: (value: unknown) => string = String

/** A value of a field as the generated code reads it; the default of the type where it is missing. */
function read(type: string, value: unknown): unknown {
  const kind = type.replace(/\?$/, '')
  if (kind.endsWith('[]')) {
    return Array.isArray(value) ? value.map((item) => read(kind.slice(0, -2), item)) : []
  }
  if (kind === 'map') return isRecord(value) ? mapped(value, asText) : {}
  if (value === undefined && kind !== type) return undefined
  if (kind === 'string' || kind === 'Buffer') return value === undefined ? '' : asText(value)
  if (kind === 'number') return Number(value ?? 0)
  if (kind === 'boolean') return Boolean(value)
  if (kind === 'Duration' && isRecord(value)) return mapped(value, Number)
  if (kind in TYPES.enums) return sdkEnum(kind)[String(value)] ?? (value === undefined ? 0 : -1)
  return kind in TYPES.messages ? sdkType(kind).fromJSON(value) : value
}

function written(type: string, value: unknown): unknown {
  const kind = type.replace(/\?$/, '')
  if (Array.isArray(value)) return value.map((item) => written(kind.slice(0, -2), item))
  if (kind in TYPES.enums) {
    const [name] = Object.entries(sdkEnum(kind)).find(([, number]) => number === value) ?? []
    return name
  }
  return kind in TYPES.messages && isRecord(value) ? sdkType(kind).toJSON(value) : value
}

function mapped<T>(record: Record<string, unknown>, convert: (value: unknown) => T) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]))
}

/**
 * Sends a body of createVersion through the SDK's generated type and back. A body of which the type knows every
 * field comes back equal: the SDK's own forms of durations and int64 are turned into those of the body, and
 * defaults that the body does not have are left out.
 */
export function roundTrip(body: unknown): unknown {
  const type = sdkType('CreateFunctionVersionRequest')
  return restore(type.toJSON(type.fromJSON(withSdkDuration(body))), body)
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
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      restore(item, Array.isArray(sent) ? sent[index] : undefined),
    )
  }
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
