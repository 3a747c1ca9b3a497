/** Decides which private keys among the files of a package are rejected. */

import { MAX_LISTED_PROBLEMS } from '../text.ts'

/** A file that is a private key. */
export interface FoundKey {
  readonly name: string
  /** Such as `a private key`. */
  readonly kind: string
}

export interface JudgedKeys {
  /** Keys that must not be deployed. */
  readonly rejected: readonly FoundKey[]
  /** Keys in installed packages, mostly of their tests, which are deployed with a warning. */
  readonly tolerated: readonly FoundKey[]
}

/** Judges the keys that no line of `exclude` or `.ycignore` includes by name. */
export function judgeKeys(
  keys: readonly FoundKey[],
  reincluded: ReadonlySet<string> = new Set(),
): JudgedKeys {
  const unwanted = keys.filter(({ name }) => !reincluded.has(patternOf(name).replace(/^\.\//, '')))
  return {
    rejected: unwanted.filter(({ name }) => !isInstalled(name)),
    tolerated: unwanted.filter(({ name }) => isInstalled(name)),
  }
}

/** A warning about keys that are deployed, with the lines that exclude them; none if there is no key. */
export function warnOfKeys(keys: readonly FoundKey[], how: string): readonly string[] {
  if (keys.length === 0) return []
  const what = keys.length === 1 ? 'a private key' : `${keys.length} private keys`
  return [`The package contains ${what} of installed packages. ${how}\n${excludeLines(keys)}`]
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

function isInstalled(name: string): boolean {
  return /(?:^|\/)node_modules\//.test(name)
}
