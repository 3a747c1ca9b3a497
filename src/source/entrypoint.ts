/** Checks that the file which an entrypoint names is in the package. */

import { DeployError } from '../errors.ts'
import { showName } from './names.ts'

/**
 * Which files may hold the handler, by family of runtimes; undefined where an entrypoint does not
 * name a file of the package for certain, as for compiled packages.
 * https://yandex.cloud/en/docs/functions/concepts/function
 */
const FAMILIES: readonly {
  readonly runtime: RegExp
  readonly files: (entrypoint: string) => readonly string[]
  /** The check is for packages that have such a file. */
  readonly only?: RegExp
}[] = [
  {
    runtime: /^nodejs/,
    // A module may also be a folder with an index.
    files: (entrypoint) =>
      modules(entrypoint).flatMap((module) => [
        ...['.js', '.cjs', '.mjs'].map((extension) => module + extension),
        `${module}/index.js`,
        `${module}/package.json`,
      ]),
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
  },
  { runtime: /^php/, files: (entrypoint) => modules(entrypoint).map((module) => `${module}.php`) },
  {
    runtime: /^r\d/,
    files: (entrypoint) => modules(entrypoint).flatMap((module) => [`${module}.R`, `${module}.r`]),
  },
  {
    runtime: /^golang/,
    files: (entrypoint) => modules(entrypoint).map((module) => `${module}.go`),
    only: /\.go$/,
  },
  { runtime: /^bash/, files: (entrypoint) => [entrypoint] },
]

const NEAR_NAMES = 3

/**
 * Checks that the file of the entrypoint is among the names of the package. Runtimes whose
 * entrypoint names a class, and runtimes not known here, are never refused.
 *
 * @throws DeployError `INPUT_INVALID`, naming the entrypoint, the files it could be in, and files
 *   with a similar name.
 */
export function checkEntrypoint(
  target: { runtime: string; entrypoint: string },
  names: ReadonlySet<string>,
): void {
  const family = FAMILIES.find(({ runtime }) => runtime.test(target.runtime))
  if (family === undefined) return
  if (family.only !== undefined && ![...names].some((name) => family.only?.test(name))) return
  const entrypoint = target.entrypoint.replace(/^(?:\.\/)+/, '')
  const wanted = family.files(entrypoint)
  if (wanted.length === 0) {
    throw new DeployError(
      'INPUT_INVALID',
      `\`entrypoint\` ${showName(target.entrypoint)} is not of the form \`file.function\`, ` +
        `which ${target.runtime} needs`,
      {
        inputs: ['entrypoint'],
        hint: 'Write the file without its extension, a dot, and the function: `index.handler`.',
      },
    )
  }
  if (wanted.some((name) => names.has(name))) return
  const near = nearNames(wanted, names)
  const listed = wanted.slice(0, 3).map(showName).join(', ')
  throw new DeployError(
    'INPUT_INVALID',
    `\`entrypoint\` ${showName(target.entrypoint)}: the package has no ${listed}` +
      (near.length === 0 ? '' : `; it has ${near.map(showName).join(', ')}`),
    {
      inputs: ['entrypoint'],
      topic: 'entrypoint-not-in-package',
      hint:
        'The file is looked for from the root of the package: correct `entrypoint`, set ' +
        '`source-root` to the folder of the file, or add the file to `include`.',
    },
  )
}

/**
 * Every way to read `file.function`: the function is what follows the last dot, or one of the dots
 * before it.
 */
function modules(entrypoint: string): readonly string[] {
  const found: string[] = []
  const nameAt = entrypoint.lastIndexOf('/') + 1
  for (let at = entrypoint.length - 1; at > nameAt; at -= 1) {
    if (entrypoint[at] === '.' && at < entrypoint.length - 1) found.push(entrypoint.slice(0, at))
  }
  return found
}

/**
 * Files of the same name elsewhere or with another extension, and files whose path differs by a
 * typing error.
 */
function nearNames(wanted: readonly string[], names: ReadonlySet<string>): readonly string[] {
  const first = wanted[0] ?? ''
  const stem = baseStem(first)
  const scored: { name: string; score: number }[] = []
  for (const name of names) {
    if (name.includes('node_modules/')) continue
    if (baseStem(name) === stem) scored.push({ name, score: name.split('/').length })
    else if (Math.abs(name.length - first.length) <= 2 && distance(name, first) <= 2) {
      scored.push({ name, score: 0 })
    }
  }
  return scored
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, NEAR_NAMES)
    .map(({ name }) => name)
}

function baseStem(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
  const dot = base.lastIndexOf('.')
  return dot <= 0 ? base : base.slice(0, dot)
}

/**
 * How many characters have to be put in, left out or replaced to get from one text to the other.
 */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const put = (current[column - 1] ?? 0) + 1
      const left = (previous[column] ?? 0) + 1
      current.push(Math.min(replaced, put, left))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
