/** Names turned into ids: service accounts, networks, and Lockbox secrets. */

import { describe, expect, test } from '@jest/globals'
import type { DeployError } from '../../../src/errors.ts'
import { parseSecretReference } from '../../../src/inputs/environment.ts'
import { findIdByName, type NamedKind } from '../../../src/yandex/lookup.ts'
import { createSecretFinder } from '../../../src/yandex/lockbox.ts'
import { answer, fakeCloud, json, refusal, rejection, type Step } from '../../support/fakes.ts'

describe.each<[NamedKind, string, string]>([
  ['service account', 'https://iam.api.cloud.yandex.net/iam/v1/serviceAccounts', 'serviceAccounts'],
  ['network', 'https://vpc.api.cloud.yandex.net/vpc/v1/networks', 'networks'],
])('a %s by name', (kind, url, field) => {
  const find = (name: string, ...steps: Step[]) => {
    const fake = fakeCloud(steps)
    const query = { kind, name, folderId: 'b1g1', input: 'the-input' }
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
    expect(await result).toBe('2')
    const asked = transport.requests[0]?.url
    expect(`${asked?.origin ?? ''}${asked?.pathname ?? ''}`).toBe(url)
    expect(Object.fromEntries(asked?.searchParams ?? [])).toEqual({
      folderId: 'b1g1',
      filter: 'name="runner"',
      pageSize: '1000',
    })
  })

  test('that is not there has its near names told, over all pages', async () => {
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
    const error = (await rejection(result)) as DeployError
    expect(error.code).toBe('INPUT_INVALID')
    expect(error.message).toBe(
      `\`the-input\`: there is no ${kind} "runer" in the folder b1g1. Near it: "runner".`,
    )
    expect(error).toMatchObject({ inputs: ['the-input'], topic: 'name-not-found' })
    expect(transport.requests.map(({ url }) => url.searchParams.get('filter'))).toEqual([
      'name="runer"',
      null,
      null,
    ])
  })

  test('that is not there has the number of others told', async () => {
    const { result } = find('x', json({}), json({ [field]: [{ id: '1', name: 'something' }] }))
    expect(await rejection(result)).toMatchObject({
      message: expect.stringContaining('The folder has 1 visible to this credential.'),
    })
  })

  test('that may not be looked for is a refusal', async () => {
    expect(await rejection(find('x', refusal(7, 'no')).result)).toMatchObject({
      httpStatus: 403,
      hint: expect.stringContaining(
        kind === 'network' ? '`vpc.user`' : '`iam.serviceAccounts.user`',
      ),
    })
  })
})

describe('a secret', () => {
  const ID = 'e6q00000000000000001'
  const CURRENT = { id: 'e6qv1', status: 'ACTIVE', payloadEntryKeys: ['password', 'user'] }
  const DB = { id: ID, name: 'database', currentVersion: CURRENT }
  const LIST = json({ secrets: [{ id: 'x', name: 'other' }, DB] })

  const resolve = (line: string, ...steps: Step[]) => {
    const fake = fakeCloud(steps)
    const finder = createSecretFinder({ folderId: 'b1g1', input: 'secrets' }, fake.cloud)
    return { ...fake, finder, result: finder.resolve(parseSecretReference(line)) }
  }
  const failure = async (run: { result: Promise<unknown> }): Promise<DeployError> => {
    const error = (await rejection(run.result)) as DeployError
    expect(error.code).toBe('INPUT_INVALID')
    return error
  }

  test('by name and latest is the id of its current version', async () => {
    const { result, transport } = resolve('PW=database/latest/password', LIST)
    expect(await result).toEqual({
      id: ID,
      versionId: 'e6qv1',
      key: 'password',
      environmentVariable: 'PW',
    })
    expect(transport.lines).toEqual(['GET /lockbox/v1/secrets?folderId=b1g1&pageSize=1000'])
    expect(transport.requests[0]?.url.host).toBe('lockbox.api.cloud.yandex.net')
  })

  test('by id is read alone, also from another folder', async () => {
    const { result, transport } = resolve(`PW=${ID}/latest/user`, json(DB))
    expect(await result).toMatchObject({ id: ID, key: 'user' })
    expect(transport.lines).toEqual([`GET /lockbox/v1/secrets/${ID}`])
  })

  test('by the id of the current version needs no list of versions', async () => {
    const { result, transport } = resolve('PW=database/e6qv1/password', LIST)
    expect(await result).toMatchObject({ versionId: 'e6qv1' })
    expect(transport.requests).toHaveLength(1)
  })

  test('by the id of an older version has that version', async () => {
    const versions = json({ versions: [CURRENT, { id: 'e6qv0', payloadEntryKeys: ['password'] }] })
    const { result, transport } = resolve('PW=database/e6qv0/password', LIST, versions)
    expect(await result).toMatchObject({ versionId: 'e6qv0' })
    expect(transport.lines[1]).toBe(`GET /lockbox/v1/secrets/${ID}/versions?pageSize=1000`)
  })

  test('list is read once for all of a step', async () => {
    const { result, finder, transport } = resolve('A=database/latest/password', LIST)
    await Promise.all([result, finder.resolve(parseSecretReference('B=database/latest/user'))])
    expect(transport.requests).toHaveLength(1)
  })

  test.each([400, 403, 404])(
    'whose name has the form of an id is found by name after HTTP %i',
    async (status) => {
      const name = 'abcdefghij0123456789'
      const list = json({ secrets: [{ ...DB, name }] })
      const { result, transport } = resolve(`PW=${name}/latest/password`, answer(status), list)
      expect(await result).toMatchObject({ id: ID })
      expect(transport.requests).toHaveLength(2)
    },
  )

  test('of another id than the usual form is read after the list', async () => {
    const { result, transport } = resolve(
      'PW=odd-id/latest/password',
      LIST,
      json({ ...DB, id: 'odd-id' }),
    )
    expect(await result).toMatchObject({ id: 'odd-id' })
    expect(transport.lines[1]).toBe('GET /lockbox/v1/secrets/odd-id')
  })

  test.each(['a b?c', '..'])('of the name %j is looked for in the list alone', async (name) => {
    const { result, transport } = resolve(`PW=${name}/latest/password`, LIST, answer(404))
    await failure({ result })
    expect(transport.requests).toHaveLength(1)
  })

  test('is not read from an answer about another one', async () => {
    const { result } = resolve(`PW=${ID}/latest/user`, json({ ...DB, id: 'e6q2' }))
    expect(await rejection(result)).toMatchObject({ code: 'API_UNEXPECTED' })
  })

  test('that cannot be read for another reason fails as that', async () => {
    const { result } = resolve(`PW=${ID}/latest/password`, refusal(16, 'expired'))
    expect(await rejection(result)).toMatchObject({ code: 'AUTH_FAILED' })
  })

  test('that is not there has its near names told', async () => {
    const error = await failure(resolve('PW=databse/latest/password', LIST, answer(404)))
    expect(error.message).toBe(
      '`secrets`: there is no secret "databse" in the folder b1g1. Near it: "database".',
    )
  })

  test('without a current version cannot be latest', async () => {
    const list = json({ secrets: [{ id: ID, name: 'database' }] })
    const run = resolve('PW=database/latest/password', list, json({ id: ID, name: 'database' }))
    expect((await failure(run)).message).toBe(
      '`secrets`: PW: the secret "database" has no current version.',
    )
    expect(run.transport.requests).toHaveLength(2)
  })

  test('without the version says so, by its id where it has no name', async () => {
    const run = resolve(`PW=${ID}/e6qv9/password`, json({ id: ID }), json({ versions: [CURRENT] }))
    const error = await failure(run)
    expect(error.message).toBe(`\`secrets\`: PW: the secret "${ID}" has no version "e6qv9".`)
    expect(error.hint).toContain('yc lockbox secret list-versions')
  })

  test.each([
    ['passwort', '"password"'],
    ['token', '"password", "user"'],
  ])('without the key %s names %s', async (key, told) => {
    const error = await failure(resolve(`PW=database/latest/${key}`, LIST))
    expect(error.message).toBe(
      `\`secrets\`: PW: the version e6qv1 of the secret "database" has no key "${key}"; it has ${told}.`,
    )
  })

  test('without any key says so', async () => {
    const list = json({ secrets: [{ ...DB, currentVersion: { id: 'e6qv1' } }] })
    const error = await failure(resolve('PW=database/latest/password', list))
    expect(error.message).toContain('it has no keys.')
  })

  test('whose version is being destroyed is refused', async () => {
    const currentVersion = { ...CURRENT, status: 'SCHEDULED_FOR_DESTRUCTION' }
    const list = json({ secrets: [{ ...DB, currentVersion }] })
    expect((await failure(resolve('PW=database/latest/password', list))).message).toBe(
      '`secrets`: PW: the version e6qv1 of the secret "database" is SCHEDULED_FOR_DESTRUCTION.',
    )
  })
})
