/** Which files of a package an entrypoint may refer to, by family of runtimes. */

/** Runtimes of one language. */
export interface Family {
  readonly runtime: RegExp
  /** Files that may contain the handler. */
  readonly files: (entrypoint: string) => readonly string[]
  /** Extensions of sources, in lower case: a function cannot have such a name. */
  readonly extensions?: readonly string[]
  /** A typical entrypoint. */
  readonly example: string
  /** Only packages with such a file are checked. */
  readonly only?: RegExp
  /** Packages with such a file are not checked. */
  readonly unless?: RegExp
}

/**
 * The families of runtimes whose entrypoint always refers to a file of the package; compiled ones are not among them.
 * https://yandex.cloud/en/docs/functions/concepts/function
 */
const FAMILIES: readonly Family[] = [
  {
    runtime: /^nodejs/,
    // A module may also be a folder with an index.
    files: (entrypoint) =>
      modules(entrypoint).flatMap((module) => [
        ...['.js', '.cjs', '.mjs'].map((extension) => module + extension),
        `${module}/index.js`,
        `${module}/package.json`,
      ]),
    extensions: ['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'],
    example: 'index.handler',
  },
  {
    runtime: /^python/,
    files: (entrypoint) =>
      modules(entrypoint).flatMap((module) => [
        `${module}.py`,
        `${module}.pyc`,
        `${module}/__init__.py`,
        `${module.replaceAll('.', '/')}.py`,
      ]),
    extensions: ['py', 'pyc'],
    example: 'main.handler',
  },
  {
    runtime: /^php/,
    files: (entrypoint) => modules(entrypoint).map((module) => `${module}.php`),
    extensions: ['php'],
    example: 'index.handler',
  },
  {
    runtime: /^r\d/,
    files: (entrypoint) => modules(entrypoint).flatMap((module) => [`${module}.R`, `${module}.r`]),
    extensions: ['r'],
    example: 'handler.handler',
  },
  {
    runtime: /^golang/,
    files: (entrypoint) => modules(entrypoint).map((module) => `${module}.go`),
    extensions: ['go'],
    example: 'index.Handler',
    only: /\.go$/,
    // The part before the dot need not be a file: `main.WebHandler` may be in `web_handler.go`.
    unless: /^[^/]*\.go$/,
  },
  { runtime: /^bash/, files: (entrypoint) => [entrypoint], example: 'handler.sh' },
]

/** The family of a runtime; undefined if its entrypoint may not refer to a file. */
export function findFamily(runtime: string): Family | undefined {
  return FAMILIES.find((family) => family.runtime.test(runtime))
}

/** Every possible `file` in `file.function`: the part before the last dot, or before an earlier one. */
function modules(entrypoint: string): readonly string[] {
  const found: string[] = []
  const nameAt = entrypoint.lastIndexOf('/') + 1
  for (let at = entrypoint.length - 1; at > nameAt; at--) {
    if (entrypoint[at] === '.' && at < entrypoint.length - 1) found.push(entrypoint.slice(0, at))
  }
  return found
}
