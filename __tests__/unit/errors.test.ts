/** Failures: one class with code, hint and facts, and several of them as one. */

import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { DeployError, ERRORS, isError, mergeErrors, type ErrorCode } from '../../src/errors.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

describe('a failure', () => {
  test.each(CODES)(
    'of the code %s has a title, and advice that is used when there is none better',
    (code) => {
      const error = new DeployError(code, 'message')
      expect(error).toMatchObject({
        name: 'DeployError',
        message: 'message',
        code,
        hint: ERRORS[code].hint,
        details: {},
        markdown: undefined,
        sourceLines: [],
      })
      expect(error.cause).toBeUndefined()
      expect(ERRORS[code].title).toMatch(/^[A-Z].*[^.]$/)
      expect(ERRORS[code].hint).toMatch(/\.$/)
    },
  )

  test('keeps what it is given', () => {
    const options = {
      hint: 'h',
      cause: 5,
      details: { a: 'b' },
      markdown: '# m',
      sourceLines: [{ file: 'f', line: 1, message: 'm' }],
    }
    expect(new DeployError('CANCELLED', 'm', options)).toMatchObject(options)
  })
})

describe('an error', () => {
  test.each([
    [new Error('x'), true],
    [new TypeError('x'), true],
    [new DeployError('CANCELLED', 'x'), true],
    [runInNewContext('new Error("x")'), true],
    [{ message: 'x', name: 'Error' }, false],
    ['x', false],
    [null, false],
    [undefined, false],
  ])('is told across realms: %p is one: %s', (value: unknown, is) => {
    expect(isError(value)).toBe(is)
  })
})

describe('several failures', () => {
  const invalid = (message: string, hint: string): DeployError =>
    new DeployError('INPUT_INVALID', message, { hint })
  const a = invalid('a', 'same hint')
  const b = invalid('b', 'same hint')
  const c = invalid('c', 'other hint')

  test('that are invalid inputs are told together, each hint once', () => {
    const merged = mergeErrors([a, b, a, c]) as DeployError
    expect(merged).toMatchObject({
      code: 'INPUT_INVALID',
      message: 'a\nb\nc',
      hint: 'same hint\nother hint',
    })
    expect(merged.cause).toBe(a)
  })

  test.each<[string, readonly unknown[], unknown]>([
    ['one', [a], a],
    ['the same twice', [a, a], a],
    ['none', [], undefined],
    ['a text', ['x'], 'x'],
  ])('that are %s are that one', (_, errors, expected) => {
    expect(mergeErrors(errors)).toBe(expected)
  })

  test('among which one is of another kind are the first of those', () => {
    const other = new DeployError('API_REJECTED', 'r')
    const bug = new TypeError('bug')
    expect(mergeErrors([a, b, other, bug])).toBe(other)
    expect(mergeErrors([a, bug, other])).toBe(bug)
  })
})
