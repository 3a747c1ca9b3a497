/** Access bindings: who may do what with a function, and how that is changed. */

import { describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { field, list, text, withEmulator, type Answer, type Client, type Json } from './harness.ts'

const PUBLIC = {
  roleId: 'functions.functionInvoker',
  subject: { id: 'allUsers', type: 'system' },
}

const update = (api: Client, functionId: string, deltas: readonly Json[]): Promise<Answer> =>
  api.post(`/functions/v1/functions/${functionId}:updateAccessBindings`, {
    accessBindingDeltas: deltas,
  })
const add = (accessBinding: Json) => ({ action: 'ADD', accessBinding })
const remove = (accessBinding: Json) => ({ action: 'REMOVE', accessBinding })

async function bindings(api: Client, functionId: string): Promise<Json[]> {
  const { json } = await api.get(`/functions/v1/functions/${functionId}:listAccessBindings`)
  return list(json.accessBindings)
}

/** A token of a new account with these roles on the folder. */
function tokenWith(emulator: Emulator, roles: readonly string[]): string {
  return emulator.mintToken(emulator.addServiceAccount({ name: 'somebody', roles }).id)
}

describe('access bindings', () => {
  test('are added and removed one by one, and the others stay', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      const account = emulator.addServiceAccount({ name: 'caller' })
      const own = {
        roleId: 'functions.viewer',
        subject: { id: account.id, type: 'serviceAccount' },
      }
      expect(await bindings(api, id)).toEqual([])
      expect((await update(api, id, [add(own), add(PUBLIC)])).json).toMatchObject({
        done: true,
        metadata: {
          '@type': 'type.googleapis.com/yandex.cloud.access.UpdateAccessBindingsMetadata',
          resourceId: id,
        },
      })
      expect(await bindings(api, id)).toEqual([own, PUBLIC])
      await update(api, id, [remove(PUBLIC)])
      expect(await bindings(api, id)).toEqual([own])
      expect(emulator.accessBindings(id)).toEqual([own])
    }))

  test('that are set replace all others', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const id = await api.createFunction('hello')
      await update(api, id, [add({ ...PUBLIC, roleId: 'functions.viewer' })])
      await api.post(`/functions/v1/functions/${id}:setAccessBindings`, {
        accessBindings: [PUBLIC],
      })
      expect(await bindings(api, id)).toEqual([PUBLIC])
    }))

  test('changed by two operations at once are all kept', () =>
    withEmulator({ buildMs: 100 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      const others = ['functions.viewer', 'functions.editor'].map((roleId) => ({
        roleId,
        subject: { id: emulator.serviceAccountId, type: 'serviceAccount' },
      }))
      const started = await Promise.all(others.map((other) => update(api, id, [add(other)])))
      await Promise.all(started.map(({ json }) => api.done(json)))
      expect(emulator.accessBindings(id)).toHaveLength(2)
    }))

  test('come in pages, with tokens of at most 100 characters', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      const subject = { id: emulator.serviceAccountId, type: 'serviceAccount' }
      const roles = ['functions.viewer', 'functions.editor', 'functions.admin']
      await update(
        api,
        id,
        roles.map((roleId) => add({ roleId, subject })),
      )
      const path = `/functions/v1/functions/${id}:listAccessBindings?pageSize=2`
      const first = (await api.get(path)).json
      expect(text(first.nextPageToken).length).toBeLessThanOrEqual(100)
      const second = (await api.get(`${path}&pageToken=${text(first.nextPageToken)}`)).json
      const all = [...list(first.accessBindings), ...list(second.accessBindings)]
      expect(all.map(({ roleId }) => roleId)).toEqual(roles)
    }))

  const refused: [string, Json, number][] = [
    ['the former name of the role', add({ ...PUBLIC, roleId: 'serverless.functions.invoker' }), 3],
    ['an unknown role', add({ ...PUBLIC, roleId: 'functions.king' }), 3],
    [
      'everybody as a user',
      add({ ...PUBLIC, subject: { id: 'allUsers', type: 'userAccount' } }),
      3,
    ],
    ['somebody of the system', add({ ...PUBLIC, subject: { id: 'x', type: 'system' } }), 3],
    ['a CLI spelling', add({ ...PUBLIC, subject: { id: 'system:allUsers', type: 'system' } }), 3],
    [
      'an unknown service account',
      add({ ...PUBLIC, subject: { id: 'aje1', type: 'serviceAccount' } }),
      3,
    ],
    ['no subject', add({ roleId: 'functions.viewer' }), 3],
    ['no action', { accessBinding: PUBLIC }, 3],
    ['an action in small letters', { ...add(PUBLIC), action: 'add' }, 3],
    ['a binding to remove that is not there', remove(PUBLIC), 5],
  ]
  test.each(refused)('are not changed for %s', (_, delta, code) =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      expect((await update(api, id, [delta])).json).toMatchObject({ code })
      expect(emulator.accessBindings(id)).toEqual([])
    }),
  )

  test('are not changed by no change or by too many', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const id = await api.createFunction('hello')
      for (const count of [0, 1001]) {
        const deltas = Array.from({ length: count }, () => add(PUBLIC))
        expect((await update(api, id, deltas)).status).toBe(400)
      }
    }))

  test('that are added twice are an error, or none, as a test chooses', async () => {
    const codes: unknown[] = []
    for (const repeatedBindings of ['refused', 'accepted'] as const) {
      await withEmulator({ buildMs: 0, repeatedBindings }, async (emulator, api) => {
        const id = await api.createFunction('hello')
        await update(api, id, [add(PUBLIC)])
        codes.push((await update(api, id, [add(PUBLIC)])).json.code)
        expect(emulator.accessBindings(id)).toEqual([PUBLIC])
      })
    }
    expect(codes).toEqual([6, undefined])
  })

  test('that a test puts there can have a former name, and can be removed', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      const former = { ...PUBLIC, roleId: 'serverless.functions.invoker' }
      emulator.setAccessBindings(id, [former])
      expect(await bindings(api, id)).toEqual([former])
      expect((await update(api, id, [remove(former)])).status).toBe(200)
      expect(await bindings(api, id)).toEqual([])
    }))

  test('need functions.admin to be changed, and a viewer may list them', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      api.token = tokenWith(emulator, ['functions.editor'])
      expect((await update(api, id, [add(PUBLIC)])).json).toMatchObject({ code: 7 })
      api.token = tokenWith(emulator, ['functions.admin'])
      expect((await update(api, id, [add(PUBLIC)])).status).toBe(200)
      api.token = tokenWith(emulator, ['functions.viewer'])
      expect(await bindings(api, id)).toEqual([PUBLIC])
    }))

  test('are gone with their function', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      await update(api, id, [add(PUBLIC)])
      await api.call({ method: 'DELETE', path: `/functions/v1/functions/${id}` })
      expect(emulator.accessBindings(id)).toEqual([])
      expect((await api.get(`/functions/v1/functions/${id}:listAccessBindings`)).status).toBe(404)
    }))
})

describe('roles', () => {
  test('of a viewer hide the environment of a version, wherever it is shown', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      const { json } = await api.createVersion(id, { environment: { A: 'hidden' } })
      const versionId = text(field(json, 'metadata').functionVersionId)
      const shown = async () => {
        const one = (await api.get(`/functions/v1/versions/${versionId}`)).json
        const byTag = `/functions/v1/versions:byTag?functionId=${id}&tag=%24latest`
        const all = (await api.get(`/functions/v1/versions?functionId=${id}`)).json
        return [one, (await api.get(byTag)).json, ...list(all.versions)].map((v) => v.environment)
      }
      expect(await shown()).toEqual([{ A: 'hidden' }, { A: 'hidden' }, { A: 'hidden' }])
      api.token = tokenWith(emulator, ['functions.editor'])
      expect(await shown()).toEqual([{ A: 'hidden' }, { A: 'hidden' }, { A: 'hidden' }])
      for (const role of ['functions.viewer', 'viewer', 'functions.auditor']) {
        api.token = tokenWith(emulator, [role])
        expect(await shown()).toEqual([undefined, undefined, undefined])
      }
    }))

  test('can be had on one function alone', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const [mine, other] = [await api.createFunction('mine'), await api.createFunction('other')]
      const account = emulator.addServiceAccount({ name: 'guest' })
      emulator.setAccessBindings(mine, [
        { roleId: 'functions.editor', subject: { id: account.id, type: 'serviceAccount' } },
      ])
      api.token = emulator.mintToken(account.id)
      expect((await api.createVersion(mine)).status).toBe(200)
      expect((await api.createVersion(other)).json).toMatchObject({ code: 7 })
      expect((await api.get(`/functions/v1/functions/${other}`)).status).toBe(403)
    }))

  const rights: [string, (emulator: Emulator, api: Client) => Promise<Answer>, string, string][] = [
    [
      'creating a function',
      ({ folderId }, api) => api.post('/functions/v1/functions', { folderId, name: 'new' }),
      'functions.viewer',
      'functions.editor',
    ],
    [
      'listing functions',
      ({ folderId }, api) => api.get(`/functions/v1/functions?folderId=${folderId}`),
      'functions.functionInvoker',
      'functions.viewer',
    ],
    [
      'listing secrets',
      ({ folderId }, api) => api.get(`/lockbox/v1/secrets?folderId=${folderId}`),
      'functions.admin',
      'lockbox.viewer',
    ],
    [
      'listing networks',
      ({ folderId }, api) => api.get(`/vpc/v1/networks?folderId=${folderId}`),
      'functions.admin',
      'vpc.user',
    ],
    [
      'listing service accounts',
      ({ folderId }, api) => api.get(`/iam/v1/serviceAccounts?folderId=${folderId}`),
      'functions.admin',
      'iam.serviceAccounts.user',
    ],
  ]
  test.each(rights)('decide about %s', (_, call, without, withIt) =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      api.token = tokenWith(emulator, [without])
      expect((await call(emulator, api)).json).toMatchObject({ code: 7 })
      api.token = tokenWith(emulator, [withIt])
      expect((await call(emulator, api)).status).toBe(200)
    }),
  )

  test('decide whose account a version may have, in the words for an unknown one', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      const { serviceAccountId } = emulator
      api.token = tokenWith(emulator, ['functions.editor'])
      const { status, json } = await api.createVersion(id, { serviceAccountId })
      expect({ status, message: json.message }).toEqual({
        status: 400,
        message: `Service account ${serviceAccountId} is not available`,
      })
      api.token = tokenWith(emulator, ['functions.editor', 'iam.serviceAccounts.user'])
      expect((await api.createVersion(id, { serviceAccountId })).status).toBe(200)
    }))

  test('of the deployer can be taken away', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const { serviceAccountId } = emulator
      emulator.setRoles({ serviceAccountId, roles: ['functions.viewer'] })
      const { folderId } = emulator
      const answer = await api.post('/functions/v1/functions', { folderId, name: 'hello' })
      expect(answer.status).toBe(403)
      expect(() => {
        emulator.setRoles({ serviceAccountId, roles: ['king'] })
      }).toThrow(/king/)
    }))
})
