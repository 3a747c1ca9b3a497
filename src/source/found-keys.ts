/** Decides what becomes of private keys among the files of a package. */

/** A file that is a private key. */
export interface FoundKey {
  readonly name: string
  /** What it is: `a private key`. */
  readonly kind: string
}

export interface JudgedKeys {
  /** Keys that must not go in. */
  readonly refused: readonly FoundKey[]
  /** Keys in installed packages, mostly of their test suites, which are shipped with a warning. */
  readonly tolerated: readonly FoundKey[]
}

/** More lines than this help nobody: whole folders are wrong then. */
const MAX_LINES = 50

/** Sorts out the keys that nobody took back by name. */
export function judgeKeys(
  keys: readonly FoundKey[],
  takenBack: ReadonlySet<string> = new Set(),
): JudgedKeys {
  const unwanted = keys.filter(({ name }) => !takenBack.has(patternOf(name).replace('./', '')))
  return {
    refused: unwanted.filter(({ name }) => !isInstalled(name)),
    tolerated: unwanted.filter(({ name }) => isInstalled(name)),
  }
}

/** A warning about keys that are shipped, with the lines that leave them out; none for no key. */
export function warnOfKeys(keys: readonly FoundKey[], how: string): readonly string[] {
  if (keys.length === 0) return []
  const what = keys.length === 1 ? 'a private key' : `${keys.length} private keys`
  return [`The package contains ${what} of installed packages. ${how}\n${excludeLines(keys)}`]
}

/** The lines of `exclude` that leave the keys out. */
export function excludeLines(keys: readonly FoundKey[]): string {
  const lines = keys.slice(0, MAX_LINES).map(({ name }) => patternOf(name))
  if (keys.length > MAX_LINES) lines.push(`# and ${keys.length - MAX_LINES} more`)
  return lines.join('\n')
}

/** The pattern that means the file of that name. */
export function patternOf(name: string): string {
  // A brace cannot be escaped on Windows; a name cannot begin with a mark.
  return name.replaceAll('{', '?').replace(/^(?=[!#])/, './')
}

function isInstalled(name: string): boolean {
  return /(?:^|\/)node_modules\//.test(name)
}
