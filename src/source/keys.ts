/** Recognises files that are private keys. */

import { asObject, tryParse, type JsonObject } from '../json.ts'

/** Larger files are not checked: a key with its certificates and its text form has a few kilobytes. */
export const MAX_KEY_BYTES = 1 << 20

const PEM_MARK = Buffer.from('PRIVATE KEY')
const PUTTY_MARK = Buffer.from('PuTTY-User-Key-File-')
const JSON_MARKS = [Buffer.from('private_key'), Buffer.from('privateKey')]
/** The beginning of a JSON object or list, maybe after a byte order mark, as Latin-1. */
const JSON_START = /^(?:\xef\xbb\xbf)?[ \t\r\n]*[{[]/

const BEGIN_LINE = /^-----BEGIN ([A-Z0-9 ]+)-----$/
const PRIVATE_LABEL = /(?:^| )PRIVATE KEY(?: BLOCK)?$/
const BODY_LINE = /^[A-Za-z0-9+/=]*$/
/** Old encrypted keys and PGP keys have headers between the first line and the body. */
const HEADER_LINE = /^[A-Za-z][A-Za-z-]*: /
/** The shortest keys, Ed25519 ones, have 64 characters of Base64. */
const MIN_BODY_CHARS = 40

/**
 * The kind of private key that a file is, or undefined. Three forms are recognised: a PEM file with a private key,
 * encrypted or not, a PuTTY key, and JSON with an object that has `private_key` or `privateKey`, such as the authorized
 * key of a service account. The text may be UTF-16.
 *
 * A program, a test or a document that contains a key is not a key file: the PEM blocks must be complete, on lines of
 * their own, and at the start of the file, at its end (after `openssl -text`), or at least half of it.
 */
export function findPrivateKey(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_KEY_BYTES) return undefined
  const text = decodeUtf16(bytes)
  if (text !== undefined) return findPrivateKey(Buffer.from(text))
  if (bytes.subarray(0, PUTTY_MARK.length).equals(PUTTY_MARK)) return 'a private key'
  const isJson = JSON_START.test(bytes.toString('latin1', 0, 64))
  if (isJson && JSON_MARKS.some((mark) => bytes.includes(mark)) && hasKeyObject(bytes.toString())) {
    return 'the key of a service account'
  }
  return bytes.includes(PEM_MARK) && isPemFile(bytes.toString()) ? 'a private key' : undefined
}

interface PemBlock {
  readonly label: string
  readonly isFirst: boolean
  /** Characters of all its lines so far. */
  chars: number
  bodyChars: number
}

function isPemFile(content: string): boolean {
  // Some secret stores write line breaks as `\n`, two characters.
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r|(?:\\r)?\\n/)
  let block: PemBlock | undefined
  let chars = 0
  let pemChars = 0
  let hasKey = false
  let isFirst = false
  let isLast = false
  for (const untrimmed of lines) {
    const line = untrimmed.trim()
    const label = BEGIN_LINE.exec(line)?.[1]
    if (label !== undefined) block = { label, isFirst: chars === 0, chars: 0, bodyChars: 0 }
    chars += line.length
    if (line !== '') isLast = false
    if (block === undefined) continue
    block.chars += line.length
    if (label !== undefined) continue
    if (line === `-----END ${block.label}-----`) {
      pemChars += block.chars
      isFirst ||= block.isFirst
      isLast = true
      hasKey ||= PRIVATE_LABEL.test(block.label) && block.bodyChars >= MIN_BODY_CHARS
      block = undefined
    } else if (BODY_LINE.test(line)) block.bodyChars += line.length
    else if (block.bodyChars > 0 || !HEADER_LINE.test(line)) block = undefined
  }
  return hasKey && (isFirst || isLast || pemChars * 2 >= chars)
}

/** The text of a file in UTF-16, as `>` of Windows PowerShell writes it; undefined for any other. */
function decodeUtf16(bytes: Buffer): string | undefined {
  const [first, second] = [bytes[0], bytes[1]]
  const isLittle = (first === 0xff && second === 0xfe) || (second === 0 && bytes[3] === 0 && first)
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && bytes[2] === 0 && second)
  if (!isLittle && !isBig) return undefined
  // An odd byte at the end would become a character, and JSON that ends with one cannot be read.
  const even = bytes.subarray(0, bytes.length & ~1)
  return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(even)
}

/** Whether JSON contains, at any depth, a key as `yc iam key create` or the API writes it, or one of another cloud. */
function hasKeyObject(text: string): boolean {
  const open = [tryParse(text.replace(/^\uFEFF/, ''))]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const object = asObject(value)
    if (object && isKeyObject(object)) return true
    for (const item of Object.values(value)) open.push(item)
  }
  return false
}

function isKeyObject(value: JsonObject): boolean {
  const key = value.private_key ?? value.privateKey
  if (typeof key !== 'string' || key === '') return false
  const about = asObject(value.key) ?? value
  const names = ['service_account_id', 'serviceAccountId', 'user_account_id', 'userAccountId']
  return key.includes('PRIVATE KEY') || names.some((name) => typeof about[name] === 'string')
}
