/** A throw-away certificate authority, made with nothing but `node:crypto`, so that no tool has to be installed. */

import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A new authority with one server certificate for these DNS names; both are valid for a day. */
export function makeCertificates(dnsNames: readonly string[]): {
  readonly ca: string
  readonly server: Certificate
} {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = commonName('Throw-away CA')
  const ca = certify({
    issuer,
    subject: issuer,
    publicKey: authority.publicKey,
    signer: authority.privateKey,
    extensions: [
      extension(BASIC_CONSTRAINTS, sequence(tlv(0x01, Buffer.from([0xff])))),
      extension(KEY_USAGE, tlv(0x03, Buffer.from([0x02, 0x04]))),
    ],
  })
  const cert = certify({
    issuer,
    subject: commonName('Throw-away server'),
    publicKey: server.publicKey,
    signer: authority.privateKey,
    extensions: [
      extension(
        SUBJECT_ALT_NAME,
        sequence(...dnsNames.map((name) => tlv(0x82, Buffer.from(name)))),
      ),
    ],
  })
  const key = server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { ca, server: { cert, key } }
}

interface Template {
  readonly issuer: Buffer
  readonly subject: Buffer
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

/** Object identifiers, encoded. */
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))
const COMMON_NAME = oid('550403')
const BASIC_CONSTRAINTS = oid('551d13')
const KEY_USAGE = oid('551d0f')
const SUBJECT_ALT_NAME = oid('551d11')

const DAY_MS = 86_400_000

/** The structure of RFC 5280, section 4.1, version 3. */
function certify({ issuer, subject, publicKey, signer, extensions }: Template): string {
  const now = Date.now()
  const content = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    issuer,
    sequence(time(now - DAY_MS / 24), time(now + DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', content, signer)
  const der = sequence(
    content,
    ECDSA_SHA256,
    tlv(0x03, Buffer.concat([Buffer.from([0]), signature])),
  )
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from(name)))))
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, tlv(0x04, value))
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')
  return tlv(0x18, Buffer.from(text))
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts))
}

/** Tag, length, value of DER. */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), value])
}
