/** A segment of a pattern is compared in bounded time. */

import { expect, test } from '@jest/globals'
import { compileSegment, fits, GLOBSTAR } from '../../../../src/source/select/segment.ts'

function ours(pattern: string, name: string): boolean {
  const segment = compileSegment(pattern)
  return segment === GLOBSTAR || fits(segment, name)
}

test.each<[string, string, string]>([
  ['eight stars', '*a*a*a*a*a*a*a*a*b', 'a'.repeat(200)],
  ['a hundred stars', `${'*a'.repeat(100)}*b`, 'a'.repeat(255)],
  ['stars and question marks', `${'*?'.repeat(100)}*b`, 'a'.repeat(255)],
  ['stars and classes', `${'*[a-z]'.repeat(100)}*b`, 'a'.repeat(255)],
  ['two thousand stars', `${'*a'.repeat(2000)}*b`, 'a'.repeat(4000)],
  ['brackets that do not end', '['.repeat(4000), 'a'.repeat(255)],
])('a segment takes time in proportion to pattern and name: %s', (_, pattern, name) => {
  const start = performance.now()
  expect(ours(pattern, name)).toBe(false)
  expect(performance.now() - start).toBeLessThan(2000)
})
