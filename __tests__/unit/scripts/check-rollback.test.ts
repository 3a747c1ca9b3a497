/** The check of rollbacks in a runner finds what is wrong with their outputs. */

import { describe, expect, test } from '@jest/globals'
import { problems } from '../../../scripts/check-rollback.ts'

const EXPECTED = { before: 'v1', released: 'v2' }
const common = { 'function-url': 'http://127.0.0.1:1/f', 'previous-version-id': 'v2' }
const TAGGED = { ...common, 'version-id': 'v1' }
const UNTAGGED = { ...common, 'version-id': 'v3' }

describe('the check of rollbacks', () => {
  test('passes what two rollbacks set', () => {
    expect(problems([TAGGED, UNTAGGED], EXPECTED)).toEqual([])
  })

  test.each([
    [{ ...TAGGED, 'version-id': 'v2' }, UNTAGGED, 'the tag is not on the version before'],
    [TAGGED, { ...UNTAGGED, 'version-id': 'v1' }, 'callers without a tag have no new version'],
    [TAGGED, { ...UNTAGGED, 'version-id': undefined }, 'callers without a tag have no new version'],
    [{ ...TAGGED, 'previous-version-id': 'v1' }, UNTAGGED, 'is not the one that was released'],
    [TAGGED, { ...UNTAGGED, 'function-url': undefined }, 'the function has no address'],
  ])('finds what is wrong with %j and %j', (tagged, untagged, problem) => {
    expect(problems([tagged, untagged], EXPECTED)).toEqual([expect.stringContaining(problem)])
  })
})
