/** Narrows parsed JSON. */

export type JsonObject = Readonly<Record<string, unknown>>

/** The value as a JSON object, or undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined
}
