/** Decides which private keys among the files of a package are rejected. */

import { MAX_LISTED_PROBLEMS } from '../text.ts'

/** A file that is a private key. */
export interface FoundKey {
  readonly name: string
  /** Such as `a private key`. */
  readonly kind: string
}

/**
 * Rejects the keys that no line of `exclude` or `.ycignore` includes by name. Those in installed packages, mostly of their
 * tests, are deployed with a warning, in which `how` says how to get rid of them.
 */
export function judgeKeys(
  keys: readonly FoundKey[],
  { reincluded, how }: { reincluded?: ReadonlySet<string> | undefined; how: string },
): { rejected: readonly FoundKey[]; warnings: readonly string[] } {
  const unwanted = keys.filter(({ name }) => !reincluded?.has(patternOf(name).replace(/^\.\//, '')))
  const installed = unwanted.filter(({ name }) => /(?:^|\/)node_modules\//.test(name))
  const what = installed.length === 1 ? 'a private key' : `${installed.length} private keys`
  const warning = `The package contains ${what} of installed packages. ${how}\n${excludeLines(installed)}`
  return {
    rejected: unwanted.filter((key) => !installed.includes(key)),
    warnings: installed.length === 0 ? [] : [warning],
  }
}

/** The lines of `exclude` for these keys. */
export function excludeLines(keys: readonly FoundKey[]): string {
  const lines = keys.slice(0, MAX_LISTED_PROBLEMS).map(({ name }) => patternOf(name))
  if (keys.length > MAX_LISTED_PROBLEMS) {
    lines.push(`# and ${keys.length - MAX_LISTED_PROBLEMS} more`)
  }
  return lines.join('\n')
}

/** The pattern that matches the file of that name. */
export function patternOf(name: string): string {
  // A brace cannot be escaped on Windows; a leading `!` or `#` has a meaning.
  return name.replaceAll('{', '?').replace(/^(?=[!#])/, './')
}
