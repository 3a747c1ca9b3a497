/**
 * Messages about functions and tags, and the parameters of lists, after
 * yandex/cloud/serverless/functions/v1/function.proto and function_service.proto of yandex-cloud/cloudapi.
 */

import type { Field, Message } from './schema.ts'

export const STRING = { kind: 'string' } as const
export const REQUIRED = { kind: 'string', required: true } as const

const FUNCTION_NAME = {
  kind: 'string',
  pattern: /^(|[a-z][-a-z0-9]{1,61}[a-z0-9])$/,
} as const
/** Of a function or a version. */
export const DESCRIPTION = { kind: 'string', maxLength: 600 } as const
const LABELS = {
  kind: 'map',
  maxSize: 64,
  key: /^[a-z][-_./@0-9a-z]*$/,
  maxKeyLength: 63,
  value: { kind: 'string', maxLength: 63, pattern: /^[-_./@0-9a-z]*$/ },
} as const satisfies Field

/** A tag that can be set. */
export const TAG = { kind: 'string', required: true, pattern: /^[a-z][-_0-9a-z]*$/ } as const
/** A tag, or `$latest`. */
export const ANY_TAG = {
  kind: 'string',
  required: true,
  pattern: /^([a-z][-_0-9a-z]*|\$latest)$/,
} as const

export const FUNCTION = {
  fields: {
    id: STRING,
    folderId: STRING,
    createdAt: STRING,
    name: STRING,
    description: STRING,
    labels: LABELS,
    httpInvokeUrl: STRING,
    status: {
      kind: 'enum',
      values: ['STATUS_UNSPECIFIED', 'CREATING', 'ACTIVE', 'DELETING', 'ERROR'],
    },
  },
} as const satisfies Message

export const CREATE_FUNCTION = {
  fields: {
    folderId: REQUIRED,
    name: FUNCTION_NAME,
    description: DESCRIPTION,
    labels: LABELS,
  },
} as const satisfies Message

export const UPDATE_FUNCTION = {
  fields: {
    updateMask: { kind: 'fieldMask', paths: ['name', 'description', 'labels'] },
    name: FUNCTION_NAME,
    description: DESCRIPTION,
    labels: LABELS,
  },
} as const satisfies Message

/** Query parameters of every paged list. */
const PAGE = {
  pageSize: { kind: 'int64', min: 0, max: 1000 },
  pageToken: { kind: 'string', maxLength: 100 },
} as const satisfies Message['fields']
const FILTER = { kind: 'string', maxLength: 1000 } as const

export const LIST_PAGE = { fields: PAGE } as const satisfies Message
export const LIST_IN_FOLDER = {
  fields: { folderId: REQUIRED, ...PAGE },
} as const satisfies Message
export const LIST_IN_FOLDER_FILTERED = {
  fields: { folderId: REQUIRED, ...PAGE, filter: FILTER },
} as const satisfies Message
export const LIST_VERSIONS = {
  fields: { functionId: STRING, folderId: STRING, ...PAGE, filter: FILTER },
  oneofs: [{ fields: ['functionId', 'folderId'], required: true }],
} as const satisfies Message
export const VERSION_BY_TAG = {
  fields: { functionId: REQUIRED, tag: ANY_TAG },
} as const satisfies Message
export const DELETE_VERSION = { fields: { force: { kind: 'bool' } } } as const satisfies Message
export const SET_TAG = { fields: { tag: TAG } } as const satisfies Message
/** The tag is not marked as required, but its pattern does not take an empty one. */
export const LIST_TAG_HISTORY = {
  fields: { tag: ANY_TAG, ...PAGE, filter: FILTER },
} as const satisfies Message
export const TAG_RECORD = {
  fields: {
    functionId: STRING,
    functionVersionId: STRING,
    tag: STRING,
    effectiveFrom: STRING,
    effectiveTo: STRING,
  },
} as const satisfies Message
