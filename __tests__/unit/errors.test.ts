/** Failures: one class with code, hint and facts, and several of them as one. */

import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import {
  DeployError,
  ERRORS,
  isError,
  mergeErrors,
  type ErrorCode,
  type Topic,
} from '../../src/errors.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

describe('a failure', () => {
  test.each(CODES)(
    'of the code %s has a title, and advice of its code for those who have none better',
    (code) => {
      const error = new DeployError(code, 'message')
      expect(error).toMatchObject({
        name: 'DeployError',
        message: 'message',
        code,
        hint: undefined,
        inputs: [],
        topic: undefined,
        details: {},
        evidence: undefined,
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
      inputs: ['memory'],
      topic: 'npm-ci',
      details: { a: 'b' },
      evidence: { kind: 'build log', text: 'l' },
    } as const
    expect(new DeployError('CANCELLED', 'm', options)).toMatchObject(options)
  })

  test('told otherwise keeps all that is not changed, and is the cause', () => {
    const options = {
      hint: 'h',
      inputs: ['memory'],
      topic: 'npm-ci',
      details: { a: 'b' },
      evidence: { kind: 'build log', text: 'l' },
    } as const
    const error = new DeployError('API_REJECTED', 'm', options)
    const same = error.with({})
    expect(same).toMatchObject({ ...options, code: 'API_REJECTED', message: 'm' })
    expect(same.cause).toBe(error)
    const changed = error.with({ code: 'AUTH_FAILED', message: 'n', hint: 'i', topic: undefined })
    expect(changed).toMatchObject({
      ...options,
      ...{ code: 'AUTH_FAILED', message: 'n', hint: 'i', topic: undefined },
    })
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
  const silent = invalid('d', '')

  test('that name inputs name all of them, and their section when it is one', () => {
    const of = (input: string, topic?: Topic): DeployError =>
      new DeployError('INPUT_INVALID', input, { inputs: [input], topic })
    const same = [of('a', 'name-not-found'), of('b', 'name-not-found'), of('a', 'name-not-found')]
    expect(mergeErrors(same)).toMatchObject({ inputs: ['a', 'b'], topic: 'name-not-found' })
    expect(mergeErrors([of('a', 'name-not-found'), of('b')])).toMatchObject({ topic: undefined })
  })

  test('of which one leaves the advice to its code have that too', () => {
    const plain = new DeployError('INPUT_INVALID', 'e')
    expect(mergeErrors([a, plain])).toMatchObject({
      hint: `same hint\n${ERRORS.INPUT_INVALID.hint}`,
    })
  })

  test('of which one has no advice leave no empty line', () => {
    expect(mergeErrors([a, silent])).toMatchObject({ hint: 'same hint' })
  })

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
