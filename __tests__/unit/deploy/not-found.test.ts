/** The words for names and secrets that a look-up did not find. */

import { describe, expect, test } from '@jest/globals'
import { nameNotFound, secretNotFound } from '../../../src/deploy/not-found.ts'
import { parseSecretReference } from '../../../src/inputs/environment.ts'
import type { SecretResult } from '../../../src/yandex/lockbox.ts'

describe.each(['service account', 'network'] as const)('a %s that is not there', (resource) => {
  const error = (names: readonly string[]) =>
    nameNotFound({ name: 'runer', resource, input: 'the-input' }, { folderId: 'b1g1', names })

  test('is suggested by its near names', () => {
    expect(error(['other', 'runner', 'runner-2'])).toMatchObject({
      code: 'INPUT_INVALID',
      message: `\`the-input\`: there is no ${resource} "runer" in the folder b1g1. Did you mean "runner"?`,
      inputs: ['the-input'],
      topic: 'name-not-found',
    })
  })

  test.each<[readonly string[], string]>([
    [[], 'none'],
    [['something'], '1'],
  ])('has the number of others told: %j', (names, count) => {
    expect(error(names).message).toContain(`. This credential sees ${count} in the folder.`)
  })
})

describe('a secret', () => {
  const error = (line: string, result: Exclude<SecretResult, { kind: 'found' }>) =>
    secretNotFound(parseSecretReference(line), { result, folderId: 'b1g1' })
  const version = { id: 'e6qv1', status: 'ACTIVE', payloadEntryKeys: ['password', 'user'] }

  test('that is not there is suggested by its near names', () => {
    const result = { kind: 'missing', names: ['other', 'database'] } as const
    expect(error('PW=databse/latest/password', result).message).toBe(
      '`secrets`: there is no secret "databse" in the folder b1g1. Did you mean "database"?',
    )
  })

  test.each([
    ['latest', 'current version'],
    ['e6qv9', 'version "e6qv9"'],
  ])('without the version %s has that told', (wanted, told) => {
    const result = { kind: 'no such version', label: 'database' } as const
    expect(error(`PW=database/${wanted}/password`, result)).toMatchObject({
      code: 'INPUT_INVALID',
      message: `\`secrets\`: PW: the secret "database" has no ${told}.`,
      inputs: ['secrets'],
      topic: 'secret-not-found',
      hint: expect.stringContaining('yc lockbox secret list-versions'),
    })
  })

  test('whose version is being destroyed has that told', () => {
    const destroyed = { ...version, status: 'SCHEDULED_FOR_DESTRUCTION' }
    const result = { kind: 'inactive', label: 'database', version: destroyed } as const
    expect(error('PW=database/latest/password', result).message).toBe(
      '`secrets`: PW: the version e6qv1 of the secret "database" is SCHEDULED_FOR_DESTRUCTION.',
    )
  })

  test.each([
    ['passwort', ['password', 'user'], '"password"'],
    ['token', ['password', 'user'], '"password", "user"'],
    ['token', [], 'no keys'],
  ])('without the key %s, with %j, has those told that it has', (key, keys, told) => {
    const result = {
      kind: 'no such key',
      label: 'database',
      version: { ...version, payloadEntryKeys: keys },
    } as const
    expect(error(`PW=database/latest/${key}`, result).message).toBe(
      `\`secrets\`: PW: the version e6qv1 of the secret "database" has no key "${key}"; it has ${told}.`,
    )
  })
})
