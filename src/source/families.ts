/** Which files of a package an entrypoint names, by family of runtimes. */

/** Runtimes of one language. */
export interface Family {
  readonly runtime: RegExp
  /** Which files may hold the handler. */
  readonly files: (entrypoint: string) => readonly string[]
  /** Extensions of sources, in lower case, none of which is the name of a function. */
  readonly extensions?: readonly string[]
  /** What entrypoints look like. */
  readonly example: string
  /** The check is for packages that have such a file. */
  readonly only?: RegExp
  /** No check for packages that have such a file. */
  readonly unless?: RegExp
}

/**
 * The families of runtimes whose entrypoint names a file of the package for certain; compiled
 * packages are none of them.
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

/** The family of a runtime; undefined for one whose entrypoint names no file for certain. */
export function findFamily(runtime: string): Family | undefined {
  return FAMILIES.find((family) => family.runtime.test(runtime))
}

/**
 * Every way to read `file.function`: the function is what follows the last dot, or one of the dots
 * before it.
 */
function modules(entrypoint: string): readonly string[] {
  const found: string[] = []
  const nameAt = entrypoint.lastIndexOf('/') + 1
  for (let at = entrypoint.length - 1; at > nameAt; at--) {
    if (entrypoint[at] === '.' && at < entrypoint.length - 1) found.push(entrypoint.slice(0, at))
  }
  return found
}
