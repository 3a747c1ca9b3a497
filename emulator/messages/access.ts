/** Messages about access bindings, after yandex/cloud/access/access.proto of yandex-cloud/cloudapi. */

import type { Message } from './schema.ts'

const ID = { kind: 'string', required: true, maxLength: 50 } as const
const ACCESS_BINDING = {
  kind: 'message',
  required: true,
  message: {
    fields: {
      roleId: ID,
      subject: {
        kind: 'message',
        required: true,
        message: {
          fields: { id: { ...ID, maxLength: 100 }, type: { ...ID, maxLength: 100 } },
        },
      },
    },
  },
} as const

export const SET_ACCESS_BINDINGS = {
  fields: { accessBindings: { kind: 'list', of: ACCESS_BINDING } },
} as const satisfies Message
export const UPDATE_ACCESS_BINDINGS = {
  fields: {
    accessBindingDeltas: {
      kind: 'list',
      of: {
        kind: 'message',
        message: {
          fields: {
            action: {
              kind: 'enum',
              values: ['ACCESS_BINDING_ACTION_UNSPECIFIED', 'ADD', 'REMOVE'],
            },
            accessBinding: ACCESS_BINDING,
          },
        },
      },
    },
  },
} as const satisfies Message
