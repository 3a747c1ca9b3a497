import { describe, expect, test } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'

import { findPrivateKey, MAX_KEY_BYTES } from '../../../src/source/keys.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const pkcs8 = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const certificate = pkcs8.replaceAll('PRIVATE KEY', 'CERTIFICATE')
const opensshBody = `${'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n'.repeat(5)}QyNTUxOQ==`
const openssh = `-----BEGIN OPENSSH PRIVATE KEY-----\n${opensshBody}\n-----END OPENSSH PRIVATE KEY-----\n`
const oldEncrypted = rsa.privateKey
  .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' })
  .toString()
const authorizedKey = {
  id: 'ajek6nubd5g3',
  service_account_id: 'ajelprpohp7r',
  created_at: '2025-05-28T16:17:17.721526532Z',
  key_algorithm: 'RSA_2048',
  public_key: publicPem,
  private_key: `PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajek6nubd5g3>\n${pkcs8}`,
}
const indent = (text: string): string => text.replaceAll(/^/gm, '    ')

describe('a private key', () => {
  test.each<[string, string]>([
    ['PKCS#8', pkcs8],
    ['PKCS#1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['an elliptic curve, SEC 1', ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString()],
    ['Ed25519, the shortest', ed.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    [
      'encrypted PKCS#8',
      rsa.privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
    ],
    ['old encrypted PKCS#1, with headers', oldEncrypted],
    ['OpenSSH', openssh],
    [
      'PGP',
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\nComment: mine\n\n${opensshBody}\n=AbCd\n-----END PGP PRIVATE KEY BLOCK-----`,
    ],
    ['with Windows line breaks', pkcs8.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${pkcs8}`],
    ['without a line break at its end', pkcs8.trimEnd()],
    ['indented', indent(pkcs8)],
    ['on one line with \\n, as some secret stores leave it', pkcs8.replaceAll('\n', '\\n')],
    ['after its certificates', certificate + certificate + pkcs8],
    ['before its certificates', pkcs8 + certificate + certificate],
    ['after the line that Yandex Cloud puts before it', authorizedKey.private_key],
    ['after a long text about it', `${'modulus:\n    00:b4:1e:ff\n'.repeat(500)}${pkcs8}`],
    ['after the attributes of a bag', `Bag Attributes\n    localKeyID: 01 02\n${pkcs8}`],
    ['before a text', `${pkcs8}${'some words\n'.repeat(5000)}`],
  ])('%s', (_, text) => {
    expect(findPrivateKey(Buffer.from(text))).toBe('a private key')
  })

  test.each<[string, unknown]>([
    ['the file of yc iam key create', authorizedKey],
    ['the same with camelCase names', { serviceAccountId: 'a', privateKey: pkcs8 }],
    ['the answer of the API', { key: { id: 'a', serviceAccountId: 'b' }, privateKey: pkcs8 }],
    ['one of a user account', { user_account_id: 'a', private_key: pkcs8 }],
    ['one whose key is damaged', { service_account_id: 'a', private_key: 'MIIE' }],
    ['one below another name', { sa: authorizedKey }],
    ['one in a list', [{ name: 'x' }, { keys: [authorizedKey] }]],
    ['one of another cloud', { type: 'service_account', private_key: pkcs8 }],
  ])('%s', (_, value) => {
    for (const text of [JSON.stringify(value), ` \n${JSON.stringify(value, null, 2)}\n`]) {
      expect(findPrivateKey(Buffer.from(text))).toBe('the key of a service account')
      expect(findPrivateKey(Buffer.from(`\uFEFF${text}`))).toBe('the key of a service account')
    }
  })
})

describe('no private key', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['a certificate', certificate],
    ['a public key', publicPem],
    ['a request for a certificate', pkcs8.replaceAll('PRIVATE KEY', 'CERTIFICATE REQUEST')],
    ['a program that looks for one', `if (text.includes('-----BEGIN PRIVATE KEY-----')) {}\n`],
    [
      'a program that writes one',
      "const pem = '-----BEGIN PRIVATE KEY-----\\n' + body + '\\n-----END PRIVATE KEY-----'\n",
    ],
    [
      'a test with one in it',
      `${'import { test } from "test"\n'.repeat(200)}const key = \`\n${pkcs8}\`\n${'check(key)\n'.repeat(200)}`,
    ],
    [
      'a text with one in it',
      `${'Paste your key here, it looks like this:\n'.repeat(100)}\`\`\`\n${pkcs8}\`\`\`\n`,
    ],
    [
      'a text that shows the form',
      '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----\n',
    ],
    [
      'a form to fill in',
      '-----BEGIN PRIVATE KEY-----\nYOUR KEY HERE\n-----END PRIVATE KEY-----\n',
    ],
    ['one too short to be any', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['one without its end', pkcs8.replace(/-----END.*/s, '')],
    ['one with the end of another', pkcs8.replace('END PRIVATE', 'END RSA PRIVATE')],
    ['one cut through by another', `-----BEGIN PRIVATE KEY-----\n${publicPem}`],
    ['settings without a key', JSON.stringify({ private_key_file: 'x', service_account_id: 'a' })],
    ['settings with an empty key', JSON.stringify({ service_account_id: 'a', private_key: '' })],
    ['settings with another kind of key', JSON.stringify({ privateKey: 'k-123', name: 'x' })],
    ['a program that begins with a brace', '{ private_key: load() }'],
    ['a list', JSON.stringify([{ private_key: 1 }])],
    ['null for a key', JSON.stringify({ service_account_id: 'a', private_key: null })],
  ])('%s', (_, text) => {
    expect(findPrivateKey(Buffer.from(text))).toBeUndefined()
  })

  test('a file that is larger than any key', () => {
    const text = pkcs8 + ' '.repeat(MAX_KEY_BYTES)
    expect(findPrivateKey(Buffer.from(text))).toBeUndefined()
  })
})

test.each([
  ['PuTTY', Buffer.from('PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n')],
  ['UTF-16', Buffer.from(`\ufeff${pkcs8}`, 'utf16le')],
  ['UTF-16 without a mark', Buffer.from(pkcs8, 'utf16le')],
  ['UTF-16, big end first', Buffer.from(`\ufeff${pkcs8}`, 'utf16le').swap16()],
  ['UTF-16, big end first, without a mark', Buffer.from(pkcs8, 'utf16le').swap16()],
  ['a file that begins with a bracket', Buffer.from(`[key]\n${pkcs8}`)],
])('a private key in the form of %s is found', (_, bytes) => {
  expect(findPrivateKey(bytes)).toBe('a private key')
})

test.each([
  ['', []],
  [', though a byte too many is at its end', [0]],
])('the key of a service account in UTF-16 is found%s', (_, more) => {
  const bytes = Buffer.from(JSON.stringify({ sa: authorizedKey }), 'utf16le')
  const found = findPrivateKey(Buffer.concat([bytes, Buffer.from(more)]))
  expect(found).toBe('the key of a service account')
})

test('JSON of any depth is looked through', () => {
  const depth = 100_000
  const text = `${'['.repeat(depth)}"private_key"${']'.repeat(depth)}`
  expect(findPrivateKey(Buffer.from(text))).toBeUndefined()
})

test('hostile text is looked through in linear time', () => {
  const begin = '-----BEGIN PRIVATE KEY-----\n'
  for (const line of ['a: b\n', 'a\n', '\\n', begin, 'A'.repeat(70) + '\n', '-----BEGIN \n']) {
    const text = Buffer.from(begin + line.repeat(900_000 / line.length))
    const start = performance.now()
    findPrivateKey(text)
    expect(performance.now() - start).toBeLessThan(1500)
  }
})
