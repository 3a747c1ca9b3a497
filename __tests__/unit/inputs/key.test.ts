/** The key of a service account: read in every shape that secret stores leave it in, explained when damaged, never shown. */

import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { parseServiceAccountKey, secretsOfKey } from '../../../src/inputs/key.ts'
import { ValueError } from '../../../src/inputs/values.ts'
import { keyFile, pemOf, rsaKeys, thrown } from '../../support/fakes.ts'

const FILE = keyFile()
const PEM = FILE.private_key ?? ''
const JSON_TEXT = JSON.stringify(FILE, null, 2)

/** The JSON of the key file with another private key. */
const withPem = (pem: string): string => JSON.stringify({ ...FILE, private_key: pem })

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const isSame = (key: KeyObject): boolean =>
  createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })).equals(rsaKeys().publicKey)

function messageOf(text: string): string {
  const error = thrown(() => parseServiceAccountKey(text))
  expect(error).toBeInstanceOf(ValueError)
  expect((error as ValueError).cause).toBeUndefined()
  return (error as ValueError).message
}

describe('a key', () => {
  test.each<[string, string]>([
    ['as the file has it', JSON_TEXT],
    ['on one line', JSON.stringify(FILE)],
    ['with CRLF in the file', JSON_TEXT.replaceAll('\n', '\r\n')],
    ['with spaces around', `\n ${JSON_TEXT} \n`],
    ['without the warning', withPem(pemOf(rsaKeys().privateKey))],
    ['with the angle brackets escaped', JSON_TEXT.replace('<', '\\u003c').replace('>', '\\u003e')],
    ['with `\\n` as two characters', withPem(PEM.replaceAll('\n', '\\n'))],
    ['with `\\r\\n` as four characters', withPem(PEM.replaceAll('\n', '\\r\\n'))],
    ['with spaces for line breaks', withPem(PEM.replaceAll('\n', ' '))],
    ['with CRLF in the key', withPem(PEM.replaceAll('\n', '\r\n'))],
    ['with indented lines', withPem(PEM.replaceAll('\n', '\n    '))],
    ['with nothing for line breaks', withPem(PEM.replaceAll('\n', ''))],
    [
      'with lines of another length',
      withPem(
        PEM.replaceAll(/([^\n]{10})/g, '$1\n').replace(/-----[\s\S]*?-----/g, (m) =>
          m.replaceAll('\n', ''),
        ),
      ),
    ],
    ['with real line breaks inside the string', JSON_TEXT.replaceAll('\\n', '\n')],
    ['with real CRLF inside the string', JSON_TEXT.replaceAll('\\n', '\r\n')],
    [
      'with real line breaks and quotes inside',
      JSON.stringify({ note: 'a "b" \\', ...FILE }).replaceAll('\\n', '\n'),
    ],
    [
      'in the nested shape of the REST API',
      JSON.stringify({
        key: { id: FILE.id, serviceAccountId: FILE.service_account_id, keyAlgorithm: 'RSA_2048' },
        privateKey: PEM,
      }),
    ],
    [
      'in the nested shape with the private key inside',
      JSON.stringify({ key: { ...FILE, private_key: PEM } }),
    ],
    [
      'in camelCase',
      JSON.stringify({ id: FILE.id, serviceAccountId: FILE.service_account_id, privateKey: PEM }),
    ],
    ['in single quotes', `'${JSON_TEXT}'`],
    ['in double quotes', `"${JSON.stringify(FILE)}"`],
    ['as a JSON string', JSON.stringify(JSON_TEXT)],
    ['in base64', base64(JSON_TEXT)],
    ['in lines of base64', base64(JSON_TEXT).replaceAll(/(.{76})/g, '$1\n')],
    ['in base64url', Buffer.from(JSON_TEXT).toString('base64url')],
    ['in PKCS#1', withPem(rsaKeys().privateKey.export({ type: 'pkcs1', format: 'pem' }) as string)],
  ])('is read %s', (_, text) => {
    const key = parseServiceAccountKey(text)
    expect([key.id, key.serviceAccountId]).toEqual([FILE.id, FILE.service_account_id])
    expect(isSame(key.privateKey)).toBe(true)
  })
})

describe('what is no key', () => {
  const HOW = 'use the whole JSON file that `yc iam key create -o key.json` writes'
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
  const encrypted = rsaKeys().privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  }) as string
  const without = (...names: string[]): string =>
    JSON.stringify(
      Object.fromEntries(Object.entries(FILE).filter(([name]) => !names.includes(name))),
    )

  test.each<[string, string, string]>([
    ['text', 'hunter2', `is not JSON: ${HOW}`],
    ['only the PEM', PEM, `contains a private key but is not JSON: ${HOW}, not only the PEM block`],
    [
      'cut off',
      JSON_TEXT.slice(0, -10),
      `contains a private key but is not JSON: ${HOW}, not only the PEM block`,
    ],
    ['a list', '[1]', `is not JSON: ${HOW}`],
    ['a string', '"x"', `is not JSON: ${HOW}`],
    [
      'base64 of something else',
      Buffer.from('hunter2hunter2').toString('base64'),
      `is not JSON: ${HOW}`,
    ],
    ['base64 of a part of it', base64(JSON_TEXT.slice(0, 900)), `is not JSON: ${HOW}`],
    ['an empty object', '{}', `is JSON without id, service_account_id, private_key: ${HOW}`],
    ['without its id', without('id'), `is JSON without id: ${HOW}`],
    [
      'without its account',
      without('service_account_id'),
      `is JSON without service_account_id: ${HOW}`,
    ],
    ['without its private key', without('private_key'), `is JSON without private_key: ${HOW}`],
    ['with an empty id', JSON.stringify({ ...FILE, id: '' }), `is JSON without id: ${HOW}`],
    ['with a number as its id', JSON.stringify({ ...FILE, id: 5 }), `is JSON without id: ${HOW}`],
    [
      'of a user',
      JSON.stringify({ id: 'a', user_account_id: 'u', private_key: PEM }),
      'is a key of a user account, which cannot sign in: create one for a service account',
    ],
    [
      'without a PEM block',
      withPem('hunter2'),
      `has a private_key that is not a whole PEM block: ${HOW}`,
    ],
    [
      'without the end of the block',
      withPem(PEM.replace(/-----END.*/, '')),
      `has a private_key that is not a whole PEM block: ${HOW}`,
    ],
    [
      'a public key',
      withPem(FILE.public_key ?? ''),
      `has a private_key that is not a whole PEM block: ${HOW}`,
    ],
    [
      'with blocks of two kinds',
      withPem(PEM.replace('END PRIVATE', 'END RSA PRIVATE')),
      `has a private_key that is not a whole PEM block: ${HOW}`,
    ],
    ['encrypted', withPem(encrypted), `has an encrypted private_key, which cannot sign: ${HOW}`],
    [
      'without its middle',
      withPem(PEM.replace(/\n[\w+/]{64}\n/, '\n')),
      `has a private_key that is damaged: ${HOW}`,
    ],
    [
      'without a body',
      withPem('-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----'),
      `has a private_key that is damaged: ${HOW}`,
    ],
    [
      'of an elliptic curve',
      withPem(pemOf(ec)),
      'has a private_key that is not RSA, the only type that IAM accepts',
    ],
    [
      'of an elliptic curve, in its own form',
      withPem(ec.export({ type: 'sec1', format: 'pem' }) as string),
      'has a private_key that is not RSA, the only type that IAM accepts',
    ],
    [
      'for RSA-PSS alone',
      withPem(pemOf(pss)),
      'has a private_key that is not RSA, the only type that IAM accepts',
    ],
  ])('is explained: %s', (_, text, told) => {
    expect(messageOf(text)).toBe(told)
  })
})

describe('the secrets of a key', () => {
  const body = PEM.split('\n').filter((line) => line !== '' && !/[- ]/.test(line))

  test.each<[string, string]>([
    ['as the file has it', JSON_TEXT],
    ['with `\\n` twice escaped', withPem(PEM.replaceAll('\n', '\\n'))],
    ['with real line breaks', JSON_TEXT.replaceAll('\\n', '\r\n')],
    ['only the PEM', PEM],
    ['with spaces', withPem(PEM.replaceAll('\n', ' '))],
    ['in quotes', `'${JSON_TEXT}'`],
    ['as a JSON string', JSON.stringify(JSON_TEXT)],
    ['in base64', base64(JSON_TEXT)],
  ])('are the lines of its body: %s', (_, text) => {
    const secrets = secretsOfKey(text).map((secret) => secret.replaceAll('\\', ''))
    expect(secrets).toEqual(expect.arrayContaining(body.filter((line) => line.length >= 16)))
  })

  test('are not short pieces, which would hide unrelated text', () => {
    expect(secretsOfKey('-----BEGIN PRIVATE KEY-----\nshort\n1234567890123456\n-----END')).toEqual([
      '1234567890123456',
    ])
    expect(secretsOfKey('no key')).toEqual([])
  })
})
