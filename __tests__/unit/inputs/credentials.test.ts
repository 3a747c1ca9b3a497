/** Credentials are hidden from the log as soon as a run starts. */

import { describe, expect, test } from '@jest/globals'
import { maskCredentials } from '../../../src/inputs/credentials.ts'
import { FakeRunner, keyFile } from '../../support/fakes.ts'

describe('what is hidden before anything is printed', () => {
  const masked = (raw: Record<string, string>): readonly string[] => {
    const runner = new FakeRunner()
    maskCredentials(raw, runner)
    return runner.masked
  }

  test.each(['yc-iam-token', 'github-token'])('is %s, without the blanks around it', (name) => {
    expect(masked({ [name]: ' t1.x\n' })).toEqual(['t1.x'])
  })

  test('is every line of the private key', () => {
    const file = keyFile()
    const lines = file.private_key?.split('\n').filter((line) => /^[\w+/=]{16,}$/.test(line)) ?? []
    expect(lines.length).toBeGreaterThan(20)
    expect(masked({ 'yc-sa-json-credentials': JSON.stringify(file) })).toEqual(
      expect.arrayContaining(lines),
    )
  })

  test.each([{}, { 'yc-iam-token': ' ', 'yc-sa-json-credentials': '' }])(
    'is nothing where nothing was given: %j',
    (raw) => {
      expect(masked(raw)).toEqual([])
    },
  )
})
