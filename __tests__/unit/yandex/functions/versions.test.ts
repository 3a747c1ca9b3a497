/** Versions as the API shows them: read strictly, without a loss, and asked for in the documented way. */

import { describe, expect, test } from '@jest/globals'
import {
  getVersion,
  getVersionByTag,
  LATEST,
  listVersions,
  readVersion,
} from '../../../../src/yandex/functions/versions.ts'
import { fakeCloud, json, refusal, rejection, thrown } from '../../../support/fakes.ts'

const LEAST = { id: 'd4e1', runtime: 'nodejs22', entrypoint: 'index.handler' }

describe('a version', () => {
  test('of nothing but an id has empty fields', () => {
    expect(readVersion({ id: 'd4e1' })).toEqual({
      id: 'd4e1',
      functionId: '',
      createdAt: '',
      status: '',
      description: '',
      tags: [],
      imageSizeBytes: 0,
      spec: {
        runtime: '',
        entrypoint: '',
        resources: { memory: '0' },
        executionTimeout: '0s',
      },
    })
  })

  test('may have fields that nobody knows, at every depth, and nulls', () => {
    const { spec } = readVersion({
      ...LEAST,
      logGroupId: 'x',
      environment: null,
      logOptions: { disabled: null, minLevel: 'INFO', colour: 'red' },
    })
    expect(spec).toEqual({
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      resources: { memory: '0' },
      executionTimeout: '0s',
      logOptions: { minLevel: 'INFO' },
    })
  })

  test('whose environment is shown as empty is told from one that shows none', () => {
    expect(readVersion({ ...LEAST, environment: {} }).spec.environment).toEqual({})
    expect(readVersion(LEAST).spec).not.toHaveProperty('environment')
  })

  test('may write whole numbers as numbers', () => {
    const { spec, imageSizeBytes } = readVersion({
      ...LEAST,
      resources: { memory: 134217728 },
      imageSize: 4096,
    })
    expect({ ...spec.resources, imageSizeBytes }).toEqual({
      memory: '134217728',
      imageSizeBytes: 4096,
    })
  })

  test('keeps a mount that only the deprecated field has, and no mount twice', () => {
    const mount = { name: 'a', mode: 'READ_ONLY', objectStorage: { bucketId: 'new' } }
    const { spec } = readVersion({
      ...LEAST,
      mounts: [mount],
      storageMounts: [
        { mountPointName: 'a', bucketId: 'old' },
        { mountPointName: 'b', bucketId: 'bbb', prefix: 'p', readOnly: true },
        { mountPointName: 'c', bucketId: 'ccc' },
      ],
    })
    expect(spec.mounts).toEqual([
      mount,
      { name: 'b', mode: 'READ_ONLY', objectStorage: { bucketId: 'bbb', prefix: 'p' } },
      { name: 'c', mode: 'READ_WRITE', objectStorage: { bucketId: 'ccc' } },
    ])
  })

  test.each<[field: string, version: unknown]>([
    ['the version', 'x'],
    ['the version', null],
    ['id', {}],
    ['id', { id: '' }],
    ['id', { id: 5 }],
    ['tags', { ...LEAST, tags: 'stable' }],
    ['tags', { ...LEAST, tags: [null] }],
    ['memory', { ...LEAST, resources: { memory: '1 GB' } }],
    ['memory', { ...LEAST, resources: { memory: 1.5 } }],
    ['resources', { ...LEAST, resources: [] }],
    ['executionTimeout', { ...LEAST, executionTimeout: 5 }],
    ['executionTimeout', { ...LEAST, executionTimeout: '5m' }],
    ['disabled', { ...LEAST, logOptions: { disabled: 'true' } }],
    ['environment', { ...LEAST, environment: { A: 1 } }],
    ['environment', { ...LEAST, environment: [] }],
    ['secrets', { ...LEAST, secrets: {} }],
  ])('with another type of "%s" is refused by its name: %j', (field, version) => {
    const error = thrown(() => readVersion(version))
    expect(String(error)).toMatch(/^TypeError: /)
    expect(String(error)).toContain(field)
  })

  test('is refused without a value of its environment', () => {
    const environment = { A: 'hunter2', B: ['hunter2'] }
    expect(String(thrown(() => readVersion({ ...LEAST, environment })))).not.toContain('hunter2')
  })
})

describe('asking for versions', () => {
  test('by id', async () => {
    const { cloud, transport } = fakeCloud([json(LEAST)])
    expect(await getVersion('d4/1', cloud)).toMatchObject({ id: 'd4e1' })
    expect(transport.lines).toEqual(['GET /functions/v1/versions/d4%2F1'])
  })

  test('by tag, the dollar sign encoded', async () => {
    const { cloud, transport } = fakeCloud([json(LEAST)])
    expect(await getVersionByTag({ functionId: 'f', tag: LATEST }, cloud)).toMatchObject(
      readVersion(LEAST),
    )
    expect(transport.lines).toEqual(['GET /functions/v1/versions:byTag?functionId=f&tag=%24latest'])
  })

  test('by a tag that no version has gives none', async () => {
    const { cloud } = fakeCloud([refusal(5, 'not found')])
    expect(await getVersionByTag({ functionId: 'f', tag: 'stable' }, cloud)).toBeUndefined()
  })

  test('by tag without the right to see them fails', async () => {
    const { cloud } = fakeCloud([refusal(7, 'denied')])
    expect(
      await rejection(getVersionByTag({ functionId: 'f', tag: 'stable' }, cloud)),
    ).toMatchObject({
      code: 'API_REJECTED',
      message: expect.stringContaining('with the tag stable'),
    })
  })

  test('of a function gives all pages, the newest first in whatever order they come', async () => {
    const at = (id: string, createdAt: string) => ({ id, createdAt })
    const { cloud, transport } = fakeCloud([
      json({
        versions: [
          at('old', '2026-01-01T00:00:00Z'),
          at('newer', '2026-01-02T00:00:00.000000002Z'),
        ],
        nextPageToken: 'p2',
      }),
      json({ versions: [at('newest', '2026-01-02T00:00:00.000000003Z')] }),
    ])
    const versions = await listVersions('f', cloud)
    expect(versions.map(({ id }) => id)).toEqual(['newest', 'newer', 'old'])
    expect(transport.lines).toEqual([
      'GET /functions/v1/versions?functionId=f&pageSize=1000',
      'GET /functions/v1/versions?functionId=f&pageSize=1000&pageToken=p2',
    ])
  })
})
