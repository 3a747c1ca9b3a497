/** A plan and the deployment that follows it agree, for any version that is live and any step. */

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { VersionRecord } from '../../emulator/index.ts'
import { mutations } from '../support/cloud.ts'
import { deploy, helloInputs, helloWorkspace, type Outcome, type Texts } from '../support/faults.ts'
import { startNamedCloud, type NamedCloud } from '../support/rich-cloud.ts'

const RUNS = 25

let cloud: NamedCloud
const workspaces = ['one', 'two', 'three'].map((word) =>
  helloWorkspace({ 'index.js': `exports.handler = () => '${word}'\n` }),
)
beforeAll(async () => {
  cloud = await startNamedCloud()
})
afterAll(async () => {
  await cloud.emulator.close()
  for (const workspace of workspaces) rmSync(workspace, { recursive: true })
})

const oneOf = (...choices: readonly Texts[]): fc.Arbitrary<Texts> => fc.constantFrom(...choices)
const item = fc.constantFrom('A', 'B', 'C')
const lines = (input: string, pair: (name: string, value: string) => string): fc.Arbitrary<Texts> =>
  fc
    .uniqueArray(fc.tuple(item, fc.constantFrom('1', '2')), { selector: ([name]) => name })
    .map((pairs) => ({ [input]: pairs.map(([name, value]) => pair(name, value)).join('\n') }))

/** Inputs that go together, one choice for each group. */
const GROUPS: readonly fc.Arbitrary<Texts>[] = [
  oneOf({}, { runtime: 'nodejs18' }),
  oneOf({}, { entrypoint: 'index.other' }),
  oneOf(
    {},
    { memory: '256MB' },
    { memory: '2GB', 'tmpfs-size': '512MB' },
    { memory: '2GB', 'tmpfs-size': '1GB' },
  ),
  oneOf({}, { 'execution-timeout': '1m' }, { 'execution-timeout': '60' }),
  lines('environment', (name, value) => `${name}=${value}`),
  lines('named-service-accounts', (name, value) => `${name}=aje${value}`),
  lines('mounts', (name, value) => `${name}:packages/${value}`),
  oneOf({}, { 'ephemeral-disk': 'tmp:10GB' }, { 'ephemeral-disk': 'tmp:10GB:8KB' }),
  oneOf(
    { 'service-account': 'aje1' },
    { 'service-account-name': 'account-2' },
    { 'service-account': 'aje1', secrets: 'X=database/latest/password' },
    { 'service-account': 'aje1', secrets: 'X=database/v2/password\nY=database/latest/password' },
  ),
  oneOf({}, { 'network-name': 'default' }, { 'network-id': 'enp1' }, { 'network-name': 'other' }),
  oneOf({}, { concurrency: '1' }, { concurrency: '3' }),
  oneOf(
    {},
    { 'logs-disabled': 'true' },
    { 'logs-group-id': 'e23' },
    { 'log-level': 'warn' },
    { 'logs-group-id': 'e24', 'log-level': 'error' },
  ),
  oneOf(
    {},
    { async: 'true' },
    { async: 'true', 'async-retries-count': '0', 'async-sa-id': 'aje3' },
    { async: 'true', 'async-success-ymq-arn': 'yrn:s', 'async-success-sa-id': 'aje4' },
    { async: 'true', 'async-failure-ymq-arn': 'yrn:f', 'async-failure-sa-name': 'writer' },
  ),
  oneOf(
    {},
    { 'metadata-gce': 'true' },
    { 'metadata-gce': 'false' },
    { 'metadata-aws-v1': 'false' },
  ),
  oneOf(
    {},
    { tags: 'stable' },
    { tags: 'next' },
    { tags: 'stable\nnext' },
    { tags: 'next\nstable' },
  ),
  oneOf({}, { 'function-description': 'one' }, { 'function-description': 'two' }),
  lines('function-labels', (name, value) => `${name.toLowerCase()}=${value}`),
  oneOf({}, { bucket: 'packages' }),
  oneOf({}, { 'skip-unchanged': 'true' }),
  oneOf({}, { 'reuse-code': 'true' }),
]

/** What is live and what follows it, group by group the same or another choice. */
const pairs = fc.tuple(
  ...GROUPS.map((group) => fc.tuple(group, fc.option(group, { nil: undefined }))),
)
const packages = fc.tuple(fc.constantFrom(...workspaces), fc.constantFrom(...workspaces))

interface Row {
  readonly name: string
  readonly verdict: string
}

function rowsOf({ outputs }: Outcome): readonly Row[] {
  return (JSON.parse(outputs.plan ?? '') as { rows: { items: readonly Row[] } }).rows.items
}

function changedIn(outcome: Outcome): readonly string[] {
  return rowsOf(outcome)
    .filter(({ verdict }) => verdict !== 'unchanged')
    .map(({ name }) => name)
    .sort()
}

type Field = readonly [row: string, value: unknown]

/** A version as the service has it, by the names of rows; written without a look at the code that makes them. */
function fieldsOf(version: VersionRecord, folderId: string): ReadonlyMap<string, string> {
  const of = (value: unknown, ...path: readonly string[]): unknown =>
    path.reduce<unknown>((inner, name) => (inner as Texts | undefined)?.[name], value)
  const map = (row: string, field: string): Field[] =>
    Object.entries((version[field] ?? {}) as Texts).map(([name, value]) => [
      `${row}.${name}`,
      value,
    ])
  const list = (field: string): readonly Texts[] => (version[field] ?? []) as readonly Texts[]
  const queue = (outcome: string): Field[] => {
    const target = of(version, 'asyncInvocationConfig', `${outcome}Target`, 'ymqTarget')
    return [
      [`async-${outcome}-ymq-arn`, of(target, 'queueArn')],
      [`async-${outcome}-sa`, of(target, 'serviceAccountId')],
    ]
  }
  const config = version.asyncInvocationConfig
  const logFolder = of(version, 'logOptions', 'folderId')
  const fields: readonly Field[] = [
    ['package', version.zip.toString('base64')],
    ['runtime', version.runtime],
    ['entrypoint', version.entrypoint],
    ['memory', of(version, 'resources', 'memory')],
    ['execution-timeout', version.executionTimeout],
    ['service-account', version.serviceAccountId],
    ['network', of(version, 'connectivity', 'networkId')],
    ['concurrency', version.concurrency],
    ['tmpfs-size', version.tmpfsSize],
    ['logs-disabled', of(version, 'logOptions', 'disabled')],
    ['logs-group-id', of(version, 'logOptions', 'logGroupId')],
    ['logs-folder-id', logFolder === folderId ? undefined : logFolder],
    ['log-level', of(version, 'logOptions', 'minLevel')],
    ['async', config && 'true'],
    [
      'async-retries-count',
      // A zero is left out on the wire.
      config && (of(config, 'retriesCount') ?? '0'),
    ],
    ['async-sa', of(config, 'serviceAccountId')],
    ...queue('success'),
    ...queue('failure'),
    ['metadata-gce', of(version, 'metadataOptions', 'gceHttpEndpoint')],
    ['metadata-aws-v1', of(version, 'metadataOptions', 'awsV1HttpEndpoint')],
    ...map('environment', 'environment'),
    ...map('named-service-accounts', 'namedServiceAccounts'),
    ...list('secrets').map(
      (secret) => [`secrets.${secret.environmentVariable ?? ''}`, secret] as const,
    ),
    ...list('mounts').map((mount) => {
      const row = mount.objectStorage === undefined ? 'ephemeral-disk' : 'mounts'
      return [`${row}.${mount.name ?? ''}`, mount] as const
    }),
  ]
  return new Map(
    fields.flatMap(([row, value]) =>
      value === undefined || value === '' ? [] : [[row, JSON.stringify(value)] as const],
    ),
  )
}

function withoutBlocks(version: VersionRecord): VersionRecord {
  const shown = JSON.stringify(version.mounts ?? []).replaceAll(/,"blockSize":"\d+"/g, '')
  return { ...version, mounts: JSON.parse(shown) as VersionRecord['mounts'] }
}

/** The same of a function, and who holds its tags. */
function functionFields(id: string): ReadonlyMap<string, string> {
  const { emulator } = cloud
  const { description = '', labels = {} } = emulator.functions().find((one) => one.id === id) ?? {}
  return new Map([
    ['function-description', description],
    ...Object.entries(labels).map(([name, value]) => [`function-labels.${name}`, value] as const),
  ])
}

/** The keys of two maps whose values are not the same. */
function differing(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  )
}

const holderOf = (id: string, tag: string): VersionRecord | undefined =>
  cloud.emulator.versions(id).findLast(({ tags }) => tags.includes(tag))

/** A version without variables looks like one whose variables are hidden: then the first ones have one row together. */
function unlessHidden(expected: readonly string[], shown: readonly string[]): readonly string[] {
  const one = (name: string): string => (name.startsWith('environment.') ? 'environment' : name)
  const names = shown.includes('environment') ? expected.map(one) : expected
  return [...new Set(names)].sort()
}

let functions = 0

test('a plan has the rows of what the deployment then changes, and none are left after it', async () => {
  const { emulator, translate } = cloud
  let withChanges = 0
  await fc.assert(
    fc.asyncProperty(pairs, packages, async (groups, [former, latter]) => {
      const hello = helloInputs(emulator, `property-${++functions}`)
      const join = (parts: readonly Texts[]) =>
        translate(Object.assign({}, hello, ...parts) as Texts)
      const live = join(groups.map(([one]) => one))
      const after = join(groups.map(([one, two]) => two ?? one))
      const run = async (inputs: Texts, workspace: string): Promise<Outcome> => {
        const outcome = await deploy(inputs, { emulator, workspace })
        expect(outcome.errors).toEqual([])
        return outcome
      }
      const { outputs } = await run(live, former)
      const id = outputs['function-id'] ?? ''
      const tags = after.tags?.split('\n') ?? []
      const compared = holderOf(id, tags[0] ?? '$latest')
      const held = new Map(tags.map((tag) => [tag, holderOf(id, tag)?.id]))
      const functionBefore = functionFields(id)
      const written = mutations(emulator).length

      const planned = await run({ ...after, 'dry-run': 'true' }, latter)
      expect(mutations(emulator)).toHaveLength(written)
      const deployed = await run(after, latter)
      const { plan, changed, changes } = planned.outputs
      expect(deployed.outputs).toMatchObject({ plan, changed, changes })

      if (compared) {
        const now = holderOf(id, tags[0] ?? '$latest')
        // Which blocks a disk has by default nobody knows, so a step that names none takes any.
        const namesBlocks = (after['ephemeral-disk'] ?? '').split(':').length > 2
        const seen = namesBlocks ? (version: VersionRecord) => version : withoutBlocks
        const expected = [
          ...differing(functionBefore, functionFields(id)),
          ...differing(
            fieldsOf(seen(compared), emulator.folderId),
            fieldsOf(seen(now ?? compared), emulator.folderId),
          ),
          ...tags.filter((tag) => held.get(tag) !== compared.id).map((tag) => `tags.${tag}`),
        ]
        const shown = changedIn(planned)
        expect(shown).toEqual(unlessHidden(expected, shown))
        if (shown.includes('environment')) expect(compared.environment).toBeUndefined()
        if (expected.length > 0) withChanges++
      } else {
        expect(rowsOf(planned).filter(({ name }) => !name.startsWith('function-'))).toEqual(
          expect.not.arrayContaining([expect.objectContaining({ verdict: 'unchanged' })]),
        )
      }
      for (const tag of tags) expect(holderOf(id, tag)?.id).toBe(deployed.outputs['version-id'])

      const again = await run({ ...after, 'dry-run': 'true' }, latter)
      expect([again.outputs.changed, changedIn(again)]).toEqual(['false', []])
    }),
    { numRuns: RUNS },
  )
  // Pairs that are all alike would prove nothing.
  expect(withChanges).toBeGreaterThan(RUNS / 3)
}, 120_000)
