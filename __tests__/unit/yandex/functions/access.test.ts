import { describe, expect, test } from '@jest/globals'
import { isPublic, listAccessBindings } from '../../../../src/yandex/functions/access.ts'
import { fakeCloud, json, rejection } from '../../../support/fakes.ts'

const ANYBODY = { id: 'allUsers', type: 'system' }
const ACCOUNTS = { id: 'allAuthenticatedUsers', type: 'system' }
const SOMEBODY = { id: 'aje1', type: 'serviceAccount' }

describe('the access bindings of a function', () => {
  test('are read over all pages', async () => {
    const first = { roleId: 'functions.functionInvoker', subject: ANYBODY }
    const second = { roleId: 'functions.viewer', subject: SOMEBODY }
    const { cloud, transport } = fakeCloud([
      json({ accessBindings: [first], nextPageToken: 'p2' }),
      json({ accessBindings: [second] }),
    ])
    expect(await listAccessBindings('d4f1', cloud)).toEqual([first, second])
    expect(transport.lines).toEqual([
      'GET /functions/v1/functions/d4f1:listAccessBindings?pageSize=1000',
      'GET /functions/v1/functions/d4f1:listAccessBindings?pageSize=1000&pageToken=p2',
    ])
  })

  test.each([
    ['a list of something else', { accessBindings: ['all'] }],
    ['a binding without a subject', { accessBindings: [{ roleId: 'x' }] }],
    ['a role that is no text', { accessBindings: [{ roleId: 1, subject: ANYBODY }] }],
  ])('are not read from %s', async (_, body) => {
    const { cloud } = fakeCloud([json(body)], { retry: { totalMs: 0 } })
    expect(await rejection(listAccessBindings('d4f1', cloud))).toMatchObject({
      code: 'API_UNEXPECTED',
    })
  })
})

test.each([
  ['nobody', false, []],
  ['anybody, as invoker', true, [['functions.functionInvoker', ANYBODY]]],
  ['anybody, by the former name of the role', true, [['serverless.functions.invoker', ANYBODY]]],
  ['anybody, as viewer', false, [['functions.viewer', ANYBODY]]],
  ['an account, as invoker', false, [['functions.functionInvoker', SOMEBODY]]],
  ['anybody with an account', false, [['functions.functionInvoker', ACCOUNTS]]],
  [
    'an account and anybody',
    true,
    [
      ['functions.editor', SOMEBODY],
      ['functions.functionInvoker', ANYBODY],
    ],
  ],
] as const)('a function that is bound to %s is public: %s', (_, expected, bindings) => {
  expect(isPublic(bindings.map(([roleId, subject]) => ({ roleId, subject })))).toBe(expected)
})
