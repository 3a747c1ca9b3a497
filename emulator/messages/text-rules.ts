/** Rules of fields that are strings in JSON. */

import type { Field } from './schema.ts'

/** What is said of a text that a pattern does not match. */
export function mismatch(pattern: RegExp): string {
  return `must match the regular expression ${pattern.source}`
}

/** The rule of its field that a text breaks, if any. */
export function textProblem(
  field: Field & { kind: 'string' | 'bytes' | 'duration' | 'fieldMask' },
  text: string,
): string | undefined {
  switch (field.kind) {
    case 'string': {
      const { pattern, maxLength = Infinity } = field
      if (text.length > maxLength && Array.from(text).length > maxLength) {
        return `must be at most ${maxLength} characters`
      }
      return pattern?.test(text) === false ? mismatch(pattern) : undefined
    }
    case 'bytes':
      if (text.length > field.maxLength) return `must be at most ${field.maxLength} characters`
      // Faster than a pattern, and as strict: what decodes to the same text is base64.
      return Buffer.from(text, 'base64').toString('base64') === text ? undefined : 'must be base64'
    case 'duration': {
      if (!/^-?\d+(\.\d{1,9})?s$/.test(text)) return 'must be a duration such as 5s'
      const seconds = Number(text.slice(0, -1))
      return seconds >= 0 && seconds <= field.maxSeconds
        ? undefined
        : `must be in the range 0s to ${field.maxSeconds}s`
    }
    case 'fieldMask': {
      const unknown = text.split(',').filter((path) => !field.paths.includes(path))
      return unknown.length > 0 ? `unknown path ${unknown.join(', ')}` : undefined
    }
  }
}
