/** No field of a version is lost in reading: each of the official SDK's generated type makes a difference. */

import { describe, expect, test } from '@jest/globals'
import { readVersion } from '../../src/yandex/functions/versions.ts'
import { FULL_VERSION, pathsIn, withoutPath } from '../support/full-version.ts'
import { sdkType, type SdkType } from '../support/sdk.ts'

/** The type of each field that holds a message, or a list of them. */
const NESTED: Readonly<Record<string, SdkType>> = {
  resources: sdkType('Resources'),
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

function sdkPaths(type: SdkType): string[] {
  return Object.keys(type.fromJSON({})).flatMap((name) => {
    const nested = NESTED[name]
    return [name, ...(nested ? sdkPaths(nested).map((path) => `${name}.${path}`) : [])]
  })
}

const known = sdkPaths(sdkType('Version'))

describe('a field of Version', () => {
  test('is in the full version of this test, at every depth', () => {
    expect(known.length).toBeGreaterThan(50)
    expect([...new Set(pathsIn(FULL_VERSION))].sort()).toEqual([...known].sort())
  })

  test.each(known.filter((path) => path !== 'id'))('is read: %s', (path) => {
    expect(readVersion(withoutPath(FULL_VERSION, path.split('.')))).not.toEqual(
      readVersion(FULL_VERSION),
    )
  })

  test('is read in the form in which it is asked for', () => {
    const { id, functionId, createdAt, status, description, tags, imageSize, ...spec } =
      FULL_VERSION
    const asked: Partial<typeof spec> = { ...spec }
    delete asked.storageMounts
    expect(readVersion({ ...FULL_VERSION, storageMounts: [] })).toEqual({
      ...{ id, functionId, createdAt, status, description, tags },
      imageSizeBytes: Number(imageSize),
      spec: asked,
    })
  })
})
