/** Readers of the fields of proto3 JSON: strict on types, lenient on what is absent or unknown. */

import { asObject, type JsonObject } from '../json.ts'

/** Reads one value; undefined for an absent one. Throws TypeError, which names the field, on another type. */
export type Read<T> = (value: unknown, field: string) => T | undefined

/** What a reader gives for a value that is there. */
export type Given<R extends Read<unknown>> = NonNullable<ReturnType<R>>

/** A string. */
export const text: Read<string> = (value, field) => {
  if (value == null) return undefined
  if (typeof value === 'string') return value
  throw new TypeError(`"${field}" is not a string`)
}

/** A whole number as text: proto3 JSON writes an int64 as a string, and takes a number too. */
export const int64: Read<string> = (value, field) => {
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  const read = text(digits, field)
  if (read === undefined || /^-?\d+$/.test(read)) return read
  throw new TypeError(`"${field}" is not a whole number`)
}

/** Seconds such as `5s`, as they are written. */
export const duration: Read<string> = (value, field) => {
  const read = text(value, field)
  if (read === undefined || /^\d+(\.\d{1,9})?s$/.test(read)) return read
  throw new TypeError(`"${field}" is not a duration`)
}

/** True or false. */
export const flag: Read<boolean> = (value, field) => {
  if (value == null) return undefined
  if (typeof value === 'boolean') return value
  throw new TypeError(`"${field}" is not true or false`)
}

function objectIn(value: unknown, field: string): JsonObject | undefined {
  if (value == null) return undefined
  const read = asObject(value)
  if (read) return read
  throw new TypeError(`"${field}" is not an object`)
}

/** The items of a list, each of which must be there. */
export function list<T>(item: Read<T>): Read<readonly T[]> {
  return (value, field) => {
    if (value == null) return undefined
    if (!Array.isArray(value)) throw new TypeError(`"${field}" is not a list`)
    return value.map((one: unknown) => required(item)(one, field))
  }
}

/** A map of texts. */
export const texts: Read<Readonly<Record<string, string>>> = (value, field) => {
  const read = objectIn(value, field)
  return (
    read &&
    Object.fromEntries(Object.entries(read).map(([key, one]) => [key, text(one, field) ?? '']))
  )
}

type Fields = Readonly<Record<string, Read<unknown>>>
type Message<F extends Fields> = { readonly [K in keyof F]?: Given<F[K]> }

/** A message: those of the given fields that are there. */
export function message<F extends Fields>(fields: F): Read<Message<F>> {
  return (value, field) => {
    const given = objectIn(value, field)
    if (!given) return undefined
    const read = Object.entries(fields).map(([name, reader]) => [name, reader(given[name], name)])
    // Each entry is what the reader of its field gave, which no type of Object.fromEntries can say.
    return Object.fromEntries(read.filter(([, one]) => one !== undefined)) as Message<F>
  }
}

/** As the reader, but an absent value throws TypeError. */
export function required<T>(read: Read<T>): (value: unknown, field: string) => T {
  return (value, field) => {
    const found = read(value, field)
    if (found === undefined) throw new TypeError(`"${field}" is missing`)
    return found
  }
}

/** A message with some of its fields always there, empty where the answer leaves them out. */
export function filled<T extends object, D extends object>(
  read: Read<T>,
  defaults: D,
): Read<D & T> {
  return (value, field) => {
    const found = read(value, field)
    return found && { ...defaults, ...found }
  }
}
