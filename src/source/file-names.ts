/** Names of files: which ones a zip can contain on every system, and how to print one. */

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
