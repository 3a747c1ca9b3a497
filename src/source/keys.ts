/** Recognises files that are private keys. */

/**
 * Larger files are not looked into: a key with its chain of certificates and its text form takes a
 * few kilobytes.
 */
export const MAX_KEY_BYTES = 1 << 20

const PEM_MARK = Buffer.from('PRIVATE KEY')
const PUTTY_MARK = Buffer.from('PuTTY-User-Key-File-')
const JSON_MARKS = [Buffer.from('private_key'), Buffer.from('privateKey')]
/** The first characters of a JSON object and of a list. */
const BRACKETS = [0x7b, 0x5b]

const BEGIN_LINE = /^-----BEGIN ([A-Z0-9 ]+)-----$/
const PRIVATE_LABEL = /(?:^| )PRIVATE KEY(?: BLOCK)?$/
const BODY_LINE = /^[A-Za-z0-9+/=]*$/
/** Old encrypted keys and PGP say more about the key between its first line and its body. */
const HEADER_LINE = /^[A-Za-z][A-Za-z-]*: /
/** The shortest key there is, an Ed25519 one, has 64 characters of Base64. */
const MIN_BODY_CHARS = 40

/**
 * Says what kind of key a file is, or undefined when it is none. Three forms count: a PEM file with
 * a private key, encrypted or not, a key of PuTTY, and JSON with an object that has `private_key` or
 * `privateKey`, such as the authorized key of a service account. The text may be UTF-16.
 *
 * A program, a test or a text that has a key in it is not a key file: the PEM blocks must begin
 * lines, be whole, and make up the file: begin it, end it (after `openssl -text`), or be half of
 * it.
 */
export function findPrivateKey(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_KEY_BYTES) return undefined
  const text = decodeUtf16(bytes)
  if (text !== undefined) return findPrivateKey(Buffer.from(text))
  if (bytes.subarray(0, PUTTY_MARK.length).equals(PUTTY_MARK)) return 'a private key'
  const isMentioned = startsAsJson(bytes) && JSON_MARKS.some((mark) => bytes.includes(mark))
  if (isMentioned && hasKeyObject(bytes.toString())) return 'the key of a service account'
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
  // Some secret stores leave line breaks as two characters.
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

function startsAsJson(bytes: Buffer): boolean {
  for (const byte of bytes.subarray(0, 64)) {
    if (BRACKETS.includes(byte)) return true
    // Space, tab, line breaks, and the three bytes of a byte order mark.
    if (![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte)) return false
  }
  return false
}

/** The text of a file in UTF-16, as `>` of Windows PowerShell writes it; undefined for any other. */
function decodeUtf16(bytes: Buffer): string | undefined {
  const [first, second] = [bytes[0], bytes[1]]
  const isLittle = (first === 0xff && second === 0xfe) || (second === 0 && bytes[3] === 0 && first)
  if (isLittle) return bytes.toString('utf16le').replace(/^\uFEFF/, '')
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && bytes[2] === 0 && second)
  if (!isBig) return undefined
  const swapped = Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
  return swapped.toString('utf16le').replace(/^\uFEFF/, '')
}

/**
 * Whether JSON has, at any depth, what `yc iam key create` writes, the answer of the API it comes
 * from, or the like of another cloud.
 */
function hasKeyObject(text: string): boolean {
  const open: unknown[] = []
  try {
    open.push(JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch {
    return false
  }
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value) && isKeyObject(value as Record<string, unknown>)) return true
    for (const item of Object.values(value)) open.push(item)
  }
  return false
}

function isKeyObject(value: Readonly<Record<string, unknown>>): boolean {
  const key = value.private_key ?? value.privateKey
  if (typeof key !== 'string' || key === '') return false
  const about = isRecord(value.key) ? value.key : value
  const names = ['service_account_id', 'serviceAccountId', 'user_account_id', 'userAccountId']
  return key.includes('PRIVATE KEY') || names.some((name) => typeof about[name] === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
