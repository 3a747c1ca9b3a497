/** Checks that the file of an entrypoint is in the package. */

import path from 'node:path'
import { DeployError } from '../errors.ts'
import { nearest } from '../suggest.ts'
import { filesOf, findFamily } from './families.ts'
import { showName } from './file-names.ts'

const NEAR_NAMES = 3

/** The names of a package. */
export interface PackedNames {
  readonly names: ReadonlySet<string>
  /** Why a file of the workspace is not in the package; undefined if there is no such file. */
  readonly whyMissing?: (name: string) => string | undefined
}

/**
 * Checks that the file of the entrypoint is in the package. Does nothing for a runtime whose entrypoint is a class, and
 * for an unknown runtime. Throws DeployError `INPUT_INVALID`.
 */
export function checkEntrypoint(
  target: { runtime: string; entrypoint: string },
  packed: PackedNames,
): void {
  const { names } = packed
  const family = findFamily(target.runtime)
  const has = (form: RegExp): boolean => [...names].some((name) => form.test(name))
  if (family === undefined || (family.only && !has(family.only))) return
  const { endings = [], sources = [], example } = family
  const shown = `\`entrypoint\` ${showName(target.entrypoint)}`
  const write = 'Write the file without its extension, a dot, and the function:'
  const entrypoint = target.entrypoint.replace(/^(?:\.\/)+/, '')
  const wanted = filesOf(family, entrypoint)
  if (wanted.length === 0) {
    throw invalid(
      `${shown} is not of the form \`file.function\`, which ${target.runtime} needs`,
      `${write} \`${example}\`.`,
    )
  }
  const isThere = wanted.some((name) => names.has(name))
  const dot = entrypoint.lastIndexOf('.')
  const isFile = names.has(entrypoint) || (isThere && family.unless === undefined)
  // A function cannot have such a name.
  if ([...endings, ...sources].includes(entrypoint.slice(dot).toLowerCase()) && isFile) {
    const form = showName(entrypoint.slice(0, dot) + example.slice(example.indexOf('.')))
    throw invalid(`${shown} names a file, not a function in it`, `${write} ${form}.`)
  }
  if (isThere || (family.unless && has(family.unless))) return
  const listed = wanted.slice(0, 3).map(showName).join(', ')
  const { fact, hint } = explain({ wanted, sources }, packed)
  throw invalid(`${shown}: the package has no ${listed}${fact === '' ? '' : `; ${fact}`}`, hint)
}

function invalid(message: string, hint: string): DeployError {
  return new DeployError('INPUT_INVALID', message, {
    inputs: ['entrypoint'],
    topic: 'entrypoint-not-in-package',
    hint,
  })
}

/** Why none of the files is in the package, and what to do. */
function explain(
  { wanted, sources }: { wanted: readonly string[]; sources: readonly string[] },
  { names, whyMissing }: PackedNames,
): { fact: string; hint: string } {
  for (const name of wanted) {
    const reason = whyMissing?.(name)
    if (reason === undefined) continue
    const fact = `${showName(name)} is in the workspace, but ${reason}`
    return { fact, hint: 'Correct `include` and `exclude` so that the file is included.' }
  }
  const folded = new Map([...names].map((name) => [name.toLowerCase(), name]))
  const otherCase = wanted.map((name) => folded.get(name.toLowerCase())).find((name) => name)
  if (otherCase !== undefined) {
    const fact = `it has ${showName(otherCase)}: upper and lower case differ`
    return { fact, hint: 'Write `entrypoint` with the case of the file name.' }
  }
  const folder = onlyFolder(names)
  const below = wanted.find((name) => folder !== '' && names.has(folder + name))
  if (below !== undefined) {
    return {
      fact: `everything in it is in the folder ${showName(folder)}`,
      hint: whyMissing
        ? 'Set `source-root` to that folder.'
        : 'Zip the content of that folder, not the folder itself.',
    }
  }
  const [first = ''] = wanted
  const stem = first.slice(0, -path.posix.extname(first).length)
  const source = sources.map((extension) => stem + extension).find((name) => names.has(name))
  if (source !== undefined) {
    return {
      fact: `it has ${showName(source)}`,
      hint: 'Compile it in a step before this one: Yandex Cloud does not run TypeScript.',
    }
  }
  const near = nearNames(first, names)
  return {
    fact: near.length === 0 ? '' : `it has ${near.map(showName).join(', ')}`,
    hint:
      'The path of the file starts at the root of the package: correct `entrypoint`, set ' +
      '`source-root` to the folder of the file, or add the file to `include`.',
  }
}

/** The only top-level folder, with its `/`; empty if there is another folder or file. */
function onlyFolder(names: ReadonlySet<string>): string {
  const tops = new Set([...names].map((name) => name.slice(0, name.indexOf('/') + 1)))
  // macOS adds this folder to a zip.
  tops.delete('__MACOSX/')
  const [folder = ''] = tops
  return tops.size === 1 ? folder : ''
}

/** Files whose path differs by a typo, then files of the same name in other folders. */
function nearNames(wanted: string, names: ReadonlySet<string>): readonly string[] {
  const own = [...names].filter((name) => !name.includes('node_modules/'))
  const typed = nearest(
    wanted,
    own.filter(({ length }) => Math.abs(length - wanted.length) <= 2),
  )
  const stem = (name: string): string => path.posix.parse(name).name.toLowerCase()
  const depth = (name: string): number => name.split('/').length
  const same = own
    .filter((name) => stem(name) === stem(wanted))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
  return [...new Set([...typed, ...same])].slice(0, NEAR_NAMES)
}
