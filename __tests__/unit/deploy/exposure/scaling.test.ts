/** Scaling of tags: merged with what is there, sent where it differs, removed where nothing is left. */

import { describe, expect, test } from '@jest/globals'
import { scaleTags, type TagScaling } from '../../../../src/deploy/exposure/scaling.ts'
import type { ScalingPolicy } from '../../../../src/yandex/functions/scaling.ts'
import { fakeCloud, json, refusal, rejection, type Step } from '../../../support/fakes.ts'
import { inputsOf } from '../../../support/inputs.ts'

const STABLE: ScalingPolicy = {
  tag: 'stable',
  provisionedInstancesCount: '1',
  zoneInstancesLimit: '5',
  zoneRequestsLimit: '20',
}
const DONE = json({ id: 'op1', done: true, response: {} })
const list = (...scalingPolicies: readonly ScalingPolicy[]): Step => json({ scalingPolicies })
const ZERO = {
  'provisioned-instances': '0',
  'zone-instances-limit': '0',
  'zone-requests-limit': '0',
}

function scale(given: Readonly<Record<string, string>>, steps: readonly Step[]) {
  const fake = fakeCloud(steps)
  const { exposure, settings } = inputsOf({ tags: 'stable', ...given })
  const { scaling } = exposure
  if (!scaling) throw new TypeError('the step does not scale')
  const done: TagScaling[] = []
  const scalings = scaleTags(
    { functionId: 'd4e1', tags: settings.tags, scaling, deadlineMs: fake.clock.now() + 60_000 },
    fake.cloud,
  )
  const run = async () => {
    for await (const tag of scalings) done.push(tag)
  }
  return { ...fake, done, result: run() }
}

describe('a tag', () => {
  test.each<[Readonly<Record<string, string>>, Partial<ScalingPolicy>]>([
    [{ 'zone-requests-limit': '30' }, { zoneRequestsLimit: '30' }],
    [{ 'zone-instances-limit': '0' }, { zoneInstancesLimit: '0' }],
  ])('keeps the numbers that are not given: %j', async (given, changes) => {
    const { result, transport, done } = scale(given, [list(STABLE), DONE])
    await result
    const policy = { ...STABLE, ...changes }
    expect(transport.lines[1]).toBe('POST /functions/v1/functions/d4e1:setScalingPolicy')
    expect(transport.body(1)).toEqual(policy)
    expect(done).toEqual([{ ...policy, outcome: 'set' }])
  })

  test.each<[string, readonly ScalingPolicy[], Readonly<Record<string, string>>]>([
    ['has the number', [STABLE], { 'zone-requests-limit': '20' }],
    ['has no policy, and none is asked for', [], ZERO],
  ])('is left alone when it %s', async (_, policies, given) => {
    const { result, transport, done } = scale(given, [list(...policies)])
    await result
    expect(transport.requests).toHaveLength(1)
    expect(done).toMatchObject([{ tag: 'stable', outcome: 'unchanged' }])
  })

  test('loses its policy when all three numbers come to 0', async () => {
    const live = { ...STABLE, zoneInstancesLimit: '0', zoneRequestsLimit: '0' }
    const { result, transport, done } = scale({ 'provisioned-instances': '0' }, [list(live), DONE])
    await result
    expect(transport.lines[1]).toBe('POST /functions/v1/functions/d4e1:removeScalingPolicy')
    expect(transport.body(1)).toEqual({ tag: 'stable' })
    expect(done).toMatchObject([{ tag: 'stable', outcome: 'removed' }])
  })

  const MISSING = refusal(5, 'Scaling policy not found')

  test('whose policy another job has removed is read again, and is good', async () => {
    const { result, done } = scale(ZERO, [list(STABLE), MISSING, list()])
    await result
    expect(done).toMatchObject([{ outcome: 'removed' }])
  })

  test('whose policy cannot be removed although it is there fails with that', async () => {
    const { result, done } = scale(ZERO, [list(STABLE), MISSING, list(STABLE)])
    expect(await rejection(result)).toMatchObject({ grpcCode: 'NOT_FOUND' })
    expect(done).toEqual([])
  })

  test('after one that fails is not tried, and one before it is done', async () => {
    const steps = [list(), DONE, refusal(7, 'Permission denied'), DONE]
    const { result, transport, done } = scale(
      { tags: 'a\nb\nc', 'zone-instances-limit': '3' },
      steps,
    )
    expect(await rejection(result)).toMatchObject({ grpcCode: 'PERMISSION_DENIED' })
    expect(transport.requests).toHaveLength(3)
    expect(done).toMatchObject([{ tag: 'a', outcome: 'set' }])
  })
})
