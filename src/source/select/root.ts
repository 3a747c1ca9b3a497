/** Finds the folder that becomes the root of the package, and reads its `.ycignore` file. */

import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { DeployError } from '../../errors.ts'
import { describeFsError, isMissing } from '../file-names.ts'
import { findInput, isInside, nameBelow, OUTSIDE } from '../workspace.ts'
import { whyHidden } from './rules.ts'

/** Where files are searched for. */
export interface Root {
  /** The real path, without links in it. */
  readonly workspace: string
  /** The real path. */
  readonly sourceRoot: string
  /** The same folder by the given path of the workspace, which may be a link. */
  readonly path: string
}

const IGNORE_FILE = '.ycignore'

/** Throws DeployError as {@link findInput} does, and `SOURCE_UNSAFE` for a link to what a built-in rule excludes. */
export async function findRoot(sourceRoot: string, deps: { workspace: string }): Promise<Root> {
  const found = await findInput('source-root', { ...deps, path: sourceRoot })
  const { workspace, real, shown, name, named } = found
  const hidden = whyHidden(name)
  if (hidden !== undefined && (named === undefined || whyHidden(named) === undefined)) {
    throw new DeployError('SOURCE_UNSAFE', `${shown} ${hidden}`, {
      hint: 'To deploy that folder, set `source-root` to the folder itself.',
    })
  }
  return { workspace, sourceRoot: real, path: path.resolve(deps.workspace, name) }
}

/**
 * The lines of the `.ycignore` file; none if it does not exist. Throws DeployError `SOURCE_UNSAFE` when it is not a file,
 * cannot be read, or is a link to a file that must not be read, because messages quote its lines.
 */
export async function readIgnoreFile(root: Root): Promise<readonly string[]> {
  try {
    const real = await realpath(path.join(root.sourceRoot, IGNORE_FILE))
    if (!isInside(root.workspace, real)) throw unsafe(OUTSIDE)
    // A link to the `.ycignore` of another folder is allowed.
    const name = nameBelow(root.workspace, real)
    const hidden = whyHidden(path.basename(name) === IGNORE_FILE ? path.dirname(name) : name)
    if (hidden !== undefined) throw unsafe(hidden)
    // Reading a pipe may never end.
    if (!(await stat(real)).isFile()) throw unsafe('is not a file')
    const text = await readFile(real, 'utf8')
    return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  } catch (error) {
    if (isMissing(error)) return []
    if (error instanceof DeployError) throw error
    throw unsafe(describeFsError(error), error)
  }
}

function unsafe(why: string, cause?: unknown): DeployError {
  return new DeployError('SOURCE_UNSAFE', `\`${IGNORE_FILE}\` ${why}`, { cause })
}
