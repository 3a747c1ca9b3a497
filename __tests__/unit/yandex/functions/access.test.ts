/** Access bindings: read as they are shown, changed one by one. */

import { describe, expect, test } from '@jest/globals'
import {
  isPublic,
  listAccessBindings,
  PUBLIC,
  publicBindings,
  updateAccessBindings,
  type AccessBinding,
} from '../../../../src/yandex/functions/access.ts'
import { fakeCloud, json, rejection } from '../../../support/fakes.ts'

const FORMER = { ...PUBLIC, roleId: 'serverless.functions.invoker' }
const of = (id: string, type: string, roleId = PUBLIC.roleId): AccessBinding => ({
  roleId,
  subject: { id, type },
})

describe('the access bindings of a function', () => {
  test('are read over all pages', async () => {
    const { cloud, transport } = fakeCloud([
      json({ accessBindings: [FORMER], nextPageToken: 'p' }),
      json({ accessBindings: [of('aje1', 'serviceAccount')] }),
    ])
    expect(await listAccessBindings('d4e1', cloud)).toEqual([FORMER, of('aje1', 'serviceAccount')])
    expect(transport.lines).toEqual([
      'GET /functions/v1/functions/d4e1:listAccessBindings?pageSize=1000',
      'GET /functions/v1/functions/d4e1:listAccessBindings?pageSize=1000&pageToken=p',
    ])
  })

  test('may be none', async () => {
    const { cloud } = fakeCloud([json({})])
    expect(await listAccessBindings('d4e1', cloud)).toEqual([])
  })

  test.each<[string, unknown]>([
    ['no list', 'all'],
    ['a binding that is none', ['allUsers']],
    ['a binding without a subject', [{ roleId: 'functions.admin' }]],
    ['a role that is no text', [{ ...PUBLIC, roleId: 1 }]],
  ])('are not read from %s', async (_, accessBindings) => {
    const { cloud } = fakeCloud([json({ accessBindings })])
    expect(await rejection(listAccessBindings('d4e1', cloud))).toMatchObject({
      code: 'API_UNEXPECTED',
    })
  })

  test('are changed by what is sent alone', async () => {
    const { cloud, transport } = fakeCloud([json({ id: 'op1', done: true, response: {} })])
    await updateAccessBindings(
      {
        functionId: 'd4e1',
        deltas: [{ action: 'ADD', accessBinding: PUBLIC }],
        deadlineMs: cloud.clock.now() + 1000,
      },
      cloud,
    )
    expect(transport.lines).toEqual(['POST /functions/v1/functions/d4e1:updateAccessBindings'])
    expect(transport.body(0)).toEqual({
      accessBindingDeltas: [
        {
          action: 'ADD',
          accessBinding: {
            roleId: 'functions.functionInvoker',
            subject: { id: 'allUsers', type: 'system' },
          },
        },
      ],
    })
  })
})

describe('a function', () => {
  test.each<[string, AccessBinding, boolean]>([
    ['everybody has the role to call it', PUBLIC, true],
    ['everybody has that role under its former name', FORMER, true],
    ['everybody who is signed in may call it', of('allAuthenticatedUsers', 'system'), false],
    ['one account may call it', of('aje1', 'serviceAccount'), false],
    ['an account is called like everybody', of('allUsers', 'serviceAccount'), false],
    ['everybody may look at it', of('allUsers', 'system', 'functions.viewer'), false],
  ])('whose binding says that %s is public: %#', (_, binding, expected) => {
    const bindings = [of('aje2', 'serviceAccount', 'functions.admin'), binding]
    expect(isPublic(bindings)).toBe(expected)
    expect(publicBindings(bindings)).toEqual(expected ? [binding] : [])
  })
})
