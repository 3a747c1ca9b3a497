import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { GLOBSTAR as THEIR_GLOBSTAR, Minimatch } from 'minimatch'

import { compileSegment, fits, GLOBSTAR } from '../../../../src/source/select/segment.ts'

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

describe('a segment of a pattern', () => {
  test('means what minimatch takes it to mean, for any pattern and name', () => {
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

  test.each<[string, string, string]>([
    ['eight stars', '*a*a*a*a*a*a*a*a*b', 'a'.repeat(200)],
    ['a hundred stars', `${'*a'.repeat(100)}*b`, 'a'.repeat(255)],
    ['stars and question marks', `${'*?'.repeat(100)}*b`, 'a'.repeat(255)],
    ['stars and classes', `${'*[a-z]'.repeat(100)}*b`, 'a'.repeat(255)],
    ['two thousand stars', `${'*a'.repeat(2000)}*b`, 'a'.repeat(4000)],
    ['brackets that do not end', '['.repeat(4000), 'a'.repeat(255)],
  ])('takes time in proportion to pattern and name: %s', (_, pattern, name) => {
    const start = performance.now()
    expect(ours(pattern, name)).toBe(false)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
