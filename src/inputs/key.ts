/** Reads an authorized key of a service account and repairs what secret stores do to it. */

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { asObject, tryParse, type JsonObject } from '../json.ts'
import type { ServiceAccountKey } from '../yandex/iam/key.ts'
import { ValueError } from './values.ts'

const HOW = 'use the whole JSON file that `yc iam key create -o key.json` writes'

/** The last group is missing if the end does not match the beginning. */
const PEM = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----([\s\S]*?)-----END( \1PRIVATE KEY-----)?/

/** Throws ValueError, whose message never contains a part of the key. */
export function parseServiceAccountKey(text: string): ServiceAccountKey {
  const json = parseJson(text)
  // `POST /iam/v1/keys` answers with nested fields in camelCase; the file has flat ones in snake_case.
  const key = asObject(json.key) ?? json
  const id = field(key, ['id'])
  const serviceAccountId = field(key, ['service_account_id', 'serviceAccountId'])
  const pem =
    field(json, ['private_key', 'privateKey']) ?? field(key, ['private_key', 'privateKey'])
  if (id === undefined || serviceAccountId === undefined || pem === undefined) {
    const missing = [
      id === undefined && 'id',
      serviceAccountId === undefined && 'service_account_id',
      pem === undefined && 'private_key',
    ].filter((name) => name !== false)
    const ofUser = field(key, ['user_account_id', 'userAccountId']) !== undefined
    throw new ValueError(
      ofUser
        ? 'is a key of a user account, which cannot sign in: create one for a service account'
        : `is JSON without ${missing.join(', ')}: ${HOW}`,
    )
  }
  return { id, serviceAccountId, privateKey: readPem(pem) }
}

/** The parts of a key that must not be printed: the lines of the private key. */
export function secretsOfKey(text: string): readonly string[] {
  const body = PEM.exec(unwrap(text))?.[2] ?? ''
  // Masking short pieces would hide unrelated text in the log.
  return [...new Set(body.split(/\\[nr]|\s/))].filter((line) => line.length >= 16)
}

/** The JSON of a file that was stored in quotes or as base64. */
function unwrap(text: string): string {
  const given = text.trim()
  const string = tryParse(given)
  if (typeof string === 'string') return string
  const quoted = /^(["'`])(\{[^]*\})\1$/.exec(given)?.[2]
  if (quoted !== undefined) return quoted
  if (!/^[\w+/=\s-]+$/.test(given)) return given
  const decoded = Buffer.from(given, 'base64').toString().trim()
  return decoded.startsWith('{') ? decoded : given
}

function parseJson(text: string): JsonObject {
  // The parser's error is dropped, because it quotes the text.
  const inner = unwrap(text)
  const json = asObject(tryParse(inner) ?? tryParse(escapeNewlines(inner)))
  if (json) return json
  throw new ValueError(
    text.includes('PRIVATE KEY')
      ? `contains a private key but is not JSON: ${HOW}, not only the PEM block`
      : `is not JSON: ${HOW}`,
  )
}

/** Some stores turn the `\\n` inside strings into real line breaks. */
function escapeNewlines(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, (string) =>
    string.replaceAll('\r', '').replaceAll('\n', '\\n'),
  )
}

function field(object: JsonObject, names: readonly string[]): string | undefined {
  const value = names.map((name) => object[name]).find((value) => value !== undefined)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function readPem(pem: string): KeyObject {
  const [, type, text, end] = PEM.exec(pem) ?? []
  if (type === undefined || text === undefined || end === undefined) {
    throw new ValueError(`has a private_key that is not a whole PEM block: ${HOW}`)
  }
  if (type.includes('ENCRYPTED')) {
    throw new ValueError(`has an encrypted private_key, which cannot sign: ${HOW}`)
  }
  // Line breaks may have become `\n` in two characters, spaces, or indented lines.
  const body = text.replace(/\\[nr]|\s/g, '')
  const lines = body.match(/.{1,64}/g) ?? []
  const label = `${type}PRIVATE KEY`
  try {
    const key = createPrivateKey(
      [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'),
    )
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    throw new ValueError(`has a private_key that is damaged: ${HOW}`)
  }
  throw new ValueError('has a private_key that is not RSA, the only type that IAM accepts')
}
