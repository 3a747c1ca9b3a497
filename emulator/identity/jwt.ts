/** JSON Web Tokens: signing and strict reading, for IAM keys (PS256) and GitHub's tokens (RS256). */

import { constants, generateKeyPair, sign, verify, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** An RSA key pair. */
export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const pairs = new Map<string, Promise<KeyPair>>()

/** The process's RSA pair for a purpose; made once, as making one takes a good part of a second. */
export function keyPair(purpose: string): Promise<KeyPair> {
  const pair = pairs.get(purpose) ?? generate('rsa', { modulusLength: 2048 })
  pairs.set(purpose, pair)
  return pair
}

/** A token taken apart; nothing in it is checked yet. */
export interface DecodedJwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signed: Buffer
  readonly signature: Buffer
}

/** Takes a token apart; undefined when it is not one. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token)
  if (!parts) return undefined
  const [, header = '', claims = '', signature = ''] = parts
  const head = parseObject(header)
  const body = parseObject(claims)
  if (!head || !body) return undefined
  return {
    header: head,
    claims: body,
    signed: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function parseObject(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? { ...json }
      : undefined
  } catch {
    return undefined
  }
}

/** Whether the signature is PS256 with a salt as long as the digest, the only kind that IAM takes. */
export function isPs256(jwt: DecodedJwt, key: KeyObject): boolean {
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return verify('sha256', jwt.signed, options, jwt.signature)
}

/** Whether the signature is RS256. */
export function isRs256(jwt: DecodedJwt, key: KeyObject): boolean {
  return verify('sha256', jwt.signed, key, jwt.signature)
}

/** A token signed with RS256, as GitHub's are. */
export function signRs256(
  claims: object,
  { kid, key }: { readonly kid: string; readonly key: KeyObject },
): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', kid })}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}
