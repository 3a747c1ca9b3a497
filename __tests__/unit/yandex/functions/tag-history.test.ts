/** The history of a tag as it is read: all pages, in order of time. */

import { describe, expect, test } from '@jest/globals'
import { listTagHistory, readTagRecord } from '../../../../src/yandex/functions/tags.ts'
import { fakeCloud, json, refusal, rejection } from '../../../support/fakes.ts'

const page = (records: readonly (readonly [string, string])[], nextPageToken?: string) =>
  json({
    functionTagHistoryRecord: records.map(([functionVersionId, effectiveFrom]) => ({
      functionId: 'd4ef',
      functionVersionId,
      tag: 'stable',
      effectiveFrom,
    })),
    nextPageToken,
  })

const read = async (...pages: Parameters<typeof fakeCloud>[0]) => {
  const { cloud, transport } = fakeCloud(pages)
  const records = await listTagHistory({ functionId: 'd4ef', tag: '$latest' }, cloud)
  return { ids: records.map(({ versionId }) => versionId), lines: transport.lines }
}

describe('the history of a tag', () => {
  test('is read over all pages', async () => {
    const { ids, lines } = await read(
      page([['v1', '2026-01-01T00:00:00Z']], 'next'),
      page([['v2', '2026-01-02T00:00:00Z']]),
    )
    expect(ids).toEqual(['v1', 'v2'])
    expect(lines).toEqual([
      'GET /functions/v1/functions/d4ef:tagHistory?tag=%24latest&pageSize=1000',
      'GET /functions/v1/functions/d4ef:tagHistory?tag=%24latest&pageSize=1000&pageToken=next',
    ])
  })

  test.each([
    [
      'newest first',
      ['2026-01-03T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'],
      [3, 2, 1],
    ],
    ['in the same millisecond', ['2026-01-01T00:00:00.0012Z', '2026-01-01T00:00:00.001Z'], [2, 1]],
    ['with more and with fewer digits', ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00Z'], [2, 1]],
    [
      'at the same time, in the order of the answer',
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
      [1, 2],
    ],
  ])('is in order of time though it comes %s', async (_, times, order) => {
    const { ids } = await read(page(times.map((time, index) => [`v${index + 1}`, time] as const)))
    expect(ids).toEqual(order.map((number) => `v${number}`))
  })

  test('may be empty', async () => {
    expect((await read(json({}))).ids).toEqual([])
  })

  test.each([
    ['no object', 'text', 'not an object'],
    [
      'without a version',
      { effectiveFrom: '2026-01-01T00:00:00Z' },
      '"functionVersionId" is missing',
    ],
    ['without a time', { functionVersionId: 'v1' }, '"effectiveFrom" is not a time'],
    [
      'with another time',
      { functionVersionId: 'v1', effectiveFrom: 'soon' },
      '"effectiveFrom" is not a time',
    ],
  ])('has no record that is %s', (_, record, message) => {
    expect(() => readTagRecord(record)).toThrow(message)
  })

  test('that is refused says which one', async () => {
    const { cloud } = fakeCloud([refusal(7, 'denied')])
    const error = await rejection(listTagHistory({ functionId: 'd4ef', tag: 'stable' }, cloud))
    expect(error).toMatchObject({
      code: 'API_REJECTED',
      message: expect.stringContaining('read the history of the tag stable of the function d4ef'),
    })
  })
})
