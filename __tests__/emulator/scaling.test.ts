/** Scaling policies of tags. */

import { describe, expect, test } from '@jest/globals'
import { list, text, withEmulator, type Client, type Json } from './harness.ts'

const call = (api: Client, functionId: string, verb: string, body: Json) =>
  api.post(`/functions/v1/functions/${functionId}:${verb}ScalingPolicy`, body)

async function policies(api: Client, functionId: string): Promise<Json[]> {
  const { json } = await api.get(`/functions/v1/functions/${functionId}/scalingPolicies`)
  return list(json.scalingPolicies)
}

describe('a scaling policy', () => {
  test('is set as a whole: a number that is left out is 0', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id)
      const tag = '$latest'
      const first = { tag, zoneInstancesLimit: '3', provisionedInstancesCount: 1 }
      expect((await call(api, id, 'set', first)).json).toMatchObject({
        done: true,
        metadata: { functionId: id },
        response: { functionId: id, tag, zoneInstancesLimit: '3', provisionedInstancesCount: '1' },
      })
      await call(api, id, 'set', { tag, zoneRequestsLimit: '5' })
      const [policy, ...others] = await policies(api, id)
      expect(others).toEqual([])
      expect(policy).toEqual({
        functionId: id,
        tag,
        createdAt: expect.any(String),
        modifiedAt: expect.any(String),
        zoneRequestsLimit: '5',
      })
      expect(text(policy?.modifiedAt) > text(policy?.createdAt)).toBe(true)
      expect(emulator.scalingPolicies(id)).toMatchObject([{ tag, zoneInstancesLimit: '0' }])
    }))

  test('stays with the tag when the tag moves, and goes when it is removed', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id, { tag: ['stable'] })
      await call(api, id, 'set', { tag: 'stable', zoneInstancesLimit: '3' })
      await api.createVersion(id, { tag: ['stable'] })
      expect(await policies(api, id)).toMatchObject([{ tag: 'stable', zoneInstancesLimit: '3' }])
      expect((await call(api, id, 'remove', { tag: 'stable' })).json).toMatchObject({
        response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
      })
      expect(await policies(api, id)).toEqual([])
    }))

  test('is listed by pages', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id, { tag: ['a', 'b'] })
      for (const tag of ['a', 'b']) await call(api, id, 'set', { tag, zoneInstancesLimit: '1' })
      const path = `/functions/v1/functions/${id}/scalingPolicies?pageSize=1`
      const first = (await api.get(path)).json
      const second = (await api.get(`${path}&pageToken=${text(first.nextPageToken)}`)).json
      const all = [...list(first.scalingPolicies), ...list(second.scalingPolicies)]
      expect(all.map(({ tag }) => tag)).toEqual(['a', 'b'])
    }))

  const refused: [string, string, Json, number][] = [
    ['no tag', 'set', { zoneInstancesLimit: '1' }, 3],
    ['a number below zero', 'set', { tag: '$latest', zoneInstancesLimit: '-1' }, 3],
    ['a fraction', 'set', { tag: '$latest', zoneInstancesLimit: 1.5 }, 3],
    ['a tag that no version has', 'set', { tag: 'other', zoneInstancesLimit: '1' }, 5],
    ['more provisioned instances', 'set', { tag: '$latest', provisionedInstancesCount: '3' }, 8],
    ['a policy to remove that is not there', 'remove', { tag: '$latest' }, 5],
    ['an unknown field', 'set', { tag: '$latest', zoneLimit: '1' }, 3],
  ]
  test.each(refused)('is refused with %s', (_, verb, body, code) =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const id = await api.createFunction('hello')
      await api.createVersion(id)
      expect((await call(api, id, verb, body)).json).toMatchObject({ code })
      expect(emulator.scalingPolicies(id)).toEqual([])
    }),
  )

  test('counts the provisioned instances of all functions, its own former ones not', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [one, two] = [await api.createFunction('one'), await api.createFunction('two')]
      for (const id of [one, two]) await api.createVersion(id)
      const body = (count: number) => ({ tag: '$latest', provisionedInstancesCount: String(count) })
      expect((await call(api, one, 'set', body(1))).status).toBe(200)
      expect((await call(api, one, 'set', body(2))).status).toBe(200)
      expect((await call(api, two, 'set', body(1))).status).toBe(429)
    }))
})
