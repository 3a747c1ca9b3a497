/** Words about files: how to print a name, which names a zip can contain, and why a file cannot be read. */

import { fieldsOf } from '../json.ts'

/**
 * Why a name cannot be in a package, as the end of a sentence; undefined if it can. Windows does not allow such names, and
 * unzip programs treat `\` as a separator, so the file would get another name or another folder.
 */
export function badName(name: string): string | undefined {
  if (!/[\p{Cc}\p{Cs}\\]/u.test(name)) return undefined
  if (/\p{Cc}/u.test(name)) return 'has a control character in its name'
  // A lone surrogate, which Windows allows, is not valid in UTF-8.
  if (/\p{Cs}/u.test(name)) return 'has a name that is not valid Unicode'
  return 'has a `\\` in its name, which unzip programs treat as a folder separator'
}

/** A name on one line: in backticks, with control characters and line breaks escaped. */
export function showName(name: string): string {
  const safe = name.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return `\`${safe}\``
}

/** The `code` of a file system error, such as `ENOENT`; undefined for anything else. */
export function fsCode(error: unknown): string | undefined {
  const { code } = fieldsOf(error)
  return typeof code === 'string' ? code : undefined
}

/** Whether an error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(fsCode(error) ?? '')
}

/** The end of a sentence about a file. */
export const NOT_UTF8 = 'has a name that is not valid UTF-8'

/** The end of a sentence about a file, such as `cannot be read: permission denied (EACCES)`. */
export function describeFsError(error: unknown, name = ''): string {
  const code = fsCode(error)
  if (code === undefined) return `cannot be read: ${String(error)}`
  // A name that is not UTF-8 arrives with replacement characters, so the file is not found.
  if (code === 'ENOENT' && name.includes('\uFFFD')) return NOT_UTF8
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'it does not exist',
    ENOTDIR: 'it does not exist',
    ELOOP: 'a link that leads to itself',
    EISDIR: 'it is a folder',
  }
  const reason = reasons[code]
  return reason === undefined ? `cannot be read (${code})` : `cannot be read: ${reason} (${code})`
}
