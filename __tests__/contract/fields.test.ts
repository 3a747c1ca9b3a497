/** No field of createVersion is out of reach: each of the official SDK's generated type is set by some input. */

import { describe, expect, test } from '@jest/globals'
import { versionRequest } from '../../src/deploy/request.ts'
import type { UploadedCode } from '../../src/deploy/code.ts'
import { PACKED } from '../support/facts.ts'
import { EVERY_INPUT, inputsOf } from '../support/inputs.ts'
import { sdkType, type SdkType } from '../support/sdk.ts'

/** The type of each field that holds a message, or a list of them. */
const NESTED: Readonly<Record<string, SdkType>> = {
  resources: sdkType('Resources'),
  package: sdkType('Package'),
  connectivity: sdkType('Connectivity'),
  secrets: sdkType('Secret'),
  logOptions: sdkType('LogOptions'),
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

/** Fields that no input sets, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'connectivity.subnetId': 'deprecated; the network alone is given',
  storageMounts: 'deprecated; `mounts` has taken its place, and the two must not be mixed',
}

const CODES: readonly UploadedCode[] = [
  { kind: 'inline', packed: PACKED },
  { kind: 'bucket', bucket: 'b', key: 'k', sha256: 'ab', outcome: 'uploaded' },
  { kind: 'version', versionId: 'd4e0', sha256: undefined },
]

/** Steps that together set all that can be set; some inputs cannot be combined. */
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

const known = sdkPaths(sdkType('CreateFunctionVersionRequest'))
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
