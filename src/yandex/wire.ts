/** Readers of JSON that hold for every resource; those of one resource are beside its calls. */

import { asObject, type JsonObject } from '../json.ts'
import { isId } from '../text.ts'

/** Well-formed text of a field; empty when absent, since proto3 JSON may leave defaults out. Throws TypeError on another type. */
export function textOf(object: JsonObject, field: string): string {
  const value = object[field] ?? ''
  if (typeof value !== 'string') throw new TypeError(`"${field}" is not a string`)
  return value.toWellFormed()
}

/** The field `id`. Throws TypeError when it cannot be the id of a resource. */
export function idOf(object: JsonObject): string {
  const id = textOf(object, 'id')
  if (!isId(id)) throw new TypeError('"id" is missing or not an id')
  return id
}

/** A reader that accepts only the resource that was requested. */
export function readAbout<T extends { readonly id: string }>(
  id: string,
  read: (value: unknown) => T,
): (value: unknown) => T {
  return (value) => {
    const resource = read(value)
    if (resource.id === id) return resource
    throw new TypeError(`the answer is about ${resource.id}, not about ${id}`)
  }
}

/** The value as a JSON object. Throws TypeError when it is not one. */
export function objectOf(value: unknown, what: string): JsonObject {
  const object = asObject(value)
  if (!object) throw new TypeError(`${what} is not an object`)
  return object
}

/** The items of a list field; an absent list is empty. */
export function listOf(object: JsonObject, field: string): readonly unknown[] {
  const value = object[field] ?? []
  if (!Array.isArray(value)) throw new TypeError(`"${field}" is not a list`)
  return value
}

/** The items of a list field that are objects; an absent list is empty. */
export function objectsOf(object: JsonObject, field: string): readonly JsonObject[] {
  return listOf(object, field)
    .map(asObject)
    .filter((item) => item !== undefined)
}
