/** Readers of the API's JSON: what is there in its type, what is absent as its default, all else a TypeError. */

import { describe, expect, test } from '@jest/globals'
import { asObject } from '../../../src/json.ts'
import {
  duration,
  flag,
  int64,
  items,
  list,
  message,
  object,
  text,
  texts,
  type Read,
} from '../../../src/yandex/fields.ts'
import { thrown } from '../../support/fakes.ts'
import { readFunction } from '../../../src/yandex/functions/functions.ts'
import { readNamed } from '../../../src/yandex/lookup.ts'
import { readOperation } from '../../../src/yandex/functions/operation.ts'
import { readPage } from '../../../src/yandex/http/pages.ts'
import { readSecret, readSecretVersion } from '../../../src/yandex/lockbox.ts'
import { readStatus } from '../../../src/yandex/http/grpc.ts'

test.each([
  [
    'an operation',
    readOperation,
    { id: 'o' },
    { id: 'o', done: false, metadata: {}, error: undefined, response: undefined },
  ],
  [
    'an operation that ends',
    readOperation,
    { id: 'o', done: true, metadata: { a: 1 }, response: { b: 2 } },
    { id: 'o', done: true, metadata: { a: 1 }, error: undefined, response: { b: 2 } },
  ],
  [
    'an operation with nothing as its error',
    readOperation,
    { id: 'o', error: null, done: 'yes' },
    { id: 'o', done: false, metadata: {}, error: undefined, response: undefined },
  ],
  ['a status', readStatus, {}, { code: 0, message: '', details: [] }],
  [
    'a status with all',
    readStatus,
    { code: 5, message: 'm', details: [1] },
    { code: 5, message: 'm', details: [1] },
  ],
  [
    'a function',
    readFunction,
    { id: 'f' },
    { id: 'f', folderId: '', name: '', description: '', labels: {}, httpInvokeUrl: '', status: '' },
  ],
  ['a named resource', readNamed, { id: 'n', name: 'x', more: 1 }, { id: 'n', name: 'x' }],
  [
    'a secret',
    readSecret,
    { id: 's', currentVersion: null },
    { id: 's', name: '', currentVersion: undefined },
  ],
  [
    'a secret with a version',
    readSecret,
    { id: 's', name: 'x', currentVersion: { id: 'v' } },
    { id: 's', name: 'x', currentVersion: { id: 'v', status: '', payloadEntryKeys: [] } },
  ],
  [
    'a version',
    readSecretVersion,
    { id: 'v', status: 'ACTIVE', payloadEntryKeys: ['k', 5] },
    { id: 'v', status: 'ACTIVE', payloadEntryKeys: ['k', '5'] },
  ],
] as const)('%s is read', (_, read, value, expected) => {
  expect((read as (value: unknown) => unknown)(value)).toEqual(expected)
})

describe.each<[string, (value: unknown) => unknown, object[]]>([
  ['an operation', readOperation, [{ error: 'x' }, { error: { details: {} } }]],
  [
    'a function',
    readFunction,
    [{ name: 5 }, { folderId: {} }, { httpInvokeUrl: [] }, { status: true }],
  ],
  ['a named resource', readNamed, [{ name: 5 }]],
  ['a secret', readSecret, [{ name: 5 }, { currentVersion: 'x' }, { currentVersion: {} }]],
  ['a version', readSecretVersion, [{ status: 5 }, { payloadEntryKeys: 'k' }]],
])('%s', (_, read, odd) => {
  test.each([null, undefined, 'x', 5, true, [], {}, { id: 5 }, { id: null }])(
    'is not %j',
    (value) => {
      expect((thrown(() => read(value)) as Error).name).toBe('TypeError')
    },
  )

  test.each(['', '.', '..', '../x', 'a/b', 'a b', 'a%2f', '-x', 'a\nb', 'a"', 'ф', 'i'.repeat(51)])(
    'has no id %j, which could change an address or a command',
    (id) => {
      expect((thrown(() => read({ id })) as Error).name).toBe('TypeError')
    },
  )

  test.each(odd)('has no %j', (fields) => {
    expect((thrown(() => read({ id: 'i', ...fields })) as Error).name).toBe('TypeError')
  })
})

test.each([
  [5, 5],
  ['5', 5],
  ['NOT_FOUND', 5],
  ['odd', 2],
  [null, 0],
  [{}, 2],
])('the code %j of an error is %i', (code, number) => {
  expect(readOperation({ id: 'i', error: { code } }).error?.code).toBe(number)
})

describe('a page', () => {
  const shape = { field: 'items', read: readNamed }

  test('has items and the token of the next one', () => {
    const page = readPage({ items: [{ id: 'a' }], nextPageToken: 't' }, shape)
    expect(page).toEqual({ items: [{ id: 'a', name: '' }], nextPageToken: 't' })
    expect(readPage({}, shape)).toEqual({ items: [], nextPageToken: '' })
  })

  test.each([null, [], { items: {} }, { items: [1] }, { nextPageToken: 5 }])(
    'is not %j',
    (value) => {
      expect((thrown(() => readPage(value, shape)) as Error).name).toBe('TypeError')
    },
  )
})

describe('a field', () => {
  test.each<[string, Read<unknown>, unknown, unknown, unknown?]>([
    ['text', text, 'x', ''],
    ['a whole number', int64, 5, '0', '5'],
    ['a duration', duration, '1.5s', '0s'],
    ['a flag', flag, true, false],
    ['a list', items, [1, null], []],
    ['a list of texts', list(text), ['x'], []],
    ['an object', object, { a: 1 }, {}],
    ['a map', texts, { a: 'x' }, {}],
    [
      'a message',
      message({ a: text }, { b: text }),
      { a: 'x', b: 'y', c: 'z' },
      { a: '' },
      { a: 'x', b: 'y' },
    ],
  ])('of %s may be absent or nothing', (_, read, value, absent, given = value) => {
    expect([read(undefined, 'a'), read(null, 'a')]).toEqual([absent, absent])
    expect(read(value, 'a')).toEqual(given)
  })

  test.each<[Read<unknown>, unknown, string]>([
    [text, 5, '"a" is not a string'],
    [int64, '1.5', '"a" is not a whole number'],
    [items, 'x', '"a" is not a list'],
    [list(text), [null], 'an item of "a" is missing'],
    [object, [], '"a" is not an object'],
  ])('is named when it has another type: %#', (read, value, message) => {
    expect((thrown(() => read(value, 'a')) as Error).message).toBe(message)
  })
})

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['x', false],
  [5, false],
  [undefined, false],
])('%j is an object: %s', (value, is) => {
  expect(asObject(value)).toBe(is ? value : undefined)
})
