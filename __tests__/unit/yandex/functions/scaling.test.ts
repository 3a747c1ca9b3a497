/** Scaling policies: three numbers that are read and written together. */

import { describe, expect, test } from '@jest/globals'
import {
  hasSameCounts,
  listScalingPolicies,
  removeScalingPolicy,
  setScalingPolicy,
  UNSCALED,
} from '../../../../src/yandex/functions/scaling.ts'
import { fakeCloud, json, rejection } from '../../../support/fakes.ts'

const POLICY = {
  tag: 'stable',
  provisionedInstancesCount: '1',
  zoneInstancesLimit: '5',
  zoneRequestsLimit: '20',
}
const DONE = json({ id: 'op1', done: true, response: {} })

describe('the scaling policies of a function', () => {
  test.each<[string, unknown, unknown]>([
    ['as text', { ...POLICY, functionId: 'd4e1', createdAt: 'x' }, POLICY],
    [
      'as numbers',
      { tag: 'stable', zoneInstancesLimit: 5 },
      { ...UNSCALED, tag: 'stable', zoneInstancesLimit: '5' },
    ],
    ['left out where they are 0', { tag: '$latest' }, { ...UNSCALED, tag: '$latest' }],
  ])('have their numbers %s', async (_, sent, read) => {
    const { cloud, transport } = fakeCloud([json({ scalingPolicies: [sent] })])
    expect(await listScalingPolicies('d4e1', cloud)).toEqual([read])
    expect(transport.lines).toEqual([
      'GET /functions/v1/functions/d4e1/scalingPolicies?pageSize=1000',
    ])
  })

  test.each<[string, unknown]>([
    ['a policy that is none', ['stable']],
    ['a number that is none', [{ ...POLICY, zoneRequestsLimit: 'many' }]],
    ['a tag that is no text', [{ ...POLICY, tag: 1 }]],
  ])('are not read from %s', async (_, scalingPolicies) => {
    const { cloud } = fakeCloud([json({ scalingPolicies })])
    expect(await rejection(listScalingPolicies('d4e1', cloud))).toMatchObject({
      code: 'API_UNEXPECTED',
    })
  })
})

describe('a scaling policy', () => {
  test('is written with all of its numbers', async () => {
    const { cloud, transport } = fakeCloud([DONE])
    const deadlineMs = cloud.clock.now() + 1000
    await setScalingPolicy({ functionId: 'd4e1', policy: POLICY, deadlineMs }, cloud)
    expect(transport.lines).toEqual(['POST /functions/v1/functions/d4e1:setScalingPolicy'])
    expect(transport.body(0)).toEqual(POLICY)
  })

  test('is removed by its tag alone', async () => {
    const { cloud, transport } = fakeCloud([DONE])
    const deadlineMs = cloud.clock.now() + 1000
    await removeScalingPolicy({ functionId: 'd4e1', policy: POLICY, deadlineMs }, cloud)
    expect(transport.lines).toEqual(['POST /functions/v1/functions/d4e1:removeScalingPolicy'])
    expect(transport.body(0)).toEqual({ tag: 'stable' })
  })

  test.each(['provisionedInstancesCount', 'zoneInstancesLimit', 'zoneRequestsLimit'] as const)(
    'is another one with another %s',
    (field) => {
      expect(hasSameCounts(POLICY, { ...POLICY })).toBe(true)
      expect(hasSameCounts(POLICY, { ...POLICY, [field]: '9' })).toBe(false)
    },
  )
})
