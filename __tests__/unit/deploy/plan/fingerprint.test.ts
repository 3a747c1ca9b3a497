/** The fingerprint of a version: written within the limits of a description, and read back strictly. */

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  describeVersion,
  readFingerprint,
  withoutFingerprint,
  type Fingerprint,
} from '../../../../src/deploy/plan/fingerprint.ts'

const SHA = 'ab'.repeat(32)
const OF_PACKAGE: Fingerprint = { sha256: SHA, runId: '42', fromVersionId: undefined }
const COPY: Fingerprint = { sha256: SHA, runId: '42', fromVersionId: 'd4e1' }

const hex = fc.stringMatching(/^[0-9a-f]{64}$/)
const word = fc.stringMatching(/^[0-9A-Za-z_-]{1,20}$/)
const fingerprints: fc.Arbitrary<Fingerprint> = fc.oneof(
  fc.record({ sha256: hex, runId: word, fromVersionId: fc.constant(undefined) }),
  fc.record({ sha256: fc.option(hex, { nil: undefined }), runId: word, fromVersionId: word }),
)

describe('a description', () => {
  test.each<[string, Fingerprint, string]>([
    ['mine', OF_PACKAGE, `mine [sha256:${SHA} run:42]`],
    ['mine', COPY, `mine [sha256:${SHA} run:42 from:d4e1]`],
    ['mine', { ...COPY, sha256: undefined }, 'mine [run:42 from:d4e1]'],
    ['', OF_PACKAGE, `[sha256:${SHA} run:42]`],
    [`mine [sha256:${'cd'.repeat(32)} run:1]`, OF_PACKAGE, `mine [sha256:${SHA} run:42]`],
  ])('%j with %j is sent as %j', (text, fingerprint, description) => {
    const sent = { description, isMarked: true }
    expect(describeVersion({ text, isOwn: true }, fingerprint)).toEqual(sent)
    expect(describeVersion({ text, isOwn: false }, fingerprint)).toEqual(sent)
  })

  test('of one`s own is marked as long as both have room in 600 characters', () => {
    const room = 600 - describeVersion({ text: '', isOwn: true }, OF_PACKAGE).description.length - 1
    const fits = describeVersion({ text: 'x'.repeat(room), isOwn: true }, OF_PACKAGE)
    expect(fits.description).toHaveLength(600)
    expect(fits.isMarked).toBe(true)
    const text = 'x'.repeat(room + 1)
    expect(describeVersion({ text, isOwn: true }, OF_PACKAGE)).toEqual({
      description: text,
      isMarked: false,
    })
  })

  test('of one`s own without room never passes the fingerprint of another version on', () => {
    const text = `${'x'.repeat(560)} [run:1 from:d4e1]`
    const { description, isMarked } = describeVersion({ text, isOwn: true }, COPY)
    expect({ description, isMarked }).toEqual({ description: 'x'.repeat(560), isMarked: false })
  })

  test('of ours stays below 256 characters with the longest names that GitHub has', () => {
    const text = `${'o'.repeat(39)}/${'r'.repeat(100)}@0123456, run 12345678901`
    const { description } = describeVersion(
      { text, isOwn: false },
      { sha256: SHA, runId: '12345678901', fromVersionId: 'd4e00000000000000000' },
    )
    expect(description.length).toBeLessThan(256)
    expect(readFingerprint(description)?.sha256).toBe(SHA)
  })

  test('of ours is never cut within a character', () => {
    const { description } = describeVersion({ text: 'x😀'.repeat(200), isOwn: false }, OF_PACKAGE)
    expect(Buffer.from(description).toString()).toBe(description)
  })

  test('gives back the fingerprint that was written into it, and the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), fingerprints, (text, given) => {
        const { description, isMarked } = describeVersion({ text, isOwn: true }, given)
        expect(isMarked).toBe(true)
        expect(readFingerprint(description)).toEqual(given)
        expect(withoutFingerprint(description)).toBe(withoutFingerprint(text).trimEnd())
      }),
    )
  })
})

describe('the fingerprint is unknown', () => {
  const mark = `[sha256:${SHA} run:42]`
  test.each([
    ['', ''],
    ['where there is none', 'mine'],
    ['before the end', `${mark} mine`],
    ['before a space', `mine ${mark} `],
    ['before a line break', `mine ${mark}\n`],
    ['without a space before it', `mine${mark}`],
    ['with a digest of another length', `mine [sha256:${SHA.slice(1)} run:42]`],
    ['in upper case', `mine [sha256:${SHA.toUpperCase()} run:42]`],
    ['without a run', `mine [sha256:${SHA}]`],
    ['with an empty run', `mine [sha256:${SHA} run:]`],
    ['with more in it', `mine [sha256:${SHA} run:42 by:me]`],
    ['in another order', `mine [run:42 sha256:${SHA}]`],
    ['with two spaces in it', `mine [sha256:${SHA}  run:42]`],
    ['with a run alone', 'mine [run:42]'],
    ['with an empty source', `mine [sha256:${SHA} run:42 from:]`],
  ])('%s: %j', (_, description) => {
    expect(readFingerprint(description)).toBeUndefined()
    expect(withoutFingerprint(description)).toBe(description)
  })
})
