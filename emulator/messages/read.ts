/** Reads JSON and query strings as messages, as strictly as proto3 allows. */

import { invalidFields, type Violation } from '../http/status.ts'
import type { Field, Message, Read } from './schema.ts'
import { mismatch, textProblem } from './text-rules.ts'

/**
 * Reads a JSON body as a message.
 * Throws INVALID_ARGUMENT with every unknown field, wrong type and broken rule.
 */
export function readMessage<M extends Message>(message: M, json: unknown): Read<M> {
  const reader = new Reader()
  const value = reader.message(message, { path: '', value: json })
  if (reader.violations.length > 0) throw invalidFields(reader.violations)
  return value as Read<M>
}

/** Reads query parameters as a message; each may be given once. */
export function readQuery<M extends Message>(message: M, query: URLSearchParams): Read<M> {
  const json: Record<string, unknown> = {}
  for (const key of new Set(query.keys())) {
    const [first, ...more] = query.getAll(key)
    const isBool = message.fields[key]?.kind === 'bool' && (first === 'true' || first === 'false')
    json[key] = more.length > 0 ? [first, ...more] : isBool ? first === 'true' : first
  }
  return readMessage(message, json)
}

interface At {
  readonly path: string
  readonly value: unknown
}

class Reader {
  readonly violations: Violation[] = []

  message(message: Message, at: At): Record<string, unknown> {
    if (typeof at.value !== 'object' || at.value === null || Array.isArray(at.value)) {
      this.#fail(at.path || 'body', 'must be a JSON object')
      return {}
    }
    const given = new Map(
      Object.entries(at.value).filter(([, value]) => value !== null && value !== undefined),
    )
    const path = (name: string) => (at.path ? `${at.path}.${name}` : name)
    for (const name of given.keys()) {
      if (!Object.hasOwn(message.fields, name)) this.#fail(path(name), 'unknown field')
    }
    for (const { fields, required } of message.oneofs ?? []) {
      const set = fields.filter((name) => given.has(name))
      if (set.length > 1) this.#fail(path(set.join('|')), 'only one of these fields may be set')
      if (set.length === 0 && required) {
        this.#fail(path(fields.join('|')), 'one of these fields is required')
      }
    }
    return Object.fromEntries(
      Object.entries(message.fields).map(([name, field]) => [
        name,
        this.#field(field, { path: path(name), value: given.get(name) }),
      ]),
    )
  }

  #field(field: Field, at: At): unknown {
    const { path, value } = at
    const missing = value === undefined
    switch (field.kind) {
      case 'bool':
        if (!missing && typeof value !== 'boolean') this.#fail(path, 'must be true or false')
        return value === true
      case 'int64':
        return this.#int64(field, at)
      case 'message':
        if (missing) {
          if (field.required) this.#fail(path, 'is required')
          return undefined
        }
        return this.message(field.message, at)
      case 'list':
        if (missing) return []
        if (!Array.isArray(value)) return this.#fail(path, 'must be an array')
        return value.map((item: unknown, index) =>
          this.#field(field.of, { path: `${path}[${index}]`, value: item }),
        )
      case 'map':
        return this.#map(field, at)
      case 'enum': {
        if (missing) return field.values[0]
        if (typeof value === 'string' && field.values.includes(value)) return value
        return this.#fail(path, `must be one of ${field.values.join(', ')}`)
      }
      case 'string':
      case 'bytes':
      case 'duration':
      case 'fieldMask':
        return this.#text(field, at)
    }
  }

  #int64(field: Field & { kind: 'int64' }, { path, value }: At): string {
    if (value === undefined) return field.required ? this.#fail(path, 'is required') : '0'
    const isInteger =
      (typeof value === 'number' && Number.isSafeInteger(value)) ||
      (typeof value === 'string' && /^-?\d{1,19}$/.test(value))
    if (!isInteger) return this.#fail(path, 'must be an integer')
    const number = Number(value)
    const { min = -Infinity, max = Infinity, multipleOf = 1 } = field
    if (number < min || number > max) {
      return this.#fail(path, `value must be in the range ${min} to ${max}`)
    }
    if (number % multipleOf !== 0) return this.#fail(path, `must be a multiple of ${multipleOf}`)
    return String(BigInt(value))
  }

  #map(field: Field & { kind: 'map' }, { path, value }: At): Record<string, unknown> {
    if (value === undefined) return {}
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#fail(path, 'must be a JSON object')
      return {}
    }
    const entries = Object.entries(value)
    if (entries.length > (field.maxSize ?? Infinity)) {
      this.#fail(path, `must have at most ${field.maxSize ?? ''} entries`)
    }
    return Object.fromEntries(
      entries.map(([key, item]: [string, unknown]) => {
        if (field.key?.test(key) === false) this.#fail(`${path}.${key}`, mismatch(field.key))
        if (key.length > (field.maxKeyLength ?? Infinity)) {
          this.#fail(`${path}.${key}`, `key must be at most ${field.maxKeyLength ?? ''} characters`)
        }
        return [key, this.#field(field.value, { path: `${path}.${key}`, value: item })]
      }),
    )
  }

  #text(
    field: Field & { kind: 'string' | 'bytes' | 'duration' | 'fieldMask' },
    { path, value }: At,
  ): string {
    if (value !== undefined && typeof value !== 'string') {
      return this.#fail(path, 'must be a string')
    }
    const text = value ?? ''
    if ('required' in field && text === '') return this.#fail(path, 'is required')
    if (value === undefined) return ''
    const problem = textProblem(field, text)
    return problem === undefined ? text : this.#fail(path, problem)
  }

  #fail(field: string, description: string): string {
    this.violations.push({ field, description })
    return ''
  }
}
