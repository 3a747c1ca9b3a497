/** Writes messages as the cloud does. */

import type { Field, Message } from './schema.ts'

/** Writes a message as the cloud's JSON: defaults are left out, messages that are set stay even when empty. */
export function writeMessage(message: Message, value: object): Record<string, unknown> {
  const given: Readonly<Record<string, unknown>> = { ...value }
  return Object.fromEntries(
    Object.entries(message.fields).flatMap(([name, field]) => {
      const json = writeField(field, given[name])
      return json === undefined ? [] : [[name, json]]
    }),
  )
}

function writeField(field: Field, value: unknown): unknown {
  if (value === undefined || value === '' || value === false) return undefined
  switch (field.kind) {
    case 'int64':
      return value === '0' ? undefined : value
    case 'enum':
      return value === field.values[0] ? undefined : value
    case 'message':
      return typeof value === 'object' && value ? writeMessage(field.message, value) : undefined
    case 'list':
      if (!Array.isArray(value) || value.length === 0) return undefined
      return value.map((item: unknown) => writeField(field.of, item) ?? item)
    case 'map':
      return typeof value === 'object' && value && Object.keys(value).length > 0 ? value : undefined
    case 'bool':
    case 'string':
    case 'bytes':
    case 'duration':
    case 'fieldMask':
      return value
  }
}
