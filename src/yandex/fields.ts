/** Readers of proto3 JSON: strict on types; what is absent has the default of its type, what is unknown is passed over. */

import { asObject, type JsonObject } from '../json.ts'
import { isId } from '../text.ts'

/** Reads one value. Throws TypeError, which names the field, on another type. */
export type Read<T> = (value: unknown, field: string) => T

/** Well-formed text. */
export const text: Read<string> = (value, field) => {
  const read = value ?? ''
  if (typeof read !== 'string') throw new TypeError(`"${field}" is not a string`)
  return read.toWellFormed()
}

/** The id of a resource, which is never absent. */
export const id: Read<string> = (value, field) => {
  const read = text(value, field)
  if (!isId(read)) throw new TypeError(`"${field}" is missing or not an id`)
  return read
}

/** A whole number as text: proto3 JSON writes an int64 as a string, and takes a number too. */
export const int64: Read<string> = (value, field) => {
  const read = text(Number.isSafeInteger(value) ? String(value) : (value ?? '0'), field)
  if (!/^-?\d+$/.test(read)) throw new TypeError(`"${field}" is not a whole number`)
  return read
}

/** Seconds such as `5s`, as they are written. */
export const duration: Read<string> = (value, field) => {
  const read = text(value ?? '0s', field)
  if (!/^\d+(\.\d{1,9})?s$/.test(read)) throw new TypeError(`"${field}" is not a duration`)
  return read
}

/** True or false. */
export const flag: Read<boolean> = (value, field) => {
  const read = value ?? false
  if (typeof read !== 'boolean') throw new TypeError(`"${field}" is not true or false`)
  return read
}

/** A list of anything. */
export const items: Read<readonly unknown[]> = (value, field) => {
  const read = value ?? []
  if (!Array.isArray(read)) throw new TypeError(`"${field}" is not a list`)
  return read
}

/** A list whose items are all there. */
export function list<T>(item: Read<T>): Read<readonly T[]> {
  return (value, field) =>
    items(value, field).map((one) => {
      if (one == null) throw new TypeError(`an item of "${field}" is missing`)
      return item(one, field)
    })
}

/** A JSON object. */
export const object: Read<JsonObject> = (value, field) => {
  const read = asObject(value ?? {})
  if (!read) throw new TypeError(`"${field}" is not an object`)
  return read
}

/** A map of texts. */
export const texts: Read<Readonly<Record<string, string>>> = (value, field) =>
  Object.fromEntries(
    Object.entries(object(value, field)).map(([key, one]) => [key, text(one, field)]),
  )

type Fields = Readonly<Record<string, Read<unknown>>>
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type
type NoFields = Readonly<Record<never, never>>
type Message<F extends Fields, O extends Fields> = {
  readonly [K in keyof F]: ReturnType<F[K]>
} & { readonly [K in keyof O]?: ReturnType<O[K]> }

/** A message: all of its fields, and those of the optional ones that are given. */
export function message<F extends Fields, O extends Fields = NoFields>(
  fields: F,
  optional?: O,
): Read<Message<F, O>> {
  const readers = Object.entries<Read<unknown>>({ ...fields, ...optional })
  return (value, field) => {
    const given = object(value, field)
    const read = readers
      .filter(([name]) => name in fields || given[name] != null)
      .map(([name, reader]) => [name, reader(given[name], name)])
    // Each entry is what the reader of its field gave, which no type of Object.fromEntries can say.
    return Object.fromEntries(read) as Message<F, O>
  }
}

/** A message that is never absent, and what it is called. */
export function resource<F extends Fields, O extends Fields = NoFields>(
  what: string,
  fields: F,
  optional?: O,
): (value: unknown) => Message<F, O> {
  const read = message(fields, optional)
  return (value) => {
    if (value == null) throw new TypeError(`${what} is missing`)
    return read(value, what)
  }
}

/** As the reader of a resource, which has to be the one that was requested. */
export function readAbout<T extends { readonly id: string }>(
  wanted: string,
  read: (value: unknown) => T,
): (value: unknown) => T {
  return (value) => {
    const found = read(value)
    if (found.id === wanted) return found
    throw new TypeError(`the answer is about ${found.id}, not about ${wanted}`)
  }
}
