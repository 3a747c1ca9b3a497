/** The check of failed releases in a runner finds what is wrong with their outputs, and with what callers get. */

import { describe, expect, test } from '@jest/globals'
import { problems } from '../../../scripts/check-failed-release.ts'

const EXPECTED = { outcome: 'failure', before: 'v1', greeting: 'Good morning' }
const OUTPUTS = { checked: 'false', 'version-id': 'v2', 'previous-version-id': 'v1' }
const answer = (functionVersion: string, greeting = 'Good morning') =>
  JSON.stringify({ message: `${greeting}, Ada!`, functionVersion })
const RELEASE = { outputs: OUTPUTS, answers: { tagged: answer('v1'), untagged: answer('v3') } }

const withOutputs = (outputs: object) => ({ ...RELEASE, outputs: { ...OUTPUTS, ...outputs } })
const withAnswers = (answers: object) => ({
  ...RELEASE,
  answers: { ...RELEASE.answers, ...answers },
})

describe('the check of failed releases', () => {
  test('passes what a failed release leaves', () => {
    expect(problems(RELEASE, EXPECTED)).toEqual([])
  })

  test('finds a step that has not failed', () => {
    expect(problems(RELEASE, { ...EXPECTED, outcome: 'success' })).toEqual([
      'the step has not failed',
    ])
  })

  test.each([
    [withOutputs({ checked: 'true' }), 'the check is not said to have failed'],
    [withOutputs({ 'version-id': 'v1' }), 'there is no version that has failed'],
    [withOutputs({ 'version-id': undefined }), 'there is no version that has failed'],
    [withOutputs({ 'previous-version-id': 'v0' }), 'the version before is another one'],
    [withAnswers({ tagged: answer('v2') }), 'callers with the tag get '],
    [withAnswers({ untagged: answer('v3', 'Good night') }), 'callers without a tag get '],
    [withAnswers({ untagged: answer('v2') }), 'callers without a tag have no copy'],
    [withAnswers({ untagged: answer('v1') }), 'callers without a tag have no copy'],
  ])('finds what is wrong with %j', (release, problem) => {
    expect(problems(release, EXPECTED)).toEqual([expect.stringContaining(problem)])
  })
})
