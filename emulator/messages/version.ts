/** A version as it is asked for and as it is shown, after yandex/cloud/serverless/functions/v1/function.proto. */

import { DESCRIPTION, REQUIRED, STRING, TAG } from './function.ts'
import type { Message } from './schema.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB
const INT64 = { kind: 'int64', min: 0 } as const

const ENVIRONMENT_KEY = /^[a-zA-Z][a-zA-Z0-9_]*$/
const LOG_DESTINATION = {
  kind: 'string',
  pattern: /^([a-zA-Z][-a-zA-Z0-9_.]{0,63})?$/,
} as const
const BUCKET = {
  kind: 'string',
  required: true,
  pattern: /^[-.0-9a-zA-Z]{3,63}$/,
} as const
const MOUNT_NAME = {
  kind: 'string',
  required: true,
  maxLength: 100,
  pattern: /^[-_0-9a-zA-Z]*$/,
} as const
const METADATA_OPTION = {
  kind: 'enum',
  values: ['METADATA_OPTION_UNSPECIFIED', 'ENABLED', 'DISABLED'],
} as const
const RESPONSE_TARGET = {
  fields: {
    emptyTarget: { kind: 'message', message: { fields: {} } },
    ymqTarget: {
      kind: 'message',
      message: { fields: { queueArn: REQUIRED, serviceAccountId: REQUIRED } },
    },
  },
  oneofs: [{ fields: ['emptyTarget', 'ymqTarget'], required: true }],
} as const satisfies Message

/** What a version is made of, in the request that creates it and in the version itself. */
const VERSION_SETTINGS = {
  runtime: REQUIRED,
  entrypoint: REQUIRED,
  description: DESCRIPTION,
  resources: {
    kind: 'message',
    required: true,
    message: {
      fields: {
        memory: {
          kind: 'int64',
          required: true,
          min: 128 * MIB,
          max: 8 * GIB,
          multipleOf: 128 * MIB,
        },
      },
    },
  },
  // No longer required by the proto, still required by the rendered reference: the stricter reading.
  executionTimeout: { kind: 'duration', required: true, maxSeconds: 3600 },
  serviceAccountId: STRING,
  environment: {
    kind: 'map',
    key: ENVIRONMENT_KEY,
    value: { kind: 'string', maxLength: 4096 },
  },
  connectivity: {
    kind: 'message',
    message: { fields: { networkId: STRING, subnetId: { kind: 'list', of: STRING } } },
  },
  namedServiceAccounts: { kind: 'map', value: REQUIRED },
  secrets: {
    kind: 'list',
    of: {
      kind: 'message',
      message: {
        fields: {
          id: REQUIRED,
          versionId: REQUIRED,
          key: REQUIRED,
          environmentVariable: { kind: 'string', required: true, pattern: ENVIRONMENT_KEY },
        },
      },
    },
  },
  logOptions: {
    kind: 'message',
    message: {
      fields: {
        disabled: { kind: 'bool' },
        logGroupId: LOG_DESTINATION,
        folderId: LOG_DESTINATION,
        minLevel: {
          kind: 'enum',
          values: ['LEVEL_UNSPECIFIED', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'],
        },
      },
      oneofs: [{ fields: ['logGroupId', 'folderId'] }],
    },
  },
  storageMounts: {
    kind: 'list',
    of: {
      kind: 'message',
      message: {
        fields: {
          bucketId: BUCKET,
          prefix: STRING,
          mountPointName: MOUNT_NAME,
          readOnly: { kind: 'bool' },
        },
      },
    },
  },
  asyncInvocationConfig: {
    kind: 'message',
    message: {
      fields: {
        retriesCount: { kind: 'int64', min: 0, max: 100 },
        successTarget: { kind: 'message', required: true, message: RESPONSE_TARGET },
        failureTarget: { kind: 'message', required: true, message: RESPONSE_TARGET },
        serviceAccountId: STRING,
      },
    },
  },
  tmpfsSize: INT64,
  concurrency: { kind: 'int64', min: 0, max: 16 },
  mounts: {
    kind: 'list',
    of: {
      kind: 'message',
      message: {
        fields: {
          name: MOUNT_NAME,
          mode: { kind: 'enum', values: ['MODE_UNSPECIFIED', 'READ_ONLY', 'READ_WRITE'] },
          objectStorage: {
            kind: 'message',
            message: { fields: { bucketId: BUCKET, prefix: STRING } },
          },
          ephemeralDiskSpec: {
            kind: 'message',
            message: {
              fields: {
                size: { kind: 'int64', required: true, min: GIB, max: 100 * GIB, multipleOf: GIB },
                blockSize: INT64,
              },
            },
          },
        },
        oneofs: [{ fields: ['objectStorage', 'ephemeralDiskSpec'], required: true }],
      },
    },
  },
  metadataOptions: {
    kind: 'message',
    message: { fields: { gceHttpEndpoint: METADATA_OPTION, awsV1HttpEndpoint: METADATA_OPTION } },
  },
} as const satisfies Message['fields']

export const CREATE_VERSION = {
  fields: {
    functionId: REQUIRED,
    ...VERSION_SETTINGS,
    package: {
      kind: 'message',
      message: {
        fields: {
          bucketName: REQUIRED,
          objectName: REQUIRED,
          sha256: { kind: 'string', pattern: /^([0-9a-f]{64})?$/ },
        },
      },
    },
    content: { kind: 'bytes', maxLength: 52_428_800 },
    versionId: STRING,
    tag: { kind: 'list', of: TAG },
  },
  oneofs: [{ fields: ['package', 'content', 'versionId'], required: true }],
} as const satisfies Message

export const VERSION = {
  fields: {
    id: STRING,
    functionId: STRING,
    createdAt: STRING,
    imageSize: INT64,
    status: {
      kind: 'enum',
      values: ['STATUS_UNSPECIFIED', 'CREATING', 'ACTIVE', 'OBSOLETE', 'DELETING'],
    },
    tags: { kind: 'list', of: STRING },
    ...VERSION_SETTINGS,
  },
} as const satisfies Message
