/** The inputs of a rollback. */

import { describe, expect, test } from '@jest/globals'
import type { DeployError } from '../../../src/errors.ts'
import { parseRollback } from '../../../src/rollback/inputs.ts'
import { thrown } from '../../support/fakes.ts'

const REQUIRED = { 'yc-iam-token': 't1.token', 'function-id': 'd4e00000000000000001' }
const parse = (given: Readonly<Record<string, string>>) => parseRollback({ ...REQUIRED, ...given })

describe('the inputs of a rollback', () => {
  test('need no more than a credential and a function', () => {
    expect(parse({})).toMatchObject({
      target: { kind: 'id', functionId: 'd4e00000000000000001' },
      tags: [],
      versionId: undefined,
      isDryRun: false,
      waitSeconds: 900,
      warnings: [],
    })
  })

  test('name tags, each once, and a version', () => {
    const given = { tags: 'stable\n\nnext\nstable', 'version-id': 'd4e1', 'dry-run': 'true' }
    expect(parse({ ...given, 'wait-timeout': '2m' })).toMatchObject({
      tags: ['stable', 'next'],
      versionId: 'd4e1',
      isDryRun: true,
      waitSeconds: 120,
    })
  })

  test.each([
    [{ tags: '$latest' }, 'tags', 'leave `tags` out to roll back callers without a tag'],
    [{ tags: 'Stable' }, 'tags', 'a tag has lower-case letters'],
    [{ 'version-id': '../x' }, 'version-id', 'which is not an id'],
    [{ 'dry-run': '1' }, 'dry-run', 'write true or false'],
    [{ 'api-endpoint': 'http://example.com' }, 'api-endpoint', 'only for a loopback address'],
  ])('cannot be %j', (given, input, message) => {
    expect(thrown(() => parse(given))).toMatchObject({
      code: 'INPUT_INVALID',
      inputs: [input],
      message: expect.stringContaining(message),
    })
  })

  test.each([
    [{ tag: 'stable' }, 'tags'],
    [{ version: 'd4e1' }, 'version-id'],
    [{ tags: 'stable', 'dry run': 'true' }, 'dry-run'],
  ])('cannot be misspelt where more would be rolled back: %j', (given, meant) => {
    expect(thrown(() => parse(given))).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`did you mean \`${meant}\`?`),
    })
  })

  test('have their problems told all at once', () => {
    const error = thrown(() => parseRollback({ tag: 'stable', tags: 'X' })) as DeployError
    expect(error.message.split('\n')).toEqual([
      '4 problems with the inputs:',
      expect.stringMatching(/^- no credential: /),
      expect.stringMatching(/^- no function: /),
      expect.stringMatching(/^- `tags` line 1 is "X"/),
      '- "tag" is not an input of this action; did you mean `tags`?',
    ])
  })
})
