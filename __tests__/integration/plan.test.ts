/** Plans against what the service really shows: no change that nobody made, every change that somebody did, no write. */

import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { INPUT_NAMES, type InputName } from '../../src/inputs/names.ts'
import { mutations } from '../support/cloud.ts'
import { deploy, helloInputs, helloWorkspace, type Outcome, type Texts } from '../support/faults.ts'
import { Client, zip } from '../emulator/harness.ts'
import { startNamedCloud, type NamedCloud } from '../support/rich-cloud.ts'
import { SETTING_CASES } from '../support/setting-cases.ts'

/** The names of the rows that differ, without the items of lists. */
function differing({ outputs }: Outcome): readonly string[] {
  const { rows } = JSON.parse(outputs.plan ?? '') as {
    rows: { items: readonly { name: string; verdict: string }[] }
  }
  const changed = rows.items.filter(({ verdict }) => verdict !== 'unchanged')
  return [...new Set(changed.map(({ name }) => name.split('.')[0] ?? ''))].sort()
}

let functions = 0
/** The function is none for HTTP. */
const CHECK = { check: 'true', 'check-raw': 'true' }
const HANDLER = 'exports.handler = () => 1\n'
const workspace = helloWorkspace({ 'main.js': HANDLER })
beforeAll(async () => {
  writeFileSync(path.join(workspace, 'ready.zip'), await zip({ 'index.js': HANDLER }))
})
afterAll(() => {
  rmSync(workspace, { recursive: true })
})

describe.each([
  ['shows its defaults', true],
  ['shows what was asked for', false],
])('of a service that %s', (_, showsDefaults) => {
  let cloud: NamedCloud
  beforeAll(async () => {
    cloud = await startNamedCloud({ showsDefaults })
  })
  afterAll(() => cloud.emulator.close())

  // The emulator has one folder, which is that of the function: another one is a case of the unit test.
  const cases = Object.entries(SETTING_CASES).filter(([input]) => input !== 'logs-folder-id')

  test.each(cases)('`%s` has its rows and no others', async (input, one) => {
    const { emulator, translate, everyInput } = cloud
    const hello = helloInputs(emulator, `plan-${++functions}`)
    const base = translate({ ...hello, ...everyInput, ...one.base })
    const changed = translate({ ...base, ...one.changed })
    const run = async (inputs: Texts, change: Texts = {}): Promise<Outcome> => {
      const outcome = await deploy({ ...inputs, ...change }, { emulator, workspace })
      expect(outcome.errors).toEqual([])
      return outcome
    }
    const plan = async (inputs: Texts): Promise<readonly string[]> => {
      const before = mutations(emulator).length
      const outcome = await run(inputs, { 'dry-run': 'true' })
      expect(mutations(emulator).slice(before)).toEqual([])
      return differing(outcome)
    }

    await run(base)
    expect(await plan(base)).toEqual([])
    const rows = [...(one.rows ?? [input])].sort()
    expect(await plan(changed)).toEqual(rows)
    if (one.without !== 'required') {
      const without = { ...base, ...one.without, [input]: '' }
      expect(await plan(without)).toEqual([...(one.rowsWithout ?? rows)].sort())
    }
    expect(differing(await run(changed))).toEqual(rows)
    expect(await plan(changed)).toEqual([])
  })
})

describe('of public access and scaling', () => {
  let cloud: NamedCloud
  beforeAll(async () => {
    cloud = await startNamedCloud()
  })
  afterAll(() => cloud.emulator.close())

  const NUMBERS = {
    'provisioned-instances': '0',
    'zone-instances-limit': '5',
    'zone-requests-limit': '20',
  }

  test.each<[string, Texts, Texts, readonly string[]]>([
    ['public access that is new', {}, { public: 'true' }, ['public']],
    ['public access that goes', { public: 'true' }, { public: 'false' }, ['public']],
    ['no public access that was none', {}, { public: 'false' }, []],
    ['public access that is left out', { public: 'true' }, {}, []],
    ['a limit that is new', {}, { 'zone-instances-limit': '5' }, ['zone-instances-limit']],
    ['instances that are new', {}, { 'provisioned-instances': '1' }, ['provisioned-instances']],
    ['a limit of none that was none', {}, { 'zone-requests-limit': '0' }, []],
    [
      'numbers of which one changes',
      NUMBERS,
      { 'zone-requests-limit': '21' },
      ['zone-requests-limit'],
    ],
    ['a number that goes', NUMBERS, { 'zone-instances-limit': '0' }, ['zone-instances-limit']],
    [
      'a policy that goes',
      NUMBERS,
      { 'zone-instances-limit': '0', 'zone-requests-limit': '0' },
      ['zone-instances-limit', 'zone-requests-limit'],
    ],
    ['numbers that are left out', NUMBERS, {}, []],
    [
      'a tag that has no policy yet',
      NUMBERS,
      { ...NUMBERS, tags: 'stable\nnext' },
      ['tags', 'zone-instances-limit', 'zone-requests-limit'],
    ],
    [
      'both at once',
      {},
      { public: 'true', 'zone-instances-limit': '1' },
      ['public', 'zone-instances-limit'],
    ],
  ])('has rows for %s, and none once it is applied', async (_, base, changed, rows) => {
    const { emulator } = cloud
    const hello = { ...helloInputs(emulator, `exposed-${++functions}`), tags: 'stable' }
    const run = async (inputs: Texts): Promise<readonly string[]> => {
      const outcome = await deploy({ ...hello, ...inputs }, { emulator, workspace })
      expect(outcome.errors).toEqual([])
      return differing(outcome)
    }
    await run(base)
    expect(await run({ ...changed, 'dry-run': 'true' })).toEqual(rows)
    expect(await run(changed)).toEqual(rows)
    expect(await run({ ...changed, 'dry-run': 'true' })).toEqual([])
    // The cloud has two of them for all functions.
    await run({ 'provisioned-instances': '0' })
  })
})

describe('over every input', () => {
  let cloud: NamedCloud
  beforeAll(async () => {
    cloud = await startNamedCloud()
    cloud.emulator.addAudience('deployments')
    await live()
  })
  afterAll(() => cloud.emulator.close())

  /** What is in the cloud, and how the step names it. */
  const STATES: Readonly<Record<string, () => Promise<Texts>>> = {
    'no function': () => Promise.resolve({ 'function-name': `new-${++functions}` }),
    'a function without a version': async () => {
      const name = `empty-${++functions}`
      await new Client(cloud.emulator).createFunction(name)
      return { 'function-name': name }
    },
    'no version with the first tag': async () => ({ ...(await live()), tags: `absent\nstable` }),
    'a live version': live,
  }

  async function live(): Promise<Texts> {
    const name = `live-${++functions}`
    const { exitCode } = await deploy(
      { ...helloInputs(cloud.emulator, name), ...cloud.everyInput, bucket: 'packages' },
      { emulator: cloud.emulator, workspace },
    )
    expect(exitCode).toBe(0)
    return { 'function-name': name }
  }

  /** Runs it, and gives what it changed in the cloud. */
  async function writesOf(inputs: Texts): Promise<{ outcome: Outcome; writes: readonly string[] }> {
    const { emulator } = cloud
    const before = mutations(emulator).length
    const all = { ...helloInputs(emulator, ''), ...inputs, 'dry-run': 'true' }
    const outcome = await deploy(all, { emulator, workspace })
    return { outcome, writes: mutations(emulator).slice(before) }
  }

  const setting = (input: string) => (): Texts => {
    const { base, changed } = SETTING_CASES[input] ?? {}
    return cloud.translate({ ...cloud.everyInput, ...base, ...changed })
  }
  const own = (inputs: Texts) => (): Texts => inputs
  const otherCredential = (inputs: () => Texts) => (): Texts => ({
    'yc-sa-json-credentials': '',
    ...inputs(),
  })
  const federation = (): Texts => ({ 'yc-sa-id': cloud.emulator.serviceAccountId })
  const firstFunction = (): string => cloud.emulator.functions()[0]?.id ?? ''
  const firstVersion = (): string =>
    cloud.emulator.functions().flatMap(({ id }) => cloud.emulator.versions(id))[0]?.id ?? ''

  /** A step that has the input, for every input that there is. */
  const SAMPLES: Readonly<Record<InputName, () => Texts>> = {
    'yc-sa-json-credentials': own({}),
    'yc-iam-token': otherCredential(() => ({ 'yc-iam-token': cloud.emulator.mintToken() })),
    'yc-sa-id': otherCredential(federation),
    'oidc-audience': otherCredential(() => ({ ...federation(), 'oidc-audience': 'deployments' })),
    'yc-instance-metadata': otherCredential(own({ 'yc-instance-metadata': 'true' })),
    'function-id': () => ({
      'function-id': firstFunction(),
      'folder-id': '',
      'function-name': '',
    }),
    'folder-id': own({}),
    'function-name': own({}),
    'create-function': own({ 'create-function': 'true' }),
    'function-description': own({ 'function-description': 'another' }),
    'function-labels': own({ 'function-labels': 'team=another' }),
    'source-root': own({ 'source-root': '.' }),
    include: own({ include: 'index.js' }),
    exclude: own({ exclude: 'main.js' }),
    package: own({ package: 'ready.zip' }),
    'source-version-id': () => ({ 'source-version-id': firstVersion() }),
    bucket: own({ bucket: 'packages' }),
    'bucket-prefix': own({ bucket: 'packages', 'bucket-prefix': 'other/' }),
    runtime: setting('runtime'),
    entrypoint: setting('entrypoint'),
    memory: setting('memory'),
    'execution-timeout': setting('execution-timeout'),
    description: own({ description: 'another' }),
    environment: setting('environment'),
    secrets: setting('secrets'),
    'service-account': setting('service-account'),
    'service-account-name': setting('service-account-name'),
    'named-service-accounts': setting('named-service-accounts'),
    'network-id': setting('network-id'),
    'network-name': setting('network-name'),
    tags: own({ tags: 'stable\nnext' }),
    concurrency: setting('concurrency'),
    'tmpfs-size': setting('tmpfs-size'),
    mounts: setting('mounts'),
    'ephemeral-disk': setting('ephemeral-disk'),
    'logs-disabled': setting('logs-disabled'),
    'logs-group-id': setting('logs-group-id'),
    'logs-folder-id': setting('logs-folder-id'),
    'log-level': setting('log-level'),
    async: setting('async'),
    'async-sa-id': setting('async-sa-id'),
    'async-sa-name': setting('async-sa-name'),
    'async-retries-count': setting('async-retries-count'),
    'async-success-ymq-arn': setting('async-success-ymq-arn'),
    'async-success-sa-id': setting('async-success-sa-id'),
    'async-success-sa-name': setting('async-success-sa-name'),
    'async-failure-ymq-arn': setting('async-failure-ymq-arn'),
    'async-failure-sa-id': setting('async-failure-sa-id'),
    'async-failure-sa-name': setting('async-failure-sa-name'),
    'metadata-gce': setting('metadata-gce'),
    'metadata-aws-v1': setting('metadata-aws-v1'),
    'dry-run': own({}),
    'skip-unchanged': own({ 'skip-unchanged': 'true' }),
    'reuse-code': own({ 'reuse-code': 'true' }),
    check: own(CHECK),
    'check-tag': own({ ...CHECK, 'check-tag': 'next' }),
    'check-query': own({ ...CHECK, 'check-query': 'a=1' }),
    'check-body': own({ ...CHECK, 'check-body': '{}' }),
    'check-raw': own(CHECK),
    'check-status': own({ ...CHECK, 'check-status': '200-499' }),
    'check-contains': own({ ...CHECK, 'check-contains': 'hello' }),
    'check-timeout': own({ ...CHECK, 'check-timeout': '5s' }),
    'check-attempts': own({ ...CHECK, 'check-attempts': '1' }),
    'restore-latest': own({ ...CHECK, 'restore-latest': 'false' }),
    'previous-tag': own({ tags: 'stable', 'previous-tag': 'previous' }),
    public: own({ public: 'true', 'zone-requests-limit': '20' }),
    'provisioned-instances': own({ 'provisioned-instances': '0', 'zone-instances-limit': '5' }),
    'zone-instances-limit': own({ 'zone-instances-limit': '5' }),
    'zone-requests-limit': own({ 'zone-requests-limit': '20' }),
    comment: own({ comment: 'true', 'github-token': 'ghs_token' }),
    'github-token': own({ comment: 'true', 'github-token': 'ghs_token' }),
    wait: own({ wait: 'false' }),
    'wait-timeout': own({ 'wait-timeout': '1m' }),
    'api-endpoint': own({}),
    'token-exchange-url': own({}),
  }

  describe.each(Object.keys(STATES))('a dry run with %s in the cloud', (state) => {
    test.each([...INPUT_NAMES])('writes nothing for `%s`', async (input) => {
      const inputs = { ...(await STATES[state]?.()), ...SAMPLES[input]() }
      const { outcome, writes } = await writesOf(inputs)
      expect({ errors: outcome.errors, writes }).toEqual({ errors: [], writes: [] })
      expect(outcome.outputs).toHaveProperty('plan')
      expect(outcome.outputs).not.toHaveProperty('version-id')
    })

    test('writes nothing for any combination of what reaches beyond the version', async () => {
      const named = await STATES[state]?.()
      const parts = [
        'bucket',
        'secrets',
        'tags',
        'function-labels',
        'skip-unchanged',
        'reuse-code',
        'check',
        'public',
      ] as const
      for (let mask = 0; mask < 2 ** parts.length; mask++) {
        const taken = parts.filter((_, bit) => mask & (2 ** bit))
        const inputs = taken.map((name) => SAMPLES[name]())
        const { outcome, writes } = await writesOf(Object.assign({}, named, ...inputs) as Texts)
        expect({ taken, errors: outcome.errors, writes }).toEqual({ taken, errors: [], writes: [] })
      }
    })
  })

  /** The settings of the version that a deployment asked for. */
  async function settingsOf(inputs: Texts): Promise<object> {
    const { emulator } = cloud
    const hello = helloInputs(emulator, `sent-${++functions}`)
    const before = emulator.requests.length
    const { errors } = await deploy({ ...hello, ...inputs }, { emulator, workspace })
    expect(errors).toEqual([])
    const sent = emulator.requests
      .slice(before)
      .find(({ method, path }) => method === 'POST' && path.endsWith('/versions'))
    if (!sent) throw new TypeError('no version was asked for')
    const known = {
      functionId: '',
      description: '',
      content: '',
      package: '',
      versionId: '',
      tag: '',
    }
    return { ...(sent.body as object), ...known }
  }

  test.each(INPUT_NAMES.filter((input) => !(input in SETTING_CASES)))(
    '`%s` is no setting of a version, which a plan would have to show',
    async (input) => {
      expect(await settingsOf(SAMPLES[input]())).toEqual(await settingsOf({}))
    },
  )
})
