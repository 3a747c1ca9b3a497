/** Names turned into ids: service accounts, networks, and Lockbox secrets. */

import { describe, expect, test } from '@jest/globals'
import { ApiError } from '../../../src/yandex/http/api-error.ts'
import { findIdByName, type NamedKind } from '../../../src/yandex/lookup.ts'
import { createSecretFinder } from '../../../src/yandex/lockbox.ts'
import { answer, fakeCloud, json, refusal, rejection, type Step } from '../../support/fakes.ts'

describe.each<[NamedKind, string, string]>([
  ['service account', 'https://iam.api.cloud.yandex.net/iam/v1/serviceAccounts', 'serviceAccounts'],
  ['network', 'https://vpc.api.cloud.yandex.net/vpc/v1/networks', 'networks'],
])('a %s by name', (kind, url, field) => {
  const find = (name: string, ...steps: Step[]) => {
    const fake = fakeCloud(steps)
    const query = { kind, name, folderId: 'b1g1' }
    return { ...fake, result: findIdByName(query, fake.cloud) }
  }

  test('is found by exactly this name', async () => {
    const page = json({
      [field]: [
        { id: '1', name: 'runner2' },
        { id: '2', name: 'runner' },
      ],
    })
    const { result, transport } = find('runner', page)
    expect(await result).toEqual({ kind: 'found', id: '2' })
    const asked = transport.requests[0]?.url
    expect(`${asked?.origin ?? ''}${asked?.pathname ?? ''}`).toBe(url)
    expect(Object.fromEntries(asked?.searchParams ?? [])).toEqual({
      folderId: 'b1g1',
      filter: 'name="runner"',
      pageSize: '1000',
    })
  })

  test('that is not there gives the names that are, from all pages', async () => {
    const { result, transport } = find(
      'runer',
      json({}),
      json({ [field]: [{ id: '1', name: 'other' }], nextPageToken: 'p' }),
      json({
        [field]: [
          { id: '2', name: 'runner' },
          { id: '3', name: 'runner-2' },
        ],
      }),
    )
    expect(await result).toEqual({ kind: 'missing', names: ['other', 'runner', 'runner-2'] })
    expect(transport.requests.map(({ url }) => url.searchParams.get('filter'))).toEqual([
      'name="runer"',
      null,
      null,
    ])
  })

  test('that may not be looked up is a refusal of its service', async () => {
    const error = await rejection(find('x', refusal(7, 'no')).result)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ httpStatus: 403, service: kind === 'network' ? 'vpc' : 'iam' })
  })
})

describe('a secret', () => {
  const ID = 'e6q00000000000000001'
  const CURRENT = { id: 'e6qv1', status: 'ACTIVE', payloadEntryKeys: ['password', 'user'] }
  const DB = { id: ID, name: 'database', currentVersion: CURRENT }
  const LIST = json({ secrets: [{ id: 'x', name: 'other' }, DB] })

  const find = (path: string, ...steps: Step[]) => {
    const fake = fakeCloud(steps)
    const findSecret = createSecretFinder('b1g1', fake.cloud)
    return { ...fake, findSecret, result: findSecret(queryOf(path)) }
  }
  const queryOf = (path: string) => {
    const [secret = '', version = '', key = ''] = path.split('/')
    return { secret, version, key }
  }

  test('by name and latest is the id of its current version', async () => {
    const { result, transport } = find('database/latest/password', LIST)
    expect(await result).toEqual({ kind: 'found', id: ID, versionId: 'e6qv1' })
    expect(transport.lines).toEqual(['GET /lockbox/v1/secrets?folderId=b1g1&pageSize=1000'])
    expect(transport.requests[0]?.url.host).toBe('lockbox.api.cloud.yandex.net')
  })

  test('by id is read alone, also from another folder', async () => {
    const { result, transport } = find(`${ID}/latest/user`, json(DB))
    expect(await result).toMatchObject({ id: ID, versionId: 'e6qv1' })
    expect(transport.lines).toEqual([`GET /lockbox/v1/secrets/${ID}`])
  })

  test('by the id of the current version needs no list of versions', async () => {
    const { result, transport } = find('database/e6qv1/password', LIST)
    expect(await result).toMatchObject({ versionId: 'e6qv1' })
    expect(transport.requests).toHaveLength(1)
  })

  test('by the id of an older version has that version', async () => {
    const versions = json({ versions: [CURRENT, { id: 'e6qv0', payloadEntryKeys: ['password'] }] })
    const { result, transport } = find('database/e6qv0/password', LIST, versions)
    expect(await result).toMatchObject({ versionId: 'e6qv0' })
    expect(transport.lines[1]).toBe(`GET /lockbox/v1/secrets/${ID}/versions?pageSize=1000`)
  })

  test('list is read once for all of a step', async () => {
    const { result, findSecret, transport } = find('database/latest/password', LIST)
    await Promise.all([result, findSecret(queryOf('database/latest/user'))])
    expect(transport.requests).toHaveLength(1)
  })

  test.each([400, 403, 404])(
    'whose name has the form of an id is found by name after HTTP %i',
    async (status) => {
      const name = 'abcdefghij0123456789'
      const list = json({ secrets: [{ ...DB, name }] })
      const { result, transport } = find(`${name}/latest/password`, answer(status), list)
      expect(await result).toMatchObject({ id: ID })
      expect(transport.requests).toHaveLength(2)
    },
  )

  test('of another id than the usual form is read after the list', async () => {
    const { result, transport } = find(
      'odd-id/latest/password',
      LIST,
      json({ ...DB, id: 'odd-id' }),
    )
    expect(await result).toMatchObject({ id: 'odd-id' })
    expect(transport.lines[1]).toBe('GET /lockbox/v1/secrets/odd-id')
  })

  test.each(['a b?c', '..'])('of the name %j is looked for in the list alone', async (name) => {
    const { result, transport } = find(`${name}/latest/password`, LIST, answer(404))
    expect(await result).toEqual({ kind: 'missing', names: ['other', 'database'] })
    expect(transport.requests).toHaveLength(1)
  })

  test('is not read from an answer about another one', async () => {
    const { result } = find(`${ID}/latest/user`, json({ ...DB, id: 'e6q2' }))
    expect(await rejection(result)).toMatchObject({ code: 'API_UNEXPECTED' })
  })

  test('that cannot be read for another reason fails as that', async () => {
    const { result } = find(`${ID}/latest/password`, refusal(16, 'expired'))
    expect(await rejection(result)).toMatchObject({ code: 'AUTH_FAILED' })
  })

  test('that is not there gives the names that are', async () => {
    const { result } = find('databse/latest/password', LIST, answer(404))
    expect(await result).toEqual({ kind: 'missing', names: ['other', 'database'] })
  })

  test('without a current version has no latest one', async () => {
    const list = json({ secrets: [{ id: ID, name: 'database' }] })
    const run = find('database/latest/password', list, json({ id: ID, name: 'database' }))
    expect(await run.result).toEqual({ kind: 'no such version', label: 'database' })
    expect(run.transport.requests).toHaveLength(2)
  })

  test('without the version says so, by its id where it has no name', async () => {
    const run = find(`${ID}/e6qv9/password`, json({ id: ID }), json({ versions: [CURRENT] }))
    expect(await run.result).toEqual({ kind: 'no such version', label: ID })
  })

  test('without the key gives the version with its keys', async () => {
    expect(await find('database/latest/token', LIST).result).toEqual({
      kind: 'no such key',
      label: 'database',
      version: CURRENT,
    })
  })

  test('whose version is being destroyed is inactive', async () => {
    const currentVersion = { ...CURRENT, status: 'SCHEDULED_FOR_DESTRUCTION' }
    const list = json({ secrets: [{ ...DB, currentVersion }] })
    expect(await find('database/latest/password', list).result).toEqual({
      kind: 'inactive',
      label: 'database',
      version: currentVersion,
    })
  })
})
