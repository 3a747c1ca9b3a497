/** What tags do over time: their history, obsolete versions, and which versions may be deleted. */

import { describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { field, list, text, withEmulator, type Client, type Json } from './harness.ts'

const VERSIONS = '/functions/v1/versions'

/** Versions of one function, oldest first, each created with these tags. */
async function versions(api: Client, tags: readonly string[][]): Promise<[string, ...string[]]> {
  const functionId = await api.createFunction('hello')
  const ids: string[] = []
  for (const tag of tags) {
    const { json } = await api.createVersion(functionId, { tag })
    ids.push(text(field(json, 'metadata').functionVersionId))
  }
  return [functionId, ...ids]
}

const setTag = (api: Client, version = '', tag = 'stable') =>
  api.post(`${VERSIONS}/${version}:setTag`, { tag })

async function history(api: Client, functionId: string, query = 'tag=stable'): Promise<Json[]> {
  const { json } = await api.get(`/functions/v1/functions/${functionId}:tagHistory?${query}`)
  return list(json.functionTagHistoryRecord)
}

describe('the history of a tag', () => {
  test('tells which version held it, from when to when', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [functionId, one, two] = await versions(api, [['stable'], []])
      await setTag(api, two)
      const [first, second] = await history(api, functionId)
      expect(first).toEqual({
        functionId,
        functionVersionId: one,
        tag: 'stable',
        effectiveFrom: expect.stringMatching(/Z$/),
        effectiveTo: expect.stringMatching(/Z$/),
      })
      expect(second).toEqual({
        functionId,
        functionVersionId: two,
        tag: 'stable',
        effectiveFrom: expect.stringMatching(/Z$/),
      })
      expect(text(second?.effectiveFrom) > text(first?.effectiveTo)).toBe(true)
    }))

  test('is kept for $latest too', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [functionId, ...ids] = await versions(api, [[], [], []])
      const records = await history(api, functionId, 'tag=%24latest')
      expect(records.map((record) => record.functionVersionId)).toEqual(ids)
    }))

  test('ends when the tag is removed, and begins again when it is set', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [functionId, one] = await versions(api, [['stable']])
      await api.post(`${VERSIONS}/${one ?? ''}:removeTag`, { tag: 'stable' })
      expect((await history(api, functionId))[0]).toHaveProperty('effectiveTo')
      await setTag(api, one)
      expect(await history(api, functionId)).toHaveLength(2)
    }))

  test('gets no new record when the version holds the tag already', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [functionId, one] = await versions(api, [['stable']])
      await setTag(api, one)
      expect(await history(api, functionId)).toHaveLength(1)
    }))

  test('keeps the records of a version that is gone', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [functionId, one, two] = await versions(api, [['stable'], []])
      await setTag(api, two)
      await api.call({ method: 'DELETE', path: `${VERSIONS}/${one ?? ''}` })
      expect((await api.get(`${VERSIONS}/${one ?? ''}`)).status).toBe(404)
      expect((await history(api, functionId))[0]).toMatchObject({ functionVersionId: one })
    }))

  test('comes in pages, and filtered by time', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [functionId] = await versions(api, [['stable'], ['stable'], ['stable']])
      const path = `/functions/v1/functions/${functionId}:tagHistory?tag=stable&pageSize=2`
      const first = (await api.get(path)).json
      expect(list(first.functionTagHistoryRecord)).toHaveLength(2)
      const second = (await api.get(`${path}&pageToken=${text(first.nextPageToken)}`)).json
      expect(list(second.functionTagHistoryRecord)).toHaveLength(1)
      expect(second).not.toHaveProperty('nextPageToken')
      const filter = (text: string) => `tag=stable&filter=${encodeURIComponent(text)}`
      const year = (text: string) => history(api, functionId, filter(text))
      expect(await year('effective_from>"2001-01-01T00:00:00Z"')).toHaveLength(3)
      expect(await year('effective_from<"2001-01-01T00:00:00Z"')).toHaveLength(0)
      expect(await year('effective_to>"2001-01-01T00:00:00Z"')).toHaveLength(2)
    }))

  test('shows a far future as the end of what is still true, when a test asks for it', () =>
    withEmulator({ buildMs: 0, openEffectiveTo: 'far-future' }, async (_, api) => {
      const [functionId] = await versions(api, [['stable']])
      expect(await history(api, functionId)).toMatchObject([
        { effectiveTo: '2099-12-31T00:00:00Z' },
      ])
    }))

  const refused: [string, string, number][] = [
    ['no tag', '', 400],
    ['a tag with capitals', 'tag=Prod', 400],
    ['a filter on another field', 'tag=stable&filter=tag="a"', 400],
    ['a filter that is no time', 'tag=stable&filter=effective_to>"soon"', 400],
    ['a made-up page token', 'tag=stable&pageToken=abc', 400],
  ]
  test.each(refused)('is refused with %s', (_, query, status) =>
    withEmulator({ buildMs: 0 }, async (_emulator, api) => {
      const id = await api.createFunction('hello')
      expect((await api.get(`/functions/v1/functions/${id}:tagHistory?${query}`)).status).toBe(
        status,
      )
    }),
  )

  test('of an unknown function is not found', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      expect((await api.get('/functions/v1/functions/d4e1:tagHistory?tag=a')).status).toBe(404)
    }))
})

describe('the eleventh tag', () => {
  test('is refused, and a tag that moves is not an eleventh', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const ten = Array.from({ length: 10 }, (_item, index) => `t${index}`)
      const [, , two] = await versions(api, [ten, []])
      expect((await setTag(api, two, 't3')).status).toBe(200)
      const { status, json } = await setTag(api, two, 'eleventh')
      expect({ status, code: json.code }).toEqual({ status: 429, code: 8 })
    }))
})

describe('versions without a tag', () => {
  const statusesOf = (emulator: Emulator, functionId: string) =>
    emulator.versions(functionId).map(({ status }) => status)

  test('become obsolete, and active again with a tag', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const [functionId, one, two] = await versions(api, [[], [], ['stable']])
      expect(emulator.retireVersions({ functionId })).toEqual([one, two])
      expect(statusesOf(emulator, functionId)).toEqual(['OBSOLETE', 'OBSOLETE', 'ACTIVE'])
      const { json } = await setTag(api, one)
      expect(json.response).toMatchObject({ id: one, status: 'ACTIVE', tags: ['stable'] })
      expect(statusesOf(emulator, functionId)).toEqual(['ACTIVE', 'OBSOLETE', 'ACTIVE'])
    }))

  test('are deleted once they are obsolete', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const [functionId, one, two] = await versions(api, [[], [], []])
      emulator.retireVersions({ functionId, versionIds: [one ?? ''] })
      expect(emulator.purgeVersions({ functionId })).toEqual([one])
      expect((await api.get(`${VERSIONS}/${one ?? ''}`)).status).toBe(404)
      expect((await api.get(`${VERSIONS}/${two ?? ''}`)).status).toBe(200)
      expect((await setTag(api, one)).status).toBe(404)
    }))

  test('are the only ones that can be retired', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const [functionId, one] = await versions(api, [[]])
      const which = { functionId, versionIds: [one ?? ''] }
      expect(() => emulator.retireVersions(which)).toThrow(/has tags.*\$latest/)
    }))
})

describe('deleting a version', () => {
  const remove = (api: Client, version = '', query = '') =>
    api.call({ method: 'DELETE', path: `${VERSIONS}/${version}${query}` })

  test('works for one without a tag', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const [functionId, one, two] = await versions(api, [[], []])
      expect((await remove(api, one)).json).toMatchObject({
        done: true,
        metadata: { functionVersionId: one },
        response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
      })
      expect(emulator.versions(functionId).map(({ id }) => id)).toEqual([two])
    }))

  test('is refused for one with a tag, unless by force, and then ends the tag', () =>
    withEmulator({ buildMs: 0 }, async (emulator, api) => {
      const [functionId, one] = await versions(api, [['stable'], []])
      const refused = await remove(api, one)
      expect({ status: refused.status, code: refused.json.code }).toEqual({ status: 400, code: 9 })
      expect((await remove(api, one, '?force=true')).status).toBe(200)
      expect((await history(api, functionId))[0]).toHaveProperty('effectiveTo')
      expect(emulator.versions(functionId)).toHaveLength(1)
    }))

  test('is refused for $latest even by force', () =>
    withEmulator({ buildMs: 0 }, async (_, api) => {
      const [, one] = await versions(api, [[]])
      expect((await remove(api, one, '?force=true')).json).toMatchObject({ code: 9 })
    }))
})
