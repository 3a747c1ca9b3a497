/** Settings in a plan: nothing that nobody changed, everything that somebody did, in the row of its input. */

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { diffSettings, SETTINGS } from '../../../../src/deploy/plan/settings.ts'
import { INPUT_NAMES } from '../../../../src/inputs/names.ts'
import type { VersionSpec } from '../../../../src/yandex/functions/version-request.ts'
import { readVersion } from '../../../../src/yandex/functions/versions.ts'
import { EVERY_INPUT } from '../../../support/inputs.ts'
import { SETTING_CASES } from '../../../support/setting-cases.ts'
import { FOLDER_ID, shown, specOf, type Manner } from '../../../support/versions.ts'

type Given = Readonly<Record<string, string>>

/** Inputs that are no settings of a version, with what they are. */
const NO_SETTINGS: Readonly<Record<string, readonly string[]>> = {
  credentials: [
    'yc-sa-json-credentials',
    'yc-iam-token',
    'yc-sa-id',
    'oidc-audience',
    'yc-instance-metadata',
  ],
  'the function, an area of its own': [
    'function-id',
    'folder-id',
    'function-name',
    'create-function',
    'function-description',
    'function-labels',
  ],
  'access and scaling, areas of their own': [
    'public',
    'provisioned-instances',
    'zone-instances-limit',
    'zone-requests-limit',
  ],
  'the code, an area of its own': [
    'source-root',
    'include',
    'exclude',
    'package',
    'source-version-id',
    'bucket',
    'bucket-prefix',
  ],
  'not compared': ['description'],
  'an area of its own': ['tags'],
  'about the run': [
    'dry-run',
    'skip-unchanged',
    'reuse-code',
    'check',
    'check-tag',
    'check-query',
    'check-body',
    'check-raw',
    'check-status',
    'check-contains',
    'check-timeout',
    'check-attempts',
    'restore-latest',
    'previous-tag',
    'comment',
    'github-token',
    'wait',
    'wait-timeout',
    'api-endpoint',
    'token-exchange-url',
  ],
}

/** The rows that are not unchanged, of a step that is deployed after another. */
function differing(
  [before, after]: readonly [Given, Given],
  manner: Manner,
): readonly [setting: string, verdict: string][] {
  return diffSettings({
    live: shown(specOf(before), { manner }).spec,
    after: specOf(after),
    folderId: FOLDER_ID,
    seesEnvironment: true,
  })
    .filter(({ verdict }) => verdict !== 'unchanged')
    .map(({ name, verdict }) => [name.split('.')[0] ?? '', verdict])
}

/** The settings of these rows, each once. */
function settingsIn(rows: readonly [setting: string, verdict: string][]): readonly string[] {
  return [...new Set(rows.map(([setting]) => setting))]
}

test('every input is a setting with a row, or is known to be none', () => {
  const known = [...Object.keys(SETTING_CASES), ...Object.values(NO_SETTINGS).flat()]
  expect(known.sort()).toEqual([...INPUT_NAMES].sort())
  const rows = Object.entries(SETTING_CASES).flatMap(([input, one]) => one.rows ?? [input])
  expect(new Set(rows)).toEqual(new Set(Object.keys(SETTINGS)))
})

describe.each(
  Object.entries(SETTING_CASES).flatMap(([input, one]) =>
    (['sparse', 'filled'] as const).map((manner) => ({ input, manner, one })),
  ),
)('`$input`, shown $manner', ({ input, manner, one }) => {
  const base = { ...EVERY_INPUT, ...one.base }
  const changed = { ...base, ...one.changed }
  const rows = one.rows ?? [input]

  test('deployed twice has no changes', () => {
    expect(differing([base, base], manner)).toEqual([])
    expect(differing([changed, changed], manner)).toEqual([])
  })

  test('changed has exactly its rows', () => {
    expect(settingsIn(differing([base, changed], manner))).toEqual(rows)
  })

  test('left out has exactly its rows, and deployed like that no more', () => {
    if (one.without === 'required') return
    const without = { ...base, ...one.without, [input]: '' }
    expect(settingsIn(differing([base, without], manner))).toEqual(one.rowsWithout ?? rows)
    expect(settingsIn(differing([without, base], manner))).toEqual(one.rowsWithout ?? rows)
    expect(differing([without, without], manner)).toEqual([])
  })
})

test('a step with the required inputs alone has no changes when deployed twice', () => {
  expect(differing([{}, {}], 'sparse')).toEqual([])
  expect(differing([{}, {}], 'filled')).toEqual([])
})

test('the account of a function is that of its asynchronous calls, where they have none', () => {
  const step = { ...EVERY_INPUT, 'async-sa-id': '' }
  const rows = differing([step, { ...step, 'service-account': 'aje9' }], 'filled')
  expect(settingsIn(rows)).toEqual(['service-account', 'async-sa'])
})

test('everything is added where nothing is live', () => {
  const rows = diffSettings({
    live: undefined,
    after: specOf(EVERY_INPUT),
    folderId: FOLDER_ID,
    seesEnvironment: false,
  })
  expect([...new Set(rows.map(({ verdict }) => verdict))]).toEqual(['added'])
  expect([...new Set(rows.map(({ name }) => name.split('.')[0]))]).toEqual(
    Object.keys(SETTINGS).filter((name) => name !== 'logs-folder-id'),
  )
})

describe('the environment', () => {
  const verdicts = (live: VersionSpec['environment'], after: Given, seesEnvironment = false) => {
    return diffSettings({
      live: { ...specOf(), ...(live && { environment: live }) },
      after: specOf(after),
      folderId: FOLDER_ID,
      seesEnvironment,
    })
      .filter(({ name }) => name.startsWith('environment'))
      .map(({ name, verdict }) => `${name} ${verdict}`)
  }

  test.each<[string, Parameters<typeof verdicts>, readonly string[]]>([
    ['not shown, and not set', [undefined, {}], []],
    ['not shown, and set', [undefined, { environment: 'A=1' }], ['environment unknown']],
    ['shown as empty, and set', [{}, { environment: 'A=1' }], ['environment.A added']],
    [
      'not shown to one who sees others, and set',
      [undefined, { environment: 'A=1' }, true],
      ['environment.A added'],
    ],
    ['shown, and not set', [{ A: '1' }, {}], ['environment.A removed']],
    [
      'shown, and set',
      [{ A: '1', B: '1', C: '1' }, { environment: 'D=1\nB=2\nA=1' }],
      [
        'environment.A unchanged',
        'environment.B changed',
        'environment.C removed',
        'environment.D added',
      ],
    ],
    [
      'with the names of what every object has',
      [{ constructor: '1' }, { environment: 'toString=1' }],
      ['environment.constructor removed', 'environment.toString added'],
    ],
  ])('that is %s', (_, given, expected) => {
    expect(verdicts(...given)).toEqual(expected)
  })

  test('leaves no value in any row', () => {
    const rows = diffSettings({
      live: { ...specOf(), environment: { A: 'hunter2', B: 'hunter2', C: 'hunter2' } },
      after: { ...specOf(), environment: { B: 'hunter3', C: 'hunter2', D: 'hunter2' } },
      folderId: FOLDER_ID,
      seesEnvironment: true,
    })
    expect(JSON.stringify(rows)).not.toContain('hunter')
  })
})

test.each<[string, Partial<VersionSpec>, Partial<VersionSpec>, readonly string[]]>([
  ['concurrency 0 is 1', { concurrency: '0' }, { concurrency: '1' }, []],
  [
    'a group in place of the default folder',
    { logOptions: { folderId: FOLDER_ID } },
    { logOptions: { logGroupId: 'g' } },
    ['logs-group-id'],
  ],
  ['the function`s own folder, given', {}, { logOptions: { folderId: FOLDER_ID } }, []],
  ['another folder', {}, { logOptions: { folderId: 'other' } }, ['logs-folder-id']],
  [
    'a network that lost its subnets',
    { connectivity: { networkId: 'n', subnetId: ['s'] } },
    { connectivity: { networkId: 'n' } },
    [],
  ],
  [
    'subnets without a network',
    { connectivity: { subnetId: ['s', 't'] } },
    { connectivity: { networkId: 'n' } },
    ['network'],
  ],
  [
    'a bucket that becomes a disk',
    { mounts: [{ name: 'm', objectStorage: { bucketId: 'b' } }] },
    { mounts: [{ name: 'm', ephemeralDiskSpec: { size: '1073741824' } }] },
    ['mounts.m', 'ephemeral-disk.m'],
  ],
  [
    'a mount of no mode, which may be written',
    { mounts: [{ name: 'm', objectStorage: { bucketId: 'b' } }] },
    { mounts: [{ name: 'm', mode: 'READ_WRITE', objectStorage: { bucketId: 'b' } }] },
    [],
  ],
  ...['p', 'p/', 'p/q'].map((prefix): [string, Partial<VersionSpec>, Partial<VersionSpec>, []] => [
    `a prefix ${prefix} with a slash at its end or without`,
    { mounts: [{ name: 'm', objectStorage: { bucketId: 'b', prefix } }] },
    {
      mounts: [
        {
          name: 'm',
          objectStorage: {
            bucketId: 'b',
            prefix: prefix.endsWith('/') ? prefix.slice(0, -1) : `${prefix}/`,
          },
        },
      ],
    },
    [],
  ]),
  [
    'a prefix that is only a slash',
    { mounts: [{ name: 'm', objectStorage: { bucketId: 'b', prefix: '/' } }] },
    { mounts: [{ name: 'm', objectStorage: { bucketId: 'b' } }] },
    [],
  ],
  [
    'a prefix of two slashes at its end',
    { mounts: [{ name: 'm', objectStorage: { bucketId: 'b', prefix: 'p//' } }] },
    { mounts: [{ name: 'm', objectStorage: { bucketId: 'b', prefix: 'p' } }] },
    ['mounts.m'],
  ],
  [
    'a disk whose blocks the step leaves as they are',
    { mounts: [{ name: 'm', ephemeralDiskSpec: { size: '1073741824', blockSize: '8192' } }] },
    { mounts: [{ name: 'm', ephemeralDiskSpec: { size: '1073741824' } }] },
    [],
  ],
  [
    'a disk of other blocks',
    { mounts: [{ name: 'm', ephemeralDiskSpec: { size: '1073741824', blockSize: '8192' } }] },
    { mounts: [{ name: 'm', ephemeralDiskSpec: { size: '1073741824', blockSize: '4096' } }] },
    ['ephemeral-disk.m'],
  ],
  [
    'a disk that was another one by its name',
    { mounts: [{ name: 'n', ephemeralDiskSpec: { size: '1073741824', blockSize: '8192' } }] },
    { mounts: [{ name: 'm', ephemeralDiskSpec: { size: '1073741824' } }] },
    ['ephemeral-disk.m', 'ephemeral-disk.n'],
  ],
  ['metadata that nobody asked for', { metadataOptions: { awsV1HttpEndpoint: 'ENABLED' } }, {}, []],
  [
    'metadata of a kind that is not known yet',
    { metadataOptions: { gceHttpEndpoint: 'LIMITED' } },
    {},
    ['metadata-gce'],
  ],
  [
    'half a second',
    { executionTimeout: '5.5s' },
    { executionTimeout: '5s' },
    ['execution-timeout'],
  ],
])('%s', (_, live, after, names) => {
  const rows = diffSettings({
    live: { ...specOf(), ...live },
    after: { ...specOf(), ...after },
    folderId: FOLDER_ID,
    seesEnvironment: true,
  })
  expect(rows.filter(({ verdict }) => verdict !== 'unchanged').map(({ name }) => name)).toEqual(
    names,
  )
})

describe('a message about asynchronous calls', () => {
  const namesOf = (config: object, after: Given): readonly string[] =>
    diffSettings({
      live: readVersion({ ...specOf(), id: 'd4e1', asyncInvocationConfig: config }).spec,
      after: specOf(after),
      folderId: FOLDER_ID,
      seesEnvironment: true,
    })
      .filter(({ verdict }) => verdict !== 'unchanged')
      .map(({ name }) => name)

  test.each([
    [{}],
    [{ retriesCount: '0', serviceAccountId: '' }],
    [{ successTarget: {}, failureTarget: {} }],
  ])('that says nothing is none: %j', (config) => {
    expect(namesOf(config, {})).toEqual([])
    expect(namesOf(config, { async: 'true' })).toContain('async')
  })

  test.each([
    [{ successTarget: { emptyTarget: {} } }],
    [{ failureTarget: { emptyTarget: {} } }],
    [{ retriesCount: '1' }],
    [{ serviceAccountId: 'aje1' }],
  ])('that says something is one: %j', (config) => {
    expect(namesOf(config, {})).toContain('async')
  })
})

describe('any two versions', () => {
  const ids = fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/)
  const names = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/)
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const target = fc.oneof(
    fc.constant({ emptyTarget: {} }),
    fc.record({ ymqTarget: fc.record({ queueArn: ids, serviceAccountId: ids }) }),
  )
  const option = maybe(fc.constantFrom('ENABLED', 'DISABLED'))
  const mount = fc.record({
    name: ids,
    mode: fc.constantFrom('READ_ONLY', 'READ_WRITE'),
    objectStorage: fc.record({ bucketId: ids, prefix: fc.constantFrom('', 'p', 'p/q') }),
  })

  /** One arbitrary for each row, as the part of the version that it is about. */
  const parts = {
    runtime: fc.record({ runtime: ids }),
    memory: fc
      .integer({ min: 1, max: 64 })
      .map((n) => ({ resources: { memory: String(n * 2 ** 27) } })),
    'execution-timeout': fc
      .integer({ min: 1, max: 3600 })
      .map((n) => ({ executionTimeout: `${n}s` })),
    environment: fc
      .dictionary(names, fc.string(), { noNullPrototype: true })
      .map((environment) => ({ environment })),
    secrets: fc
      .uniqueArray(fc.record({ id: ids, versionId: ids, key: ids, environmentVariable: names }), {
        selector: ({ environmentVariable }) => environmentVariable,
      })
      .map((secrets) => ({ secrets })),
    'service-account': maybe(ids).map((id) => (id === undefined ? {} : { serviceAccountId: id })),
    network: maybe(ids).map((id) => (id === undefined ? {} : { connectivity: { networkId: id } })),
    concurrency: maybe(fc.integer({ min: 2, max: 16 })).map((n) =>
      n === undefined ? {} : { concurrency: String(n) },
    ),
    mounts: fc.uniqueArray(mount, { selector: ({ name }) => name }).map((mounts) => ({ mounts })),
    'log-level': maybe(fc.constantFrom('INFO', 'WARN')).map((minLevel) =>
      minLevel === undefined ? {} : { logOptions: { minLevel } },
    ),
    metadata: fc.tuple(option, option).map(([gce, aws]) => ({
      metadataOptions: {
        ...(gce !== undefined && { gceHttpEndpoint: gce }),
        ...(aws !== undefined && { awsV1HttpEndpoint: aws }),
      },
    })),
    async: maybe(
      fc.record({
        retriesCount: fc.constantFrom('0', '3'),
        successTarget: target,
        failureTarget: target,
      }),
    ).map((config) => (config === undefined ? {} : { asyncInvocationConfig: config })),
  }
  type Part = keyof typeof parts
  const records = fc.record(parts)
  const merge = (record: Readonly<Record<Part, object>>): VersionSpec =>
    Object.assign({}, specOf(), ...Object.values(record)) as VersionSpec

  test('are without a change where one is what the service shows of the other', () => {
    fc.assert(
      fc.property(records, fc.constantFrom<Manner>('sparse', 'filled'), (record, manner) => {
        const spec = merge(record)
        const rows = diffSettings({
          live: shown(spec, { manner }).spec,
          after: spec,
          folderId: FOLDER_ID,
          seesEnvironment: true,
        })
        expect(rows.filter(({ verdict }) => verdict !== 'unchanged')).toEqual([])
      }),
    )
  })

  test('differ in the rows of the parts that differ, and in no others', () => {
    const keys = Object.keys(parts) as Part[]
    fc.assert(
      fc.property(records, records, fc.subarray(keys), (one, two, taken) => {
        const mixed = { ...one, ...Object.fromEntries(taken.map((key) => [key, two[key]])) }
        const rows = diffSettings({
          live: shown(merge(one)).spec,
          after: merge(mixed),
          folderId: FOLDER_ID,
          seesEnvironment: true,
        })
        const named = rows.filter(({ verdict }) => verdict !== 'unchanged').map(({ name }) => name)
        const seen = new Set(
          named.map((name) => /^(metadata|async)-/.exec(name)?.[1] ?? name.split('.')[0]),
        )
        const changed = keys.filter((key) => canonical(one[key]) !== canonical(mixed[key]))
        expect([...seen].sort()).toEqual(changed.sort())
      }),
    )
  })

  /** Equal for parts that mean the same: without defaults, and without an order of lists and maps. */
  function canonical(part: object): string {
    return JSON.stringify(part, (key, value: unknown) => {
      if (value === 'ENABLED' || (key === 'prefix' && value === '')) return undefined
      if (Array.isArray(value)) return value.map((item) => JSON.stringify(item)).sort()
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    })
  }
})
