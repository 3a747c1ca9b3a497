/** A segment of a pattern means what minimatch takes it to mean. */

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { GLOBSTAR as THEIR_GLOBSTAR, Minimatch } from 'minimatch'
import { compileSegment, fits, GLOBSTAR } from '../../src/source/select/segment.ts'

/** The options that `@actions/glob` gives to minimatch. */
const OPTIONS = {
  dot: true,
  nobrace: true,
  nocase: process.platform === 'win32',
  nocomment: true,
  noext: true,
  nonegate: true,
} as const

function ours(pattern: string, name: string): boolean {
  const segment = compileSegment(pattern)
  return segment === GLOBSTAR || fits(segment, name)
}

function theirs(pattern: string, name: string): boolean {
  const variants = [pattern, pattern.replaceAll('[', '[[]')]
  return variants.some((variant) => {
    const form = new Minimatch(variant, OPTIONS).set[0]?.[0]
    if (form === THEIR_GLOBSTAR) return true
    return typeof form === 'string' ? form === name : form?.test(name) === true
  })
}

test('a segment of a pattern means what minimatch takes it to mean, for any pattern and name', () => {
  const letters = fc.constantFrom(...'aaaabc.-!^]['.split(''))
  const signs = ['*', '*', '?', '[', ']', '!', '^', '-', '[ab]', '[!a]', '[a-c]', '[]a]', '[b-a]']
  const escapes = process.platform === 'win32' ? [] : ['\\*', '\\[', '\\a', '[\\]a]', '[a\\-c]']
  const parts = fc.oneof(letters, fc.constantFrom(...signs, ...escapes))
  const patterns = fc.array(parts, { minLength: 1, maxLength: 5 }).map((some) => some.join(''))
  const names = fc.array(letters, { minLength: 1, maxLength: 4 }).map((some) => some.join(''))
  let matched = 0
  fc.assert(
    fc.property(patterns, names, (pattern, name) => {
      fc.pre(name !== '.' && name !== '..')
      // There minimatch takes a short cut that forgets that a backslash escapes.
      fc.pre(!/^[*?]+[^*?[]*\\/.test(pattern))
      const expected = theirs(pattern, name)
      if (expected) matched += 1
      expect(ours(pattern, name)).toBe(expected)
    }),
    { numRuns: 20_000 },
  )
  // Otherwise the generator would be of no use.
  expect(matched).toBeGreaterThan(300)
})
