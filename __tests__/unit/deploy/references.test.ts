/** Names of a step's settings: all resolved at the same time, every one that is not there told at once. */

import { describe, expect, test } from '@jest/globals'
import type { HttpRequest, HttpResponse } from '../../../src/ports.ts'
import { resolveNames } from '../../../src/deploy/references.ts'
import { answer, fakeCloud, json, refusal, rejection, thrown } from '../../support/fakes.ts'
import { inputsOf } from '../../support/inputs.ts'

const ACCOUNTS = [
  { id: 'aje1', name: 'runner' },
  { id: 'aje2', name: 'writer' },
]
const SECRET = { id: 'e6q1', name: 'db', currentVersion: { id: 'v1', payloadEntryKeys: ['pw'] } }

function cloudOf({ url }: HttpRequest): HttpResponse {
  switch (url.pathname) {
    case '/iam/v1/serviceAccounts':
      return json({ serviceAccounts: ACCOUNTS })
    case '/vpc/v1/networks':
      return json({ networks: [{ id: 'enp1', name: 'default' }] })
    case '/lockbox/v1/secrets':
      return json({ secrets: [SECRET] })
    default:
      return answer(404)
  }
}

const resolve = (given: Record<string, string>, step = cloudOf, folder = 'b1g1') => {
  const fake = fakeCloud([step])
  let asked = 0
  const result = resolveNames(
    {
      settings: inputsOf(given).settings,
      folder: () => {
        asked += 1
        return Promise.resolve(folder)
      },
    },
    fake.cloud,
  )
  return { ...fake, result, asked: () => asked }
}

describe('a step', () => {
  test('without names asks nobody, not even for the folder', async () => {
    const { result, transport, asked } = resolve({
      'service-account': 'aje9',
      'network-id': 'enp9',
    })
    const { idOf, secrets } = await result
    expect([idOf({ kind: 'id', id: 'aje9' }), secrets]).toEqual(['aje9', []])
    expect([transport.requests.length, asked()]).toEqual([0, 0])
  })

  test('with names has the ids of all, each name looked for once', async () => {
    const { result, transport } = resolve({
      'service-account-name': 'runner',
      'network-name': 'default',
      async: 'true',
      'async-sa-name': 'runner',
      'async-success-ymq-arn': 'q',
      'async-success-sa-name': 'writer',
      'async-failure-ymq-arn': 'q',
      'async-failure-sa-name': 'writer',
      secrets: 'A=db/latest/pw\nB=e6q1/latest/pw',
    })
    const { idOf, secrets } = await result
    const account = { kind: 'name', resource: 'service account', input: 'x' } as const
    expect([
      idOf({ ...account, name: 'runner' }),
      idOf({ ...account, name: 'writer' }),
      idOf({ kind: 'name', resource: 'network', input: 'x', name: 'default' }),
    ]).toEqual(['aje1', 'aje2', 'enp1'])
    expect(secrets).toEqual([
      { id: 'e6q1', versionId: 'v1', key: 'pw', environmentVariable: 'A' },
      { id: 'e6q1', versionId: 'v1', key: 'pw', environmentVariable: 'B' },
    ])
    expect(transport.requests).toHaveLength(4)
    expect(transport.requests.every(({ url }) => url.searchParams.get('folderId') === 'b1g1')).toBe(
      true,
    )
  })

  test('with wrong names has all of them told, and nothing sent but look-ups', async () => {
    const { result, transport } = resolve({
      'service-account-name': 'runer',
      'network-name': 'defualt',
      secrets: 'A=bd/latest/pw\nB=db/latest/password',
    })
    const error = (await rejection(result)) as Error
    expect(error).toMatchObject({ code: 'INPUT_INVALID' })
    for (const told of [
      '`service-account-name`: there is no service account "runer"',
      '`network-name`: there is no network "defualt"',
      '`secrets`: there is no secret "bd"',
      '`secrets`: B: the version v1 of the secret "db" has no key "password"',
    ]) {
      expect(error.message).toContain(told)
    }
    expect(new Set(transport.requests.map(({ method }) => method))).toEqual(new Set(['GET']))
  })

  test('with the id and the name of the same account has that account', async () => {
    const { result } = resolve({ 'service-account': 'aje1', 'service-account-name': 'runner' })
    const { serviceAccount } = inputsOf({
      'service-account': 'aje1',
      'service-account-name': 'runner',
    }).settings
    if (!serviceAccount) throw new TypeError('no account')
    expect((await result).idOf(serviceAccount)).toBe('aje1')
  })

  test('with the id of one account and the name of another is told what the name is', async () => {
    const { result } = resolve({ 'service-account': 'aje9', 'service-account-name': 'runner' })
    expect(await rejection(result)).toMatchObject({
      code: 'INPUT_INVALID',
      message:
        '`service-account-name`: the service account "runner" is aje1, but the id given beside it is aje9.',
      hint: 'Give the id or the name, or both of the same service account.',
      inputs: ['service-account-name'],
    })
  })

  test('that may not look has that told, rather than what else is wrong', async () => {
    const { result } = resolve(
      { 'service-account-name': 'runer', 'network-name': 'n' },
      (request) =>
        request.url.pathname.includes('networks') ? refusal(7, 'no') : cloudOf(request),
    )
    expect(await rejection(result)).toMatchObject({ code: 'API_REJECTED', httpStatus: 403 })
  })
})

test('a name that was not among those resolved is a mistake of ours', async () => {
  const { idOf } = await resolve({}).result
  const name = { kind: 'name', resource: 'network', input: 'x', name: 'n' } as const
  expect((thrown(() => idOf(name)) as Error).message).toBe('network n was not resolved')
})
