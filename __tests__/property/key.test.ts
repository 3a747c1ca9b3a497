/** The key of a service account is never shown, however it is damaged. */

import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseServiceAccountKey } from '../../src/inputs/key.ts'
import { keyFile } from '../support/fakes.ts'

const FILE = keyFile()
const PEM = FILE.private_key ?? ''
const JSON_TEXT = JSON.stringify(FILE, null, 2)

describe('a key damaged at random', () => {
  const RUN = 8
  const base64 = PEM.replace(/-----[^-]*-----|PLEASE.*\n|\s/g, '')
  const runs = new Set(
    Array.from({ length: base64.length - RUN + 1 }, (_, at) => base64.slice(at, at + RUN)),
  )
  const leaks = (message: string): boolean =>
    Array.from({ length: Math.max(0, message.length - RUN + 1) }, (_, at) =>
      message.slice(at, at + RUN),
    ).some((run) => runs.has(run))

  const damage = fc.record({
    at: fc.nat({ max: JSON_TEXT.length }),
    length: fc.nat({ max: 60 }),
    insert: fc.oneof(
      fc.constantFrom('', '\n', '\\n', '\\', '"', ' ', '{', '}', ',', '-----', '\r\n', '\u0000'),
      fc.string({ maxLength: 10 }),
    ),
  })

  test('never shows eight characters of its body', () => {
    expect(leaks(base64.slice(100, 120))).toBe(true)
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const text = damages.reduce(
          (text, { at, length, insert }) => text.slice(0, at) + insert + text.slice(at + length),
          JSON_TEXT,
        )
        try {
          createPrivateKey(
            parseServiceAccountKey(text).privateKey.export({ type: 'pkcs8', format: 'pem' }),
          )
        } catch (error) {
          expect((error as Error).name).toBe('ValueError')
          expect(
            leaks(`${String(error)} ${JSON.stringify(error)} ${(error as Error).stack ?? ''}`),
          ).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })
})
