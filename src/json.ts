/** Narrows parsed JSON. */

export type JsonObject = Readonly<Record<string, unknown>>

/** The value as a JSON object, or undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined
}

/** What a text contains as JSON; undefined if it is none. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The fields of a value that may be anything; none for anything but a JSON object. */
export function fieldsOf(value: unknown): JsonObject {
  return asObject(value) ?? {}
}
