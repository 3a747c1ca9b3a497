/** Recognises files that are private keys. */

/**
 * Larger files are not looked into: a key with its chain of certificates and its text form takes a
 * few kilobytes.
 */
export const MAX_KEY_BYTES = 1 << 20

const PEM_MARK = Buffer.from('PRIVATE KEY')
const PUTTY_MARK = Buffer.from('PuTTY-User-Key-File-')
const JSON_MARKS = [Buffer.from('private_key'), Buffer.from('privateKey')]
const BRACE = 0x7b

const BEGIN_LINE = /^-----BEGIN ([A-Z0-9 ]+)-----$/
const PRIVATE_LABEL = /(?:^| )PRIVATE KEY(?: BLOCK)?$/
const BODY_LINE = /^[A-Za-z0-9+/=]*$/
/** Old encrypted keys and PGP say more about the key between its first line and its body. */
const HEADER_LINE = /^[A-Za-z][A-Za-z-]*: /
/** The shortest key there is, an Ed25519 one, has 64 characters of Base64. */
const MIN_BODY_CHARS = 40

/**
 * Says what kind of key a file is, or undefined when it is none. Three forms count: a PEM file with
 * a private key, encrypted or not, a key of PuTTY, and a JSON object with `private_key` or `privateKey`, such as the
 * authorized key of a service account.
 *
 * A program, a test or a text that has a key in it is not a key file: the PEM blocks must begin
 * lines, be whole, and make up the file: begin it, end it (after `openssl -text`), or be half of
 * it.
 */
export function findPrivateKey(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_KEY_BYTES) return undefined
  // What `>` of Windows PowerShell writes.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return findPrivateKey(Buffer.from(bytes.subarray(2).toString('utf16le')))
  }
  if (bytes.subarray(0, PUTTY_MARK.length).equals(PUTTY_MARK)) return 'a private key'
  if (startsWithBrace(bytes)) {
    const mentioned = JSON_MARKS.some((mark) => bytes.includes(mark))
    return mentioned && isKeyObject(bytes.toString()) ? 'the key of a service account' : undefined
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

function startsWithBrace(bytes: Buffer): boolean {
  for (const byte of bytes.subarray(0, 64)) {
    if (byte === BRACE) return true
    // Space, tab, line breaks, and the three bytes of a byte order mark.
    if (![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte)) return false
  }
  return false
}

/**
 * The file that `yc iam key create` writes, the answer of the API it comes from, and other clouds'
 * likes of it.
 */
function isKeyObject(text: string): boolean {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return false
  }
  if (!isRecord(value)) return false
  const key = value.private_key ?? value.privateKey
  if (typeof key !== 'string' || key === '') return false
  const about = isRecord(value.key) ? value.key : value
  const names = ['service_account_id', 'serviceAccountId', 'user_account_id', 'userAccountId']
  return key.includes('PRIVATE KEY') || names.some((name) => typeof about[name] === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
