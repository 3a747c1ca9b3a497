/** Recognises files that are private keys. */

/**
 * Larger files are not looked into: a key with its chain of certificates and its text form takes a
 * few kilobytes.
 */
export const MAX_KEY_BYTES = 1 << 20

const PEM_MARK = Buffer.from('PRIVATE KEY')
const JSON_MARKS = [Buffer.from('private_key'), Buffer.from('privateKey')]
const BRACE = 0x7b

/**
 * A whole PEM block that begins a line: its label, its body in Base64 (with the header lines of old
 * encrypted keys and of PGP), and the end line. The line breaks may be the two characters `\n`, as
 * some secret stores leave them.
 */
const PEM_BLOCK =
  /^[ \t]*-----BEGIN ([A-Z0-9 ]+)-----((?:[A-Za-z0-9+/=\s]|\\[rn]|[A-Za-z-]+: [^\n\\]*)+)-----END \1-----/gm
const PRIVATE_LABEL = /(?:^| )PRIVATE KEY(?: BLOCK)?$/
/** The shortest key there is, an Ed25519 one, has 64 characters of Base64. */
const MIN_BODY_CHARS = 40

/**
 * Says what kind of key a file is, or undefined when it is none. Two forms count: a PEM file with a
 * private key, encrypted or not, and a JSON object with `private_key` or `privateKey`, such as the
 * authorized key of a service account.
 *
 * A program, a test or a text that has a key in it is not a key file: the PEM blocks must begin
 * lines, be whole, and make up the file: come first in it, or be at least half of it.
 */
export function findPrivateKey(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_KEY_BYTES) return undefined
  if (startsWithBrace(bytes)) {
    const mentioned = JSON_MARKS.some((mark) => bytes.includes(mark))
    return mentioned && isKeyObject(bytes.toString()) ? 'the key of a service account' : undefined
  }
  return bytes.includes(PEM_MARK) && isPemFile(bytes.toString()) ? 'a private key' : undefined
}

function isPemFile(content: string): boolean {
  const text = content.replace(/^\uFEFF/, '')
  let pemChars = 0
  let firstAt: number | undefined
  let hasKey = false
  for (const match of text.matchAll(PEM_BLOCK)) {
    const [block, label = '', body = ''] = match
    pemChars += countInk(block)
    firstAt ??= match.index
    if (PRIVATE_LABEL.test(label) && countInk(body) >= MIN_BODY_CHARS) hasKey = true
  }
  if (!hasKey || firstAt === undefined) return false
  return text.slice(0, firstAt).trim() === '' || pemChars * 2 >= countInk(text)
}

function countInk(text: string): number {
  return text.replaceAll(/\s+/g, '').length
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
