/** The emulator's messages against the official SDK's generated types: the same fields, kinds and enum values. */
import { describe, expect, test } from '@jest/globals'
import {
  CREATE_FUNCTION,
  DELETE_VERSION,
  FUNCTION,
  LIST_TAG_HISTORY,
  LIST_VERSIONS,
  SET_TAG,
  TAG_RECORD,
  UPDATE_FUNCTION,
} from '../../emulator/messages/function.ts'
import {
  REMOVE_SCALING_POLICY,
  SCALING_POLICY,
  SET_SCALING_POLICY,
} from '../../emulator/messages/scaling.ts'
import type { Field, Message } from '../../emulator/messages/schema.ts'
import { CREATE_VERSION, VERSION } from '../../emulator/messages/version.ts'
import { roundTrip, sdkEnum, sdkType, type SdkType } from '../support/sdk.ts'

/** The SDK's type of each field that holds a message, or a list of them. */
const NESTED: Readonly<Record<string, SdkType>> = {
  resources: sdkType('Resources'),
  package: sdkType('Package'),
  connectivity: sdkType('Connectivity'),
  secrets: sdkType('Secret'),
  logOptions: sdkType('LogOptions'),
  storageMounts: sdkType('StorageMount'),
  asyncInvocationConfig: sdkType('AsyncInvocationConfig'),
  successTarget: sdkType('AsyncInvocationConfig_ResponseTarget'),
  failureTarget: sdkType('AsyncInvocationConfig_ResponseTarget'),
  emptyTarget: sdkType('EmptyTarget'),
  ymqTarget: sdkType('YMQTarget'),
  mounts: sdkType('Mount'),
  objectStorage: sdkType('Mount_ObjectStorage'),
  ephemeralDiskSpec: sdkType('Mount_DiskSpec'),
  metadataOptions: sdkType('MetadataOptions'),
}

/** The SDK's enum of each field that holds one; `status` is told apart by its message. */
const ENUMS: Readonly<Record<string, object>> = {
  minLevel: sdkEnum('LogLevel_Level'),
  mode: sdkEnum('Mount_Mode'),
  gceHttpEndpoint: sdkEnum('MetadataOption'),
  awsV1HttpEndpoint: sdkEnum('MetadataOption'),
}

/** Fields that the API has and SDK 3.2.0 lacks, by path, with the reason. None at present. */
const NEWER_THAN_SDK: Readonly<Record<string, string>> = {}

const MESSAGES: readonly {
  name: string
  message: Message
  type: SdkType
  status?: object
}[] = [
  {
    name: 'CreateFunctionRequest',
    message: CREATE_FUNCTION,
    type: sdkType('CreateFunctionRequest'),
  },
  {
    name: 'UpdateFunctionRequest',
    message: UPDATE_FUNCTION,
    type: sdkType('UpdateFunctionRequest'),
  },
  {
    name: 'CreateFunctionVersionRequest',
    message: CREATE_VERSION,
    type: sdkType('CreateFunctionVersionRequest'),
  },
  {
    name: 'Function',
    message: FUNCTION,
    type: sdkType('Function'),
    status: sdkEnum('Function_Status'),
  },
  {
    name: 'Version',
    message: VERSION,
    type: sdkType('Version'),
    status: sdkEnum('Version_Status'),
  },
  ...(
    [
      ['ListFunctionsVersionsRequest', LIST_VERSIONS],
      ['DeleteFunctionVersionRequest', DELETE_VERSION],
      ['SetFunctionTagRequest', SET_TAG],
      ['ListFunctionTagHistoryRequest', LIST_TAG_HISTORY],
      ['ScalingPolicy', SCALING_POLICY],
      ['SetScalingPolicyRequest', SET_SCALING_POLICY],
      ['RemoveScalingPolicyRequest', REMOVE_SCALING_POLICY],
    ] as const
  ).map(([name, message]) => ({ name, message, type: sdkType(name) })),
  {
    name: 'FunctionTagHistoryRecord',
    message: TAG_RECORD,
    type: sdkType('ListFunctionTagHistoryResponse_FunctionTagHistoryRecord'),
  },
]

/** Fields that stand in the path of the request, so not in its body. */
const IN_PATH: Readonly<Record<string, readonly string[]>> = {
  UpdateFunctionRequest: ['functionId'],
  DeleteFunctionVersionRequest: ['functionVersionId'],
  SetFunctionTagRequest: ['functionVersionId'],
  ListFunctionTagHistoryRequest: ['functionId'],
  SetScalingPolicyRequest: ['functionId'],
  RemoveScalingPolicyRequest: ['functionId'],
}

describe.each(MESSAGES)('$name', ({ name, message, type, status }) => {
  test('has the same fields in the emulator as in the SDK, at every depth', () => {
    const inPath = IN_PATH[name] ?? []
    expect(emulatorPaths(message).filter((path) => !(path in NEWER_THAN_SDK))).toEqual(
      sdkPaths(type).filter((path) => !inPath.includes(path)),
    )
  })

  test('has fields of the same kinds', () => {
    const defaults = new Map<string, unknown>(Object.entries(type.fromJSON({})))
    const oneof = new Set(message.oneofs?.flatMap((group) => group.fields))
    for (const [field, { kind }] of Object.entries(message.fields)) {
      if (field in NEWER_THAN_SDK) continue
      const expected = oneof.has(field) ? ['undefined'] : SDK_DEFAULTS[kind]
      expect({ field, kind: kindOf(defaults.get(field)) }).toEqual({
        field,
        kind: expect.stringMatching(expected.join('|')),
      })
    }
  })

  test('has enums of the same values', () => {
    for (const [field, values] of enums(message)) {
      const type = field === 'status' ? status : ENUMS[field]
      const names = Object.keys(type ?? {}).filter((key) => !/^-?\d+$/.test(key))
      expect({ field, values }).toEqual({
        field,
        values: names.filter((key) => key !== 'UNRECOGNIZED'),
      })
    }
  })
})

test('every field said to be newer than the SDK is one that it does lack', () => {
  const known = sdkPaths(sdkType('CreateFunctionVersionRequest'))
  expect(Object.keys(NEWER_THAN_SDK).filter((path) => known.includes(path))).toEqual([])
})

describe('a body sent through the SDK', () => {
  test('comes back field by field', () => {
    expect(roundTrip(EVERY_FIELD)).toEqual(EVERY_FIELD)
  })

  test('has every field that the emulator knows, but for the other package sources', () => {
    const known = Object.keys(CREATE_VERSION.fields).filter(
      (name) => name !== 'package' && name !== 'versionId',
    )
    expect(Object.keys(EVERY_FIELD).sort()).toEqual(known.sort())
  })

  test('loses a field that the SDK does not know', () => {
    expect(roundTrip({ ...EVERY_FIELD, entryPoint: 'x' })).toEqual(EVERY_FIELD)
  })

  test('keeps defaults that were sent, and adds none', () => {
    const body = { functionId: 'f', concurrency: '0', logOptions: { disabled: false }, tag: [] }
    expect(roundTrip(body)).toEqual(body)
  })

  test('keeps a fraction of a second', () => {
    expect(roundTrip({ executionTimeout: '1.5s' })).toEqual({ executionTimeout: '1.5s' })
  })
})

const TARGET = { ymqTarget: { queueArn: 'yrn:yc:ymq:ru-central1:b1g:q', serviceAccountId: 'aje1' } }
const EVERY_FIELD = {
  functionId: 'd4e1',
  runtime: 'nodejs22',
  entrypoint: 'index.handler',
  resources: { memory: '2147483648' },
  executionTimeout: '90s',
  description: 'octo-org/hello@1234567, run 1',
  serviceAccountId: 'aje1',
  content: Buffer.from('zip').toString('base64'),
  environment: { KEY: 'value', EMPTY: '' },
  tag: ['stable', 'v1'],
  connectivity: { networkId: 'enp1', subnetId: ['e9b1'] },
  namedServiceAccounts: { reader: 'aje2' },
  secrets: [{ id: 'e6q1', versionId: 'e6q2', key: 'password', environmentVariable: 'PASSWORD' }],
  logOptions: { disabled: true, logGroupId: 'e23', minLevel: 'INFO' },
  storageMounts: [{ bucketId: 'b', prefix: 'p', mountPointName: 'm', readOnly: true }],
  asyncInvocationConfig: {
    retriesCount: '3',
    successTarget: { emptyTarget: {} },
    failureTarget: TARGET,
    serviceAccountId: 'aje1',
  },
  tmpfsSize: '536870912',
  concurrency: '2',
  mounts: [
    { name: 'data', mode: 'READ_ONLY', objectStorage: { bucketId: 'b', prefix: 'p/' } },
    {
      name: 'tmp',
      mode: 'READ_WRITE',
      ephemeralDiskSpec: { size: '1073741824', blockSize: '4096' },
    },
  ],
  metadataOptions: { gceHttpEndpoint: 'ENABLED', awsV1HttpEndpoint: 'DISABLED' },
}

/** What the SDK's default of a field can be, by the kind that the emulator says it is. */
const SDK_DEFAULTS: Readonly<Record<Field['kind'], readonly string[]>> = {
  string: ['string', 'undefined'],
  int64: ['number'],
  bool: ['boolean'],
  bytes: ['undefined'],
  duration: ['undefined'],
  enum: ['number'],
  fieldMask: ['undefined'],
  message: ['undefined'],
  list: ['array'],
  map: ['object'],
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}

function inner(field: Field): Message | undefined {
  if (field.kind === 'message') return field.message
  return field.kind === 'list' ? inner(field.of) : undefined
}

function emulatorPaths(message: Message): string[] {
  return Object.entries(message.fields)
    .flatMap(([name, field]) => {
      const nested = inner(field)
      return [name, ...(nested ? emulatorPaths(nested).map((path) => `${name}.${path}`) : [])]
    })
    .sort()
}

function sdkPaths(type: SdkType): string[] {
  return Object.keys(type.fromJSON({}))
    .flatMap((name) => {
      const nested = NESTED[name]
      return [name, ...(nested ? sdkPaths(nested).map((path) => `${name}.${path}`) : [])]
    })
    .sort()
}

function enums(message: Message): [name: string, values: readonly string[]][] {
  return Object.entries(message.fields).flatMap(([name, field]) => {
    if (field.kind === 'enum') return [[name, field.values]]
    const nested = inner(field)
    return nested ? enums(nested) : []
  })
}
