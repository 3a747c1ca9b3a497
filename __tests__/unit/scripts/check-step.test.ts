/** The check of a step in a runner finds what is wrong with its outputs. */

import { describe, expect, test } from '@jest/globals'
import { problems } from '../../../scripts/check-step.ts'

const ID = 'd4e01234567890abcdef'
const SHA256 = '0123456789abcdef'.repeat(4)
const GOOD = {
  'version-id': ID,
  'function-id': ID,
  'function-url': `http://127.0.0.1:8080/${ID}`,
  'operation-id': ID,
  'package-sha256': SHA256,
  'package-size': '867',
  changed: 'true',
  plan: '{"version":1,"compared":true}',
  skipped: 'false',
}
const OBJECT = { 'object-name': `${ID}/${SHA256}.zip` }

describe('the check of outputs', () => {
  test('passes what a deployment sets, with and without a bucket', () => {
    expect(problems(GOOD, { bucket: '' })).toEqual([])
    // An action that wraps this one hands on an output that is not set as an empty one.
    expect(problems({ ...GOOD, 'object-name': '' }, { bucket: '' })).toEqual([])
    expect(problems({ ...GOOD, ...OBJECT }, { bucket: 'packages' })).toEqual([])
  })

  test('wants a check to have passed where there was one, and nowhere else', () => {
    const checked = { ...GOOD, checked: 'true' }
    expect(problems(checked, { bucket: '', checked: 'true' })).toEqual([])
    expect(problems(GOOD, { bucket: '', checked: 'true' })).toEqual(['checked is "", not "true"'])
    expect(problems(checked, { bucket: '' })).toEqual(['checked is "true", not ""'])
  })

  test.each([...Object.keys(GOOD), 'object-name'])('misses %s', (name) => {
    const rest = Object.entries({ ...GOOD, ...OBJECT }).filter(([output]) => output !== name)
    expect(problems(Object.fromEntries(rest), { bucket: 'packages' })).toEqual([
      expect.stringMatching(`^${name} is "", not /`),
    ])
  })

  test('names an object without a bucket, and an output that nobody knows', () => {
    expect(problems({ ...GOOD, ...OBJECT, other: 'x' }, { bucket: '' })).toEqual([
      `object-name is set without a bucket: ${OBJECT['object-name']}`,
      'other is no output of the action',
    ])
  })
})
