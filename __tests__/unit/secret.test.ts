/** A secret shows itself in no way but the one that is asked for by name. */

import { inspect } from 'node:util'
import { expect, test } from '@jest/globals'
import { Secret } from '../../src/secret.ts'

const VALUE = 'hunter2hunter2'

test('is given back on demand', () => {
  expect(new Secret(VALUE).reveal()).toBe(VALUE)
})

test.each<[string, (secret: Secret) => string]>([
  ['String', (secret) => String(secret)],
  ['a template', (secret) => `${secret.toString()} ${[secret].join()}`],
  ['addition', (secret) => ['', secret].join('')],
  ['JSON', (secret) => JSON.stringify({ secret, list: [secret] })],
  ['inspection', (secret) => inspect({ secret }, { depth: 9, showHidden: true })],
  ['inspection of an error', (secret) => inspect(new Error('x', { cause: { secret } }))],
  [
    'its keys and values',
    (secret) => JSON.stringify([Object.entries(secret), Object.assign({}, secret)]),
  ],
  ['its property names', (secret) => Reflect.ownKeys(secret).map(String).join()],
])('is hidden from %s', (_, show) => {
  expect(show(new Secret(VALUE))).not.toContain('hunter2')
})

test('is shown as three asterisks', () => {
  const secret = new Secret(VALUE)
  expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual(['***', '"***"', '***'])
})
