/** Which files of a package an entrypoint may refer to, by family of runtimes. */

/** Runtimes of one language. */
export interface Family {
  readonly runtime: RegExp
  /** What follows `file` in the names of files that may contain `file.function`; undefined if the entrypoint is a file. */
  readonly endings?: readonly string[]
  /** Whether `a.b` may also be the file `b` in the folder `a`. */
  readonly hasPackages?: true
  /** Extensions of files that must be compiled first. */
  readonly sources?: readonly string[]
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
    endings: ['.js', '.cjs', '.mjs', '/index.js', '/package.json'],
    sources: ['.ts', '.tsx', '.cts', '.mts'],
    example: 'index.handler',
  },
  {
    runtime: /^python/,
    endings: ['.py', '.pyc', '/__init__.py'],
    hasPackages: true,
    example: 'main.handler',
  },
  { runtime: /^php/, endings: ['.php'], example: 'index.handler' },
  { runtime: /^r\d/, endings: ['.R', '.r'], example: 'handler.handler' },
  {
    runtime: /^golang/,
    endings: ['.go'],
    example: 'index.Handler',
    only: /\.go$/,
    // The part before the dot need not be a file: `main.WebHandler` may be in `web_handler.go`.
    unless: /^[^/]*\.go$/,
  },
  { runtime: /^bash/, example: 'handler.sh' },
]

/** The family of a runtime; undefined if its entrypoint may not refer to a file. */
export function findFamily(runtime: string): Family | undefined {
  return FAMILIES.find((family) => family.runtime.test(runtime))
}

/** The files that may contain the handler, the likeliest first; none if the entrypoint is not of the right form. */
export function filesOf({ endings, hasPackages }: Family, entrypoint: string): readonly string[] {
  if (endings === undefined) return [entrypoint]
  return modules(entrypoint)
    .flatMap((module) => (hasPackages ? [module, module.replaceAll('.', '/')] : [module]))
    .flatMap((module) => endings.map((ending) => module + ending))
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
