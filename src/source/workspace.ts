/** Finds what inputs name in the workspace: nothing outside of it is ever read. */

import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { DeployError } from '../errors.ts'
import { nearest } from '../suggest.ts'
import { describeFsError, isMissing, showName } from './file-names.ts'

/** What each input must be. */
const KINDS = {
  'source-root': { is: 'isDirectory', what: 'a folder', topic: undefined },
  package: { is: 'isFile', what: 'a file', topic: 'ready-zip-missing' },
} as const

/** A file or folder of the workspace. */
export interface Found {
  /** The real path, without links in it, as that of the workspace. */
  readonly real: string
  readonly workspace: string
  /** The real path below the workspace. */
  readonly name: string
  /** The path below the workspace by which it was named; undefined where that leads there from outside. */
  readonly named: string | undefined
  /** The input with its value, for messages. */
  readonly shown: string
}

/**
 * Finds the file or folder of an input by its path relative to the workspace, or an absolute one inside it. *
 * Throws DeployError `SOURCE_EMPTY` when it is missing or of another kind, `SOURCE_UNSAFE` when it is outside of the
 * workspace or cannot be read.
 */
export async function findInput(
  input: keyof typeof KINDS,
  given: { readonly path: string; readonly workspace: string },
): Promise<Found> {
  const { is, what, topic } = KINDS[input]
  const shown = `\`${input}\` ${showName(given.path)}`
  const workspace = await realpath(given.workspace).catch((cause: unknown) => {
    throw new DeployError('SOURCE_EMPTY', `the workspace ${describeFsError(cause)}`, {
      hint: 'Add a step with `actions/checkout` before this one.',
      cause,
    })
  })
  const wanted = path.resolve(given.workspace, given.path)
  const base = [workspace, path.resolve(given.workspace)].find((one) => isInside(one, wanted))
  const outside = (): DeployError => {
    const why = base === undefined ? '' : ': it is a link'
    return new DeployError('SOURCE_UNSAFE', `${shown} is outside of the workspace${why}`, {
      topic: 'path-leaves-workspace',
      hint: 'Set it to a path in the repository, relative to its root.',
    })
  }
  const real = await realpath(wanted).catch(async (cause: unknown) => {
    if (base === undefined) throw outside()
    const hint = 'Check the name, and that the steps which create it run before this one.'
    if (!isMissing(cause)) {
      throw new DeployError('SOURCE_UNSAFE', `${shown} ${describeFsError(cause)}`, { hint, cause })
    }
    const message = `${shown} does not exist in the workspace${await suggestion(wanted, is)}`
    throw new DeployError('SOURCE_EMPTY', message, { hint, cause, topic })
  })
  if (!isInside(workspace, real)) throw outside()
  if (!(await stat(real))[is]()) {
    throw new DeployError('SOURCE_EMPTY', `${shown} is not ${what}`, {
      hint: 'Set `source-root` to a folder, or `package` to a ready zip.',
    })
  }
  const name = nameBelow(workspace, real)
  return { workspace, real, shown, name, named: base && nameBelow(base, wanted) }
}

/** The end of a sentence about a link. */
export const OUTSIDE = 'is a link that leads out of the workspace'

/** Whether a real path is the folder or something below it. */
export function isInside(folder: string, real: string): boolean {
  return real === folder || real.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}

/** A path relative to a folder, with `/` separators. */
export function nameBelow(folder: string, real: string): string {
  return path.relative(folder, real).split(path.sep).join('/')
}

/** Names something of the same kind beside the missing one. */
async function suggestion(missing: string, is: 'isDirectory' | 'isFile'): Promise<string> {
  const beside = await readdir(path.dirname(missing), { withFileTypes: true }).catch(() => [])
  const names = beside.filter((entry) => entry[is]()).map(({ name }) => name)
  const [near] = nearest(path.basename(missing), names)
  return near === undefined ? '' : `; did you mean ${showName(near)}?`
}
