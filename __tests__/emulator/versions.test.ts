/** Versions: what createVersion takes, what it refuses, and how versions are found. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'
import { Client, field, list, text, versionBody, withEmulator, type Json } from './harness.ts'

const PATH = '/functions/v1/versions'
const MIB = 1024 * 1024

let emulator: Emulator
let api: Client
let functionId: string
const ids = { account: 'aje0000000000deployer', secret: '', secretVersion: '', network: '' }
beforeAll(async () => {
  emulator = await startEmulator({ buildMs: 0, quotas: { tagsPerFunction: 3 } })
  api = new Client(emulator)
  functionId = await api.createFunction('hello')
  emulator.addServiceAccount({ name: 'runtime', id: ids.account })
  const secret = emulator.addSecret({ name: 'db', versions: [{ password: 'p'.repeat(100) }] })
  ids.secret = secret.id
  ids.secretVersion = secret.versionIds[0] ?? ''
  ids.network = emulator.addNetwork({ name: 'default' }).id
})
afterAll(() => emulator.close())

const secret = (changes: Json = {}): Json => ({
  id: ids.secret,
  versionId: ids.secretVersion,
  key: 'password',
  environmentVariable: 'PASSWORD',
  ...changes,
})
const disk = (size: number, name = 'tmp') => ({
  name,
  mode: 'READ_WRITE',
  ephemeralDiskSpec: { size: String(size) },
})
const bucketMount = (name: string) => ({ name, objectStorage: { bucketId: 'bucket' } })
const queue = (serviceAccountId: string) => ({
  ymqTarget: { queueArn: 'yrn:yc:ymq:ru-central1:b1g:q', serviceAccountId },
})
const empty = { emptyTarget: {} }

describe('createVersion takes', () => {
  const good: [string, () => Json, Json?][] = [
    ['the least', () => ({}), { status: 'ACTIVE', tags: ['$latest'] }],
    ['memory as a number', () => ({ resources: { memory: 256 * MIB } })],
    ['8 GiB', () => ({ resources: { memory: String(8192 * MIB) } })],
    ['an hour', () => ({ executionTimeout: '3600s' }), { executionTimeout: '3600s' }],
    ['a fraction of a second', () => ({ executionTimeout: '0.5s' })],
    ['600 characters of description', () => ({ description: 'ё'.repeat(600) })],
    ['an environment with an empty value', () => ({ environment: { A: '', b_1: 'x' } })],
    [
      'nulls, as fields not given',
      () => ({ description: null, tag: null, package: null }),
      { tags: ['$latest'] },
    ],
    [
      'a tag that another version had',
      () => ({ tag: ['stable'] }),
      { tags: ['$latest', 'stable'] },
    ],
    [
      'a secret with the account that reads it',
      () => ({ serviceAccountId: ids.account, secrets: [secret()] }),
    ],
    [
      'a network, with the deprecated subnets',
      () => ({ connectivity: { networkId: ids.network, subnetId: ['e9b'] } }),
    ],
    [
      'tmpfs of three quarters of the memory',
      () => ({ resources: { memory: String(1024 * MIB) }, tmpfsSize: String(768 * MIB) }),
      { tmpfsSize: String(768 * MIB) },
    ],
    ['zeros, as fields not given', () => ({ tmpfsSize: '0', concurrency: 0 })],
    ['mounts', () => ({ mounts: [bucketMount('a'), bucketMount('b'), disk(1024 * MIB)] })],
    [
      'the deprecated mounts',
      () => ({ storageMounts: [{ bucketId: 'bucket', mountPointName: 'a', readOnly: true }] }),
    ],
    [
      'logs of the folder',
      () => ({ logOptions: { folderId: emulator.folderId, minLevel: 'WARN' } }),
    ],
    ['no logs', () => ({ logOptions: { disabled: true } }), { logOptions: { disabled: true } }],
    [
      'asynchronous calls',
      () => ({
        asyncInvocationConfig: {
          retriesCount: '3',
          successTarget: empty,
          failureTarget: queue(ids.account),
          serviceAccountId: ids.account,
        },
      }),
    ],
    ['named accounts', () => ({ namedServiceAccounts: { reader: ids.account } })],
    ['metadata options', () => ({ metadataOptions: { awsV1HttpEndpoint: 'DISABLED' } })],
  ]
  test.each(good)('%s', async (_, changes, expected = {}) => {
    const { json } = await api.createVersion(functionId, changes())
    expect(json).toMatchObject({ done: true, response: expected })
  })

  test('every setting, and shows it', async () => {
    const settings = {
      description: 'all of it',
      serviceAccountId: ids.account,
      environment: { A: 'x' },
      connectivity: { networkId: ids.network },
      secrets: [secret()],
      logOptions: { logGroupId: 'e23', minLevel: 'INFO' },
      concurrency: '4',
      mounts: [bucketMount('a')],
      metadataOptions: { gceHttpEndpoint: 'ENABLED' },
    }
    const { json } = await api.createVersion(functionId, settings)
    const { id } = field(json, 'response')
    const shown = await api.get(`${PATH}/${text(id)}`)
    expect(shown.json).toEqual({
      id,
      functionId,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
      imageSize: expect.stringMatching(/^\d+$/),
      status: 'ACTIVE',
      tags: ['$latest'],
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      resources: { memory: '134217728' },
      executionTimeout: '5s',
      ...settings,
      metadataOptions: { gceHttpEndpoint: 'ENABLED', awsV1HttpEndpoint: 'ENABLED' },
      storageMounts: [{ bucketId: 'bucket', mountPointName: 'a', readOnly: true }],
    })
    expect(emulator.versions(functionId).at(-1)).toMatchObject({ id, zip: expect.any(Buffer) })
  })
})

describe('a version that leaves things out', () => {
  test('shows what the server takes for them', async () => {
    const { json } = await api.createVersion(functionId)
    const { id } = field(json, 'response')
    expect((await api.get(`${PATH}/${text(id)}`)).json).toMatchObject({
      imageSize: '4096',
      concurrency: '1',
      logOptions: { folderId: emulator.folderId },
      metadataOptions: { gceHttpEndpoint: 'ENABLED', awsV1HttpEndpoint: 'ENABLED' },
    })
  })

  test('keeps its log level beside the folder of the logs', async () => {
    const { json } = await api.createVersion(functionId, { logOptions: { minLevel: 'WARN' } })
    expect(json.response).toMatchObject({
      logOptions: { folderId: emulator.folderId, minLevel: 'WARN' },
    })
  })

  test('shows a deprecated mount in its new form too', async () => {
    const storageMounts = [{ bucketId: 'bucket', mountPointName: 'a' }]
    const { json } = await api.createVersion(functionId, { storageMounts })
    expect(json.response).toMatchObject({
      storageMounts,
      mounts: [{ name: 'a', mode: 'READ_WRITE', objectStorage: { bucketId: 'bucket' } }],
    })
  })

  test('shows the size of blocks of a disk', async () => {
    const { json } = await api.createVersion(functionId, { mounts: [disk(1024 * MIB)] })
    expect(json.response).toMatchObject({
      mounts: [{ ephemeralDiskSpec: { size: String(1024 * MIB), blockSize: '4096' } }],
    })
  })

  test('shows nothing of it when a test asks for that', () =>
    withEmulator({ buildMs: 0, showsDefaults: false }, async (_, client) => {
      const { json } = await client.createVersion(await client.createFunction('hello'))
      for (const name of ['concurrency', 'logOptions', 'metadataOptions']) {
        expect(json.response).not.toHaveProperty(name)
      }
    }))
})

describe('a version made from the code of another', () => {
  const fromVersion = (versionId: unknown) => ({ content: undefined, versionId })
  const created = async (changes: Json = {}) => {
    const { json } = await api.createVersion(functionId, changes)
    return text(field(json, 'response').id)
  }

  test('has its package and none of its settings', async () => {
    const source = await created({ environment: { A: '1' }, description: 'first' })
    const id = await created(fromVersion(source))
    const [before, after] = [source, id].map((v) =>
      emulator.versions(functionId).find((version) => version.id === v),
    )
    expect(after?.zip).toEqual(before?.zip)
    expect(after).not.toHaveProperty('environment')
    expect(after).not.toHaveProperty('description')
  })

  test('can belong to another function of the folder', async () => {
    const other = await api.createFunction('other')
    const { json } = await api.createVersion(other, fromVersion(await created()))
    expect(json).toMatchObject({ done: true, response: { functionId: other } })
  })

  test('is refused for another runtime', async () => {
    const source = await created()
    const { status, json } = await api.createVersion(functionId, {
      ...fromVersion(source),
      runtime: 'nodejs18',
    })
    expect({ status, code: json.code }).toEqual({ status: 400, code: 3 })
  })

  test('can be made of an obsolete one until that is gone', async () => {
    const source = await created()
    await created()
    emulator.retireVersions({ functionId, versionIds: [source] })
    expect(await created(fromVersion(source))).toMatch(/^d4e/)
    emulator.purgeVersions({ functionId, versionIds: [source] })
    const { status, json } = await api.createVersion(functionId, fromVersion(source))
    expect({ status, code: json.code }).toEqual({ status: 404, code: 5 })
  })
})

describe('createVersion refuses', () => {
  const fields: [string, Json, string][] = [
    ['no function', { functionId: undefined }, 'functionId'],
    ['no runtime', { runtime: '' }, 'runtime'],
    ['an unknown runtime', { runtime: 'nodejs20' }, 'runtime'],
    ['no entrypoint', { entrypoint: undefined }, 'entrypoint'],
    ['no resources', { resources: undefined }, 'resources'],
    ['no memory', { resources: {} }, 'resources.memory'],
    ['too little memory', { resources: { memory: String(64 * MIB) } }, 'resources.memory'],
    ['too much memory', { resources: { memory: String(8320 * MIB) } }, 'resources.memory'],
    ['memory between the steps', { resources: { memory: String(200 * MIB) } }, 'resources.memory'],
    ['memory with a unit', { resources: { memory: '128Mb' } }, 'resources.memory'],
    ['memory with a fraction', { resources: { memory: 1.5 } }, 'resources.memory'],
    ['no timeout', { executionTimeout: undefined }, 'executionTimeout'],
    ['a timeout as a number', { executionTimeout: 5 }, 'executionTimeout'],
    ['a timeout without a unit', { executionTimeout: '5' }, 'executionTimeout'],
    ['a timeout in minutes', { executionTimeout: '5m' }, 'executionTimeout'],
    ['a timeout over an hour', { executionTimeout: '3601s' }, 'executionTimeout'],
    ['a timeout below zero', { executionTimeout: '-1s' }, 'executionTimeout'],
    ['a long description', { description: 'x'.repeat(601) }, 'description'],
    ['a variable with a hyphen', { environment: { 'A-B': '1' } }, 'environment.A-B'],
    ['a variable that begins with _', { environment: { _HANDLER: '1' } }, 'environment._HANDLER'],
    ['a variable that is a number', { environment: { A: 1 } }, 'environment.A'],
    ['the response field for tags', { tags: ['a'] }, 'tags'],
    ['a tag with capitals', { tag: ['ok', 'Prod'] }, 'tag[1]'],
    ['the tag $latest', { tag: ['$latest'] }, 'tag[0]'],
    ['a tag that is not in a list', { tag: 'prod' }, 'tag'],
    ['a null tag', { tag: [null] }, 'tag[0]'],
    ['snake case', { service_account_id: 'x' }, 'service_account_id'],
    ['no package', { content: undefined }, 'package|content|versionId'],
    ['two packages', { versionId: 'd4e' }, 'content|versionId'],
    ['content that is no base64', { content: 'abc!' }, 'content'],
    [
      'a package without an object',
      { content: undefined, package: { bucketName: 'b' } },
      'package.objectName',
    ],
    [
      'a hash in base64',
      { content: undefined, package: { bucketName: 'b', objectName: 'o', sha256: 'q80=' } },
      'package.sha256',
    ],
    ['concurrency over 16', { concurrency: '17' }, 'concurrency'],
    ['tmpfs with little memory', { tmpfsSize: String(512 * MIB) }, 'tmpfsSize'],
    [
      'tmpfs over three quarters of the memory',
      { resources: { memory: String(1024 * MIB) }, tmpfsSize: String(769 * MIB) },
      'tmpfsSize',
    ],
    ['two mounts of one name', { mounts: [bucketMount('a'), bucketMount('a')] }, 'mounts'],
    ['two disks', { mounts: [disk(1024 * MIB, 'a'), disk(1024 * MIB, 'b')] }, 'mounts'],
    ['a disk of half a GB', { mounts: [disk(512 * MIB)] }, 'mounts[0].ephemeralDiskSpec.size'],
    [
      'a mount of nothing',
      { mounts: [{ name: 'a' }] },
      'mounts[0].objectStorage|ephemeralDiskSpec',
    ],
    ['a mode in words', { mounts: [{ ...bucketMount('a'), mode: 'ro' }] }, 'mounts[0].mode'],
    [
      'both kinds of mounts',
      { mounts: [bucketMount('a')], storageMounts: [{ bucketId: 'bbb', mountPointName: 'b' }] },
      'storageMounts',
    ],
    [
      'two log destinations',
      { logOptions: { logGroupId: 'e23', folderId: 'b1g' } },
      'logOptions.logGroupId|folderId',
    ],
    ['an unknown log level', { logOptions: { minLevel: 'info' } }, 'logOptions.minLevel'],
    [
      'asynchronous calls without a failure target',
      { asyncInvocationConfig: { successTarget: empty } },
      'asyncInvocationConfig.failureTarget',
    ],
    [
      'too many retries',
      {
        asyncInvocationConfig: { retriesCount: '101', successTarget: empty, failureTarget: empty },
      },
      'asyncInvocationConfig.retriesCount',
    ],
    [
      'a queue without an account',
      {
        asyncInvocationConfig: {
          successTarget: { ymqTarget: { queueArn: 'x' } },
          failureTarget: empty,
        },
      },
      'asyncInvocationConfig.successTarget.ymqTarget.serviceAccountId',
    ],
    [
      'a metadata option that is a truth value',
      { metadataOptions: { gceHttpEndpoint: true } },
      'metadataOptions.gceHttpEndpoint',
    ],
    [
      'a secret without a version',
      { secrets: [{ id: 'x', key: 'k', environmentVariable: 'A' }] },
      'secrets[0].versionId',
    ],
  ]
  test.each(fields)('%s', async (_, changes, name) => {
    const { status, json } = await api.createVersion(functionId, changes)
    expect({ status, code: json.code }).toEqual({ status: 400, code: 3 })
    const [, badRequest] = list(json.details)
    expect(list(badRequest?.fieldViolations).map((v) => v.field)).toEqual([name])
  })

  const resources: [string, () => Json, Json][] = [
    [
      'an unknown service account',
      () => ({ serviceAccountId: 'aje1' }),
      { code: 3, message: 'Service account aje1 is not available' },
    ],
    [
      'an unknown named account',
      () => ({ namedServiceAccounts: { reader: 'aje2' } }),
      { code: 3, message: 'Service account aje2 is not available' },
    ],
    [
      'an unknown account of a queue',
      () => ({ asyncInvocationConfig: { successTarget: queue('aje3'), failureTarget: empty } }),
      { code: 3, message: 'Service account aje3 is not available' },
    ],
    ['an unknown network', () => ({ connectivity: { networkId: 'enp' } }), { code: 3 }],
    ['an unknown folder of logs', () => ({ logOptions: { folderId: 'b1g' } }), { code: 5 }],
    ['a secret without an account', () => ({ secrets: [secret()] }), { code: 3 }],
    [
      'an unknown version of a secret',
      () => ({ serviceAccountId: ids.account, secrets: [secret({ versionId: 'latest' })] }),
      { code: 3 },
    ],
    [
      'a key that the secret does not have',
      () => ({ serviceAccountId: ids.account, secrets: [secret({ key: 'user' })] }),
      { code: 3 },
    ],
    ['4 KB of environment', () => ({ environment: { A: 'x'.repeat(4096) } }), { code: 3 }],
    [
      '4 KB of environment with the secrets',
      () => ({
        serviceAccountId: ids.account,
        secrets: [secret()],
        environment: { A: 'x'.repeat(3999) },
      }),
      { code: 3 },
    ],
    [
      'a package over the inline limit',
      () => ({ content: Buffer.alloc(3_670_017).toString('base64') }),
      { code: 3, message: expect.stringContaining('3.5 MB') },
    ],
    ['an unknown function', () => ({ functionId: 'd4e1' }), { code: 5 }],
    ['an unknown source version', () => ({ content: undefined, versionId: 'd4e1' }), { code: 5 }],
    [
      'an object that is not there',
      () => ({ content: undefined, package: { bucketName: 'bbb', objectName: 'o' } }),
      { code: 3 },
    ],
    [
      'more tags than the quota',
      () => ({ tag: ['a', 'b', 'c', 'd'] }),
      { code: 8, message: expect.stringContaining('serverless.functionTags.count') },
    ],
  ]
  test.each(resources)('%s', async (_, changes, expected) => {
    const before = emulator.versions(functionId).length
    const { json } = await api.createVersion(functionId, changes())
    expect(json).toMatchObject(expected)
    expect(emulator.versions(functionId)).toHaveLength(before)
  })

  test('everything that is wrong at once', async () => {
    const { json } = await api.post(PATH, { ...versionBody(functionId), runtime: '', tag: ['A'] })
    expect(json.message).toBe(
      'Request validation error: runtime: is required; tag[0]: must match the regular expression ^[a-z][-_0-9a-z]*$',
    )
  })
})

describe('versions', () => {
  test('pass their tags on', () =>
    withEmulator({ buildMs: 0 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id, { tag: ['stable', 'v1'] })
      await api.createVersion(id, { tag: ['stable'] })
      expect(versions(id).map((v) => v.tags)).toEqual([['v1'], ['$latest', 'stable']])
    }))

  test('can be tagged and untagged by themselves', () =>
    withEmulator({ buildMs: 20 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      await api.done((await api.createVersion(id)).json)
      const version = versions(id)[0]?.id ?? ''
      const set = await api.post(`${PATH}/${version}:setTag`, { tag: 'stable' })
      expect(await api.done(set.json)).toMatchObject({ response: { tags: ['$latest', 'stable'] } })
      const removed = await api.post(`${PATH}/${version}:removeTag`, { tag: 'stable' })
      expect(await api.done(removed.json)).toMatchObject({ response: { tags: ['$latest'] } })
      const latest = await api.post(`${PATH}/${version}:removeTag`, { tag: '$latest' })
      expect(latest.status).toBe(400)
    }))

  test('are found by tag, which may be $latest', () =>
    withEmulator({ buildMs: 0 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      const find = async (tag: string) => api.get(`${PATH}:byTag?functionId=${id}&tag=${tag}`)
      expect((await find('%24latest')).status).toBe(404)
      await api.createVersion(id, { tag: ['stable'] })
      await api.createVersion(id)
      const [first, second] = versions(id)
      expect((await find('stable')).json).toMatchObject({ id: first?.id })
      expect((await find('%24latest')).json).toMatchObject({ id: second?.id })
      expect((await find('other')).json).toMatchObject({ code: 5 })
    }))

  test('are listed newest first, by function or by folder, and filtered', () =>
    withEmulator({ buildMs: 0 }, async ({ folderId, versions }, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id)
      await api.createVersion(id, { runtime: 'python312', entrypoint: 'index.js.x' })
      await api.createVersion(id)
      const ids = async (query: string) =>
        list((await api.get(`${PATH}?${query}`)).json.versions).map((v) => v.id)
      const newest = versions(id)
        .map((v) => v.id)
        .toReversed()
      expect(newest).toHaveLength(2)
      expect(await ids(`functionId=${id}`)).toEqual(newest)
      expect(await ids(`folderId=${folderId}&filter=runtime="nodejs22"`)).toEqual(newest)
      expect(await ids(`functionId=${id}&filter=status="OBSOLETE"`)).toEqual([])
      expect((await api.get(PATH)).status).toBe(400)
      expect((await api.get(`${PATH}?functionId=${id}&folderId=${folderId}`)).status).toBe(400)
    }))

  test('take their code from another version', () =>
    withEmulator({ buildMs: 0 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id)
      const source = versions(id)[0]
      const { json } = await api.createVersion(id, { content: undefined, versionId: source?.id })
      expect(json).toMatchObject({ done: true, response: { status: 'ACTIVE' } })
      expect(versions(id)[1]?.zip).toEqual(source?.zip)
    }))

  test('are deleted, but for $latest and, without force, those with tags', () =>
    withEmulator({ buildMs: 0 }, async ({ versions }, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id, { tag: ['stable'] })
      await api.createVersion(id)
      const [first, second] = versions(id).map((v) => `${PATH}/${v.id}`)
      const remove = async (path = '') => (await api.call({ method: 'DELETE', path })).status
      expect(await remove(second)).toBe(400)
      expect(await remove(first)).toBe(400)
      expect(await remove(`${first ?? ''}?force=yes`)).toBe(400)
      expect(await remove(`${first ?? ''}?force=true`)).toBe(200)
      expect(versions(id)).toHaveLength(1)
    }))
})

test('the supported runtimes are listed', async () => {
  const { json } = await api.get('/functions/v1/runtimes')
  expect(json.runtimes).toEqual(expect.arrayContaining(['nodejs22', 'python312', 'bash-2204']))
})
