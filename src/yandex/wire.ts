/** The answers of the API as far as a deployment needs them, and the readers that turn unknown JSON into them. */

import { asObject, type JsonObject } from '../json.ts'
import { isId } from '../text.ts'
import { GRPC_UNKNOWN, grpcCodeOf } from './http/grpc.ts'

export { asObject, isId, type JsonObject }

/** `google.rpc.Status`. */
export interface Status {
  readonly code: number
  readonly message: string
  readonly details: readonly unknown[]
}

/** `yandex.cloud.operation.Operation`; `error` may be set while `done` is still false. */
export interface Operation {
  readonly id: string
  readonly done: boolean
  readonly metadata: JsonObject
  readonly error: Status | undefined
  readonly response: JsonObject | undefined
}

/** `yandex.cloud.serverless.functions.v1.Function`. */
export interface CloudFunction {
  readonly id: string
  readonly folderId: string
  readonly name: string
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly httpInvokeUrl: string
  /** `CREATING`, `ACTIVE`, `DELETING` or `ERROR`; empty when the answer leaves it out. */
  readonly status: string
}

/** A resource that is looked up by its name: a service account, a network, a secret. */
export interface NamedResource {
  readonly id: string
  readonly name: string
}

/** `yandex.cloud.lockbox.v1.Secret`. */
export interface LockboxSecret extends NamedResource {
  readonly currentVersion: LockboxVersion | undefined
}

/** `yandex.cloud.lockbox.v1.Version`, without its payload. */
export interface LockboxVersion {
  readonly id: string
  readonly status: string
  readonly payloadEntryKeys: readonly string[]
}

/** Well-formed text of a field; an absent one is empty, as proto3 JSON may leave defaults out. Throws TypeError on another type. */
export function textOf(object: JsonObject, field: string): string {
  const value = object[field] ?? ''
  if (typeof value !== 'string') throw new TypeError(`"${field}" is not a string`)
  return value.toWellFormed()
}

function idOf(object: JsonObject): string {
  const id = textOf(object, 'id')
  if (!isId(id)) throw new TypeError('"id" is missing or no id')
  return id
}

/** A reader that takes only an answer about the resource that was asked for. */
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

function objectOf(value: unknown, what: string): JsonObject {
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

/** Throws TypeError when the value is not a Status. */
export function readStatus(value: unknown): Status {
  const object = objectOf(value, 'the error')
  // A failure with a code that nobody knows is still a failure.
  const code = grpcCodeOf(object.code ?? 0) ?? GRPC_UNKNOWN
  return { code, message: textOf(object, 'message'), details: listOf(object, 'details') }
}

/** Throws TypeError when the value is not an Operation. */
export function readOperation(value: unknown): Operation {
  const object = objectOf(value, 'the operation')
  return {
    id: idOf(object),
    done: object.done === true,
    metadata: asObject(object.metadata) ?? {},
    error: object.error == null ? undefined : readStatus(object.error),
    response: asObject(object.response),
  }
}

/** Throws TypeError when the value is not a Function. */
export function readFunction(value: unknown): CloudFunction {
  const object = objectOf(value, 'the function')
  const labels = Object.entries(asObject(object.labels) ?? {})
  return {
    id: idOf(object),
    folderId: textOf(object, 'folderId'),
    name: textOf(object, 'name'),
    description: textOf(object, 'description'),
    labels: Object.fromEntries(labels.map(([key, label]) => [key, String(label)])),
    httpInvokeUrl: textOf(object, 'httpInvokeUrl'),
    status: textOf(object, 'status'),
  }
}

/** Throws TypeError when the value has no id. */
export function readNamed(value: unknown): NamedResource {
  const object = objectOf(value, 'the resource')
  return { id: idOf(object), name: textOf(object, 'name') }
}

/** Throws TypeError when the value is not a Lockbox secret. */
export function readSecret(value: unknown): LockboxSecret {
  const object = objectOf(value, 'the secret')
  const current = object.currentVersion
  return {
    ...readNamed(object),
    currentVersion: current == null ? undefined : readSecretVersion(current),
  }
}

/** Throws TypeError when the value is not a version of a Lockbox secret. */
export function readSecretVersion(value: unknown): LockboxVersion {
  const object = objectOf(value, 'the version of the secret')
  return {
    id: idOf(object),
    status: textOf(object, 'status'),
    payloadEntryKeys: listOf(object, 'payloadEntryKeys').map(String),
  }
}

/** One page of a list method. Throws TypeError when the value is not one. */
export function readPage<T>(
  value: unknown,
  shape: { field: string; read: (item: unknown) => T },
): { items: readonly T[]; nextPageToken: string } {
  const object = objectOf(value, 'the page')
  return {
    items: listOf(object, shape.field).map(shape.read),
    nextPageToken: textOf(object, 'nextPageToken'),
  }
}
