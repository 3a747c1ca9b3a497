/** What a deployment looks up: endpoints, service accounts, networks, secrets. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'
import { Client, list, read, text } from './harness.ts'

let emulator: Emulator
let api: Client
beforeAll(async () => {
  emulator = await startEmulator()
  api = new Client(emulator)
})
afterAll(() => emulator.close())

describe('endpoints', () => {
  const get = async (path: string) => read(await fetch(emulator.endpoint + path))

  test('are listed without a token, each with its port', async () => {
    const endpoints = list((await get('/endpoints')).json.endpoints)
    expect(endpoints.map((e) => e.id)).toEqual(
      expect.arrayContaining([
        ...['iam', 'operation', 'serverless-functions', 'lockbox', 'vpc', 'storage'],
      ]),
    )
    for (const { address } of endpoints) expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    const storage = endpoints.find((e) => e.id === 'storage')
    expect(`http://${text(storage?.address)}`).toBe(emulator.storageEndpoint)
  })

  test('are found by id', async () => {
    expect((await get('/endpoints/iam')).json).toEqual({
      id: 'iam',
      address: new URL(emulator.endpoint).host,
    })
    expect((await get('/endpoints/auth')).status).toBe(404)
  })
})

const NAMED = [
  {
    kind: 'service account',
    path: '/iam/v1/serviceAccounts',
    field: 'serviceAccounts',
    add: (name: string) => emulator.addServiceAccount({ name }),
  },
  {
    kind: 'network',
    path: '/vpc/v1/networks',
    field: 'networks',
    add: (name: string) => emulator.addNetwork({ name }),
  },
] as const

describe.each(NAMED)('a $kind', ({ path, field, add }) => {
  test('is found by its id and by its exact name', async () => {
    const { id } = add('runtime')
    add('runtime-2')
    expect((await api.get(`${path}/${id}`)).json).toMatchObject({ id, name: 'runtime' })
    const filter = encodeURIComponent('name="runtime"')
    const { json } = await api.get(`${path}?folderId=${emulator.folderId}&filter=${filter}`)
    expect(list(json[field]).map((item) => item.id)).toEqual([id])
  })

  test('is listed by pages', async () => {
    const query = `folderId=${emulator.folderId}&pageSize=1`
    const first = (await api.get(`${path}?${query}`)).json
    const next = text(first.nextPageToken)
    const second = (await api.get(`${path}?${query}&pageToken=${next}`)).json
    expect(list(first[field])).toHaveLength(1)
    expect(list(second[field])).not.toEqual(list(first[field]))
  })

  test('is not found when there is none', async () => {
    expect((await api.get(`${path}/other`)).status).toBe(404)
    expect((await api.get(`${path}?folderId=other`)).status).toBe(404)
    expect((await api.get(path)).status).toBe(400)
  })
})

describe('a secret', () => {
  const PATH = '/lockbox/v1/secrets'

  test('shows its current version, which need not be the newest, and its keys', async () => {
    // No id holds a hyphen, so that none is taken for a value.
    const values = ['old-user', 'old-password', 'new-password']
    const [user = '', password = '', next = ''] = values
    const versions = [{ user, password }, { password: next }]
    const { id, versionIds } = emulator.addSecret({ name: 'db', versions, current: 0 })
    const { json } = await api.get(`${PATH}/${id}`)
    expect(json).toMatchObject({
      id,
      name: 'db',
      status: 'ACTIVE',
      currentVersion: {
        id: versionIds[0],
        secretId: id,
        status: 'ACTIVE',
        payloadEntryKeys: ['user', 'password'],
      },
    })
    const all = list((await api.get(`${PATH}/${id}/versions`)).json.versions)
    expect(all.map((v) => v.id).sort()).toEqual([...versionIds].sort())
    const shown = JSON.stringify([json, all])
    expect(values.filter((value) => shown.includes(value))).toEqual([])
  })

  test('has the newest version as its current one, and none without versions', async () => {
    const { id, versionIds } = emulator.addSecret({ name: 'a', versions: [{ k: '1' }, { k: '2' }] })
    expect((await api.get(`${PATH}/${id}`)).json).toMatchObject({
      currentVersion: { id: versionIds[1] },
    })
    const none = emulator.addSecret({ name: 'none', versions: [] })
    expect((await api.get(`${PATH}/${none.id}`)).json).not.toHaveProperty('currentVersion')
  })

  test('is listed by pages, without a filter', async () => {
    const query = `folderId=${emulator.folderId}&pageSize=1`
    const { json } = await api.get(`${PATH}?${query}`)
    expect(list(json.secrets)).toHaveLength(1)
    expect(json.nextPageToken).toEqual(expect.any(String))
    expect((await api.get(`${PATH}?${query}&filter=name="db"`)).status).toBe(400)
  })

  test('has no payload to read, and an attempt is recorded', async () => {
    const { id } = emulator.addSecret({ name: 'hidden', versions: [{ k: 'v' }] })
    expect((await api.get(`${PATH}/${id}/payload`)).status).toBe(404)
    expect(emulator.requests.at(-1)).toMatchObject({
      service: 'lockbox',
      path: `${PATH}/${id}/payload`,
      status: 404,
    })
  })
})
