/** How the code reaches the cloud: in the request, through a bucket, or as that of another version. */

import { describe, expect, test } from '@jest/globals'
import { deliverCode, findStored } from '../../../src/deploy/upload.ts'
import type { PackedCode } from '../../../src/deploy/package.ts'
import { Report } from '../../../src/report/report.ts'
import type { FoundTarget } from '../../../src/deploy/function.ts'
import type { Stored } from '../../../src/yandex/storage.ts'
import { readFunction } from '../../../src/yandex/wire.ts'
import { answer, fakeCloud, FakeRunner, rejection, type Step } from '../../support/fakes.ts'
import { inputsOf } from '../../support/inputs.ts'

const SHA = 'ab'.repeat(32)
const PACKED: PackedCode = {
  archive: {
    chunks: [Buffer.from('PK'), Buffer.from('zip')],
    sizeBytes: 5,
    unpackedBytes: 3,
    sha256: SHA,
    entries: [],
  },
  selection: { files: [], excluded: [], warnings: [] },
}
const KEY = `pre/d4e1/${SHA}.zip`
const BUCKET = { bucket: 'my-bucket', 'bucket-prefix': 'pre/' }

function deliver(
  given: Record<string, string>,
  { packed = PACKED, stored = 'absent' }: { packed?: PackedCode | undefined; stored?: Stored } = {},
  ...steps: Step[]
) {
  const fake = fakeCloud(steps)
  const runner = new FakeRunner()
  const report = new Report({ runner, clock: fake.clock })
  const plan = { code: inputsOf(given).code, packed, functionId: 'd4e1', stored }
  return { ...fake, runner, result: deliverCode(plan, { cloud: fake.cloud, report }) }
}

describe('the code', () => {
  test('goes inside the request', async () => {
    const { result, transport } = deliver({})
    expect(await result).toEqual({ content: Buffer.from('PKzip').toString('base64') })
    expect(transport.requests).toEqual([])
  })

  test('goes through a bucket, by a key of function and content', async () => {
    const { result, transport, runner } = deliver(BUCKET, {}, answer(200))
    expect(await result).toEqual({
      package: { bucketName: 'my-bucket', objectName: KEY, sha256: SHA },
    })
    expect(transport.lines).toEqual([`PUT /my-bucket/${KEY}`])
    expect(runner.outputs).toEqual({ 'object-name': KEY })
    expect(runner.lines[0]).toContain('uploaded')
  })

  test('is not sent again when the bucket has it', async () => {
    const { result, transport, runner } = deliver(BUCKET, { stored: 'present' })
    expect(await result).toHaveProperty('package.objectName', KEY)
    expect(transport.requests).toEqual([])
    expect(runner.lines[0]).toContain('is there already')
  })

  test('is that of another version, for which nothing is sent', async () => {
    const { result, transport } = deliver({ 'source-version-id': 'd4e0' })
    expect(await result).toEqual({ versionId: 'd4e0' })
    expect(transport.requests).toEqual([])
  })

  test('that is refused has no output', async () => {
    const { result, runner } = deliver(BUCKET, {}, answer(403))
    expect(await rejection(result)).toMatchObject({ code: 'API_REJECTED' })
    expect(runner.outputs).toEqual({})
  })
})

describe('what is in the bucket', () => {
  const existing: FoundTarget = { kind: 'existing', function: readFunction({ id: 'd4e1' }) }
  const missing: FoundTarget = {
    kind: 'missing',
    target: { kind: 'name', folderId: 'b', functionName: 'f', createIfMissing: true },
  }
  const look = (given: Record<string, string>, found: FoundTarget, packed?: PackedCode) => {
    const fake = fakeCloud([answer(200, '', { 'content-length': '5' })])
    const { delivery } = inputsOf(given).code
    return { ...fake, result: findStored({ delivery, packed, found }, fake.cloud) }
  }

  test('is looked for by the key', async () => {
    const { result, transport } = look(BUCKET, existing, PACKED)
    expect(await result).toBe('present')
    expect(transport.lines).toEqual([`HEAD /my-bucket/${KEY}`])
  })

  test.each<[string, Record<string, string>, FoundTarget, PackedCode | undefined]>([
    ['an inline package', {}, existing, PACKED],
    ['no package', BUCKET, existing, undefined],
    ['a function that is to be created', BUCKET, missing, PACKED],
  ])('is not looked for with %s', async (_, given, found, packed) => {
    const { result, transport } = look(given, found, packed)
    expect(await result).toBe('absent')
    expect(transport.requests).toEqual([])
  })
})
