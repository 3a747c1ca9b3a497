/** Reads the `.ycignore` file at the source root. */

import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { DeployError } from '../../errors.ts'
import { isInside, nameBelow, type Root } from './root.ts'
import { whyHidden } from './rules.ts'
import { fsCode, describeFsError } from '../fs-error.ts'

const IGNORE_FILE = '.ycignore'

/**
 * The lines of the file; none if it does not exist.
 *
 * Throws DeployError `SOURCE_UNSAFE` when it is not a file, cannot be read, or is a link to a file
 *   that must not be read, because messages quote its lines.
 */
export async function readIgnoreFile(root: Root): Promise<readonly string[]> {
  try {
    const real = await realpath(path.join(root.sourceRoot, IGNORE_FILE))
    if (!isInside(root.workspace, real)) throw unsafe('is a link out of the workspace')
    // A link to the `.ycignore` of another folder is allowed.
    const name = nameBelow(root.workspace, real)
    const hidden = whyHidden(path.basename(name) === IGNORE_FILE ? path.dirname(name) : name)
    if (hidden !== undefined) throw unsafe(hidden)
    // Reading a pipe may never end.
    if (!(await stat(real)).isFile()) throw unsafe('is not a file')
    const text = await readFile(real, 'utf8')
    return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  } catch (error) {
    if (fsCode(error) === 'ENOENT') return []
    if (error instanceof DeployError) throw error
    throw unsafe(describeFsError(error), error)
  }
}

function unsafe(why: string, cause?: unknown): DeployError {
  return new DeployError('SOURCE_UNSAFE', `\`${IGNORE_FILE}\` ${why}`, { cause })
}
