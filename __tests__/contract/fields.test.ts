/** No field of createVersion is out of reach: each of the official SDK's generated type is set by some input. */

import { describe, expect, test } from '@jest/globals'
import * as sdk from '@yandex-cloud/nodejs-sdk/serverless-functions-v1/function'
import { CreateFunctionVersionRequest } from '@yandex-cloud/nodejs-sdk/serverless-functions-v1/function_service'
import { versionRequest, type VersionCode } from '../../src/deploy/request.ts'
import { EVERY_INPUT, inputsOf } from '../support/inputs.ts'

/** A generated type, as far as it shows its fields: reading `{}` gives each of them its default. */
interface SdkType {
  fromJSON(object: unknown): object
}

/** The type of each field that holds a message, or a list of them. */
const NESTED: Readonly<Record<string, SdkType>> = {
  resources: sdk.Resources,
  package: sdk.Package,
  connectivity: sdk.Connectivity,
  secrets: sdk.Secret,
  logOptions: sdk.LogOptions,
  asyncInvocationConfig: sdk.AsyncInvocationConfig,
  successTarget: sdk.AsyncInvocationConfig_ResponseTarget,
  failureTarget: sdk.AsyncInvocationConfig_ResponseTarget,
  emptyTarget: sdk.EmptyTarget,
  ymqTarget: sdk.YMQTarget,
  mounts: sdk.Mount,
  objectStorage: sdk.Mount_ObjectStorage,
  ephemeralDiskSpec: sdk.Mount_DiskSpec,
  metadataOptions: sdk.MetadataOptions,
}

/** Fields that no input sets, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'connectivity.subnetId': 'deprecated; the network alone is given',
  storageMounts: 'deprecated; `mounts` has taken its place, and the two must not be mixed',
}

const CODES: readonly VersionCode[] = [
  { content: 'UEs=' },
  { package: { bucketName: 'b', objectName: 'k', sha256: 'ab' } },
  { versionId: 'd4e0' },
]

/** Steps that together set all that can be set; some inputs exclude each other. */
const STEPS = [
  EVERY_INPUT,
  { 'logs-folder-id': 'b1g2', async: 'true' },
] as const satisfies readonly Readonly<Record<string, string>>[]

function sdkPaths(type: SdkType): string[] {
  return Object.keys(type.fromJSON({})).flatMap((name) => {
    const nested = NESTED[name]
    return [name, ...(nested ? sdkPaths(nested).map((path) => `${name}.${path}`) : [])]
  })
}

/** Every field in a value, at every depth that is a message; the keys of maps are no fields. */
function pathsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pathsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => [
    name,
    ...(name in NESTED ? pathsIn(item).map((path) => `${name}.${path}`) : []),
  ])
}

const known = sdkPaths(CreateFunctionVersionRequest)
const reached = new Set(
  STEPS.flatMap((given) =>
    CODES.flatMap((code) =>
      pathsIn(
        versionRequest({
          functionId: 'd4e1',
          settings: inputsOf(given).settings,
          names: {
            idOf: (reference) => (reference.kind === 'id' ? reference.id : reference.name),
            secrets: [{ id: 'i', versionId: 'v', key: 'k', environmentVariable: 'E' }],
          },
          code,
        }),
      ),
    ),
  ),
)

describe('a field of CreateFunctionVersionRequest', () => {
  test('is known from the generated type, at every depth', () => {
    expect(known.length).toBeGreaterThan(50)
    expect(known).toContain('asyncInvocationConfig.successTarget.ymqTarget.queueArn')
  })

  test.each(known.filter((path) => !(path in LEFT_OUT)))('is set by an input: %s', (path) => {
    expect([...reached]).toContain(path)
  })

  test.each(Object.entries(LEFT_OUT))('is left out for a reason: %s, %s', (path) => {
    expect(known).toContain(path)
    expect([...reached]).not.toContain(path)
  })

  test('is never set that the type does not have', () => {
    expect([...reached].filter((path) => !known.includes(path))).toEqual([])
  })
})
