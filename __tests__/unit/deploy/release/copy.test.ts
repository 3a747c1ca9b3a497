import { describe, expect, test } from '@jest/globals'
import { copyOf } from '../../../../src/deploy/release/copy.ts'
import { diffSettings } from '../../../../src/deploy/plan/settings.ts'
import { readVersion } from '../../../../src/yandex/functions/versions.ts'
import { FULL_VERSION, pathsIn, withoutPath } from '../../../support/full-version.ts'
import { EVERY_INPUT } from '../../../support/inputs.ts'
import { FOLDER_ID, shown, specOf } from '../../../support/versions.ts'

const SHA256 = 'a'.repeat(64)
const RUN = { runId: '42' }

/** A version has one kind of target and of mount; together they show that neither kind is lost. */
const { asyncInvocationConfig, mounts, ...rest } = FULL_VERSION
const FULL = {
  ...rest,
  asyncInvocationConfig: {
    ...asyncInvocationConfig,
    successTarget: { ymqTarget: asyncInvocationConfig.successTarget.ymqTarget },
    failureTarget: { ymqTarget: asyncInvocationConfig.failureTarget.ymqTarget },
  },
  mounts: mounts.flatMap(({ mode, objectStorage, ephemeralDiskSpec }) => [
    { name: 'data', mode, objectStorage },
    { name: 'disk', mode, ephemeralDiskSpec },
  ]),
}

/** What a version has that its author did not choose. */
const OWN = ['createdAt', 'imageSize', 'status', 'tags']

const copied = [...new Set(pathsIn(FULL))].filter((path) => !OWN.includes(path))

describe('a copy of a version', () => {
  test('has the same code, function and settings, and no tag', () => {
    const { functionId, id, ...settings } = FULL
    const { request } = copyOf({ version: readVersion(FULL), ...RUN })
    const { storageMounts, ...asked } = withoutPaths(settings, OWN)
    const [older] = storageMounts
    expect(request).toEqual({
      ...asked,
      functionId,
      versionId: id,
      description: 'octo-org/hello@1234567, run 1 [run:42 from:d4e1]',
      mounts: [
        ...FULL.mounts,
        {
          name: older?.mountPointName,
          mode: 'READ_ONLY',
          objectStorage: { bucketId: older?.bucketId, prefix: older?.prefix },
        },
      ],
    })
  })

  test('is made of more than forty fields', () => {
    expect(copied.length).toBeGreaterThan(40)
  })

  test.each(copied)('does not lose %s', (path) => {
    const without = withoutPath(FULL, path.split('.')) as object
    const version = readVersion({ id: 'other', ...without })
    expect(copyOf({ version, ...RUN })).not.toEqual(copyOf({ version: readVersion(FULL), ...RUN }))
  })

  test.each(['filled', 'sparse'] as const)('of a version shown %s plans no change', (manner) => {
    const spec = specOf(EVERY_INPUT)
    const live = shown(spec, { manner })
    const { request: after } = copyOf({ version: live, ...RUN })
    const rows = diffSettings({
      live: live.spec,
      after,
      folderId: FOLDER_ID,
      seesEnvironment: true,
    })
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter(({ verdict }) => verdict !== 'unchanged')).toEqual([])
  })

  test('keeps values of maps that would be left out as fields', () => {
    const environment = { EMPTY: '', ZERO: '0', mode: 'MODE_UNSPECIFIED' }
    const version = readVersion({ ...FULL, environment })
    expect(copyOf({ version, ...RUN }).request.environment).toEqual(environment)
  })

  test.each([
    ['empty targets', { successTarget: { emptyTarget: {} }, failureTarget: { emptyTarget: {} } }],
    ['no targets', {}],
  ])('of a version with %s says that there are none', (_, config) => {
    const retries = { retriesCount: '1' }
    const version = readVersion({ ...FULL, asyncInvocationConfig: { ...retries, ...config } })
    expect(copyOf({ version, ...RUN }).request.asyncInvocationConfig).toEqual({
      ...retries,
      successTarget: { emptyTarget: {} },
      failureTarget: { emptyTarget: {} },
    })
  })

  test('of a version whose message about asynchronous calls is empty has none', () => {
    const version = readVersion({ ...FULL, asyncInvocationConfig: {} })
    expect(copyOf({ version, ...RUN }).request).not.toHaveProperty('asyncInvocationConfig')
  })

  test.each([
    ['', '[run:42 from:d4e1]'],
    ['mine', 'mine [run:42 from:d4e1]'],
    [`mine [sha256:${SHA256} run:7]`, `mine [sha256:${SHA256} run:42 from:d4e1]`],
    [`[sha256:${SHA256} run:7 from:d4e0]`, `[sha256:${SHA256} run:42 from:d4e1]`],
    ['d'.repeat(600), `${'d'.repeat(236)} [run:42 from:d4e1]`],
    ['d'.repeat(500), `${'d'.repeat(500)} [run:42 from:d4e1]`],
  ])('of a version described as %j is described as %j', (description, copy) => {
    const version = readVersion({ ...FULL, description })
    expect(copyOf({ version, ...RUN }).request.description).toBe(copy)
  })

  test('falls back on a description of at most 255 characters, which has its fingerprint too', () => {
    const text = 'mine'.repeat(60)
    const version = readVersion({ ...FULL, description: `${text} [sha256:${SHA256} run:7]` })
    const { request, plain } = copyOf({ version, runId: undefined })
    const mark = ` [sha256:${SHA256} run:unknown from:d4e1]`
    expect(request.description).toBe(text + mark)
    expect(plain).toHaveLength(255)
    expect(plain.endsWith(mark)).toBe(true)
  })
})

function withoutPaths<T extends object>(value: T, paths: readonly string[]): T {
  return paths.reduce<unknown>((rest, path) => withoutPath(rest, path.split('.')), value) as T
}
