/** Messages about scaling, after yandex/cloud/serverless/functions/v1/function.proto and function_service.proto. */

import { ANY_TAG, STRING } from './function.ts'
import type { Message } from './schema.ts'

const COUNT = { kind: 'int64', min: 0 } as const
/** The three go together: one that is left out is 0, which is no limit and nothing provisioned. */
const COUNTS = {
  provisionedInstancesCount: COUNT,
  zoneInstancesLimit: COUNT,
  zoneRequestsLimit: COUNT,
} as const

export const SET_SCALING_POLICY = { fields: { tag: ANY_TAG, ...COUNTS } } as const satisfies Message
export const REMOVE_SCALING_POLICY = { fields: { tag: ANY_TAG } } as const satisfies Message
export const SCALING_POLICY = {
  fields: {
    functionId: STRING,
    tag: STRING,
    createdAt: STRING,
    modifiedAt: STRING,
    ...COUNTS,
  },
} as const satisfies Message
