/** The inputs of a clean-up. */

import { describe, expect, test } from '@jest/globals'
import { parseCleanup } from '../../../src/cleanup/inputs.ts'
import { DeployError } from '../../../src/errors.ts'
import { thrown } from '../../support/fakes.ts'

const REQUIRED = { 'yc-iam-token': 't1.token', 'function-id': 'd4e00000000000000001' }
const parse = (given: Readonly<Record<string, string>>) => parseCleanup({ ...REQUIRED, ...given })

describe('what is cleaned up', () => {
  test.each([
    [{ 'remove-tags': 'pr-1\n# old\n\npr-2\npr-1' }, { kind: 'tags', tags: ['pr-1', 'pr-2'] }],
    [{ 'delete-function': 'true' }, { kind: 'function' }],
    [
      { 'remove-tags': 'a', 'delete-function': 'false' },
      { kind: 'tags', tags: ['a'] },
    ],
  ])('is what %j says', (given, work) => {
    expect(parse(given).work).toEqual(work)
  })

  test.each([
    [
      {},
      ['remove-tags', 'delete-function'],
      'nothing to clean up: set `remove-tags`, or `delete-function` to true',
    ],
    [{ 'delete-function': 'false' }, ['remove-tags', 'delete-function'], 'nothing to clean up'],
    [{ 'remove-tags': '# none' }, ['remove-tags', 'delete-function'], 'nothing to clean up'],
    [
      { 'remove-tags': 'a', 'delete-function': 'true' },
      ['remove-tags', 'delete-function'],
      'cannot be combined',
    ],
    [
      { 'remove-tags': 'a\n$latest' },
      ['remove-tags'],
      '`remove-tags` line 2 is "$latest"; Yandex Cloud sets this tag itself',
    ],
    [
      { 'remove-tags': 'pr-*' },
      ['remove-tags'],
      '`remove-tags` line 1 is "pr-*"; a tag has lower-case letters',
    ],
    [
      { 'delete-function': 'yes' },
      ['delete-function'],
      '`delete-function` is "yes"; write true or false',
    ],
  ])('cannot be what %j says', (given, inputs, message) => {
    const error = thrown(() => parse(given))
    expect(error).toMatchObject({
      code: 'INPUT_INVALID',
      inputs,
      message: expect.stringContaining(message),
    })
  })
})

describe('problems', () => {
  test('are told all at once, with an input that there is none of', () => {
    const error = thrown(() =>
      parseCleanup({ 'function-name': 'x', 'remove-tag': 'a', 'wait-timeout': '0' }),
    ) as DeployError
    expect(error.message.split('\n')).toEqual([
      '6 problems with the inputs:',
      expect.stringMatching(/^- no credential: /),
      expect.stringMatching(/^- `function-name` is "x"; /),
      expect.stringMatching(/^- `folder-id` is required/),
      expect.stringMatching(/^- nothing to clean up/),
      expect.stringMatching(/^- `wait-timeout` is "0"/),
      '- "remove-tag" is not an input of this action; did you mean `remove-tags`?',
    ])
  })

  test('include a misspelt dry run, which would change the cloud', () => {
    expect(() => parse({ 'remove-tags': 'a', dry_run: 'true' })).toThrow('did you mean `dry-run`?')
  })

  test('of a name alone are a warning', () => {
    expect(parse({ 'remove-tags': 'a', runtime: 'nodejs22' }).warnings).toEqual([
      '"runtime" is not an input of this action',
    ])
  })
})
