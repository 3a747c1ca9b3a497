/**
 * Names of files: which can be stored in a zip for every system, and how to show one to a person.
 */

/**
 * Why a name cannot go into the package, or undefined when it can. Windows cannot hold such names
 * and unzip programs take `\` for a separator, so that the file would arrive under another name, or
 * in another folder.
 */
export function badName(name: string): string | undefined {
  if (!/[\p{Cc}\p{Cs}\\]/u.test(name)) return undefined
  if (/\p{Cc}/u.test(name)) return 'has a control character in its name'
  // Half of a pair in UTF-16, which Windows allows, cannot be stored: all halves become one text.
  if (/\p{Cs}/u.test(name)) return 'has a name that is not valid Unicode'
  return 'has a `\\` in its name, which unzip programs take for a folder'
}

/**
 * A name as it can be printed on one line: in backticks, control characters and line breaks as
 * escapes.
 */
export function showName(name: string): string {
  const safe = name.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return `\`${safe}\``
}
