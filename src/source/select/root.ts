/** Finds the folder that becomes the root of the package. */

import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { DeployError } from '../../errors.ts'
import { nearest } from '../../suggest.ts'
import { showName } from '../file-names.ts'
import { whyHidden } from './rules.ts'
import { fsCode, describeFsError } from '../fs-error.ts'

/** Where files are searched for. */
export interface Root {
  /** The real path, without links in it. */
  readonly workspace: string
  /** The real path. */
  readonly sourceRoot: string
  /** The same folder by the given path of the workspace, which may be a link. */
  readonly path: string
}

/**
 * Finds the source root by a path relative to the workspace, or an absolute one inside it.
 *
 * Throws DeployError `SOURCE_EMPTY` when it is missing, `SOURCE_UNSAFE` when it is outside of the workspace.
 */
export async function findRoot(sourceRoot: string, deps: { workspace: string }): Promise<Root> {
  const workspace = await realpath(deps.workspace).catch((error: unknown) => {
    throw new DeployError('SOURCE_EMPTY', `the workspace ${describeFsError(error)}`, {
      hint: 'Add a step with `actions/checkout` before this one.',
      cause: error,
    })
  })
  const shown = `\`source-root\` ${showName(sourceRoot)}`
  const wanted = path.resolve(deps.workspace, sourceRoot)
  const outside = `${shown} is outside of the workspace`
  if (!isInside(path.resolve(deps.workspace), wanted) && !isInside(workspace, wanted)) {
    throw new DeployError('SOURCE_UNSAFE', outside, {
      topic: 'path-leaves-workspace',
      hint: 'Set it to a folder of the repository, relative to its root.',
    })
  }
  const real = await realpath(wanted).catch(async (error: unknown) => {
    const missing = fsCode(error) === 'ENOENT' || fsCode(error) === 'ENOTDIR'
    throw new DeployError(
      'SOURCE_EMPTY',
      missing
        ? `${shown} does not exist in the workspace${await suggestion(wanted)}`
        : `${shown} ${describeFsError(error)}`,
      {
        hint:
          'Check the name, and that the steps which check out and build the code run before ' +
          'this one.',
        cause: error,
      },
    )
  })
  if (!isInside(workspace, real)) {
    throw new DeployError('SOURCE_UNSAFE', `${outside}: it is a link`, {
      topic: 'path-leaves-workspace',
      hint: 'Set it to a folder of the repository, relative to its root.',
    })
  }
  const hidden = whyHidden(nameBelow(workspace, real))
  const given = isInside(workspace, wanted) ? workspace : path.resolve(deps.workspace)
  if (hidden !== undefined && whyHidden(nameBelow(given, wanted)) === undefined) {
    throw new DeployError('SOURCE_UNSAFE', `${shown} ${hidden}`, {
      hint: 'To deploy that folder, set `source-root` to the folder itself.',
    })
  }
  if (!(await stat(real)).isDirectory()) {
    throw new DeployError('SOURCE_EMPTY', `${shown} is not a folder`, {
      hint: '`source-root` must be a folder; use `package` for a ready zip.',
    })
  }
  const name = path.relative(workspace, real)
  return { workspace, sourceRoot: real, path: path.resolve(deps.workspace, name) }
}

/** A path relative to a folder, with `/` separators. */
export function nameBelow(folder: string, real: string): string {
  return path.relative(folder, real).split(path.sep).join('/')
}

/** Whether a real path is the folder or something below it. */
export function isInside(folder: string, real: string): boolean {
  return real === folder || real.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}

/** Names a folder beside the missing one that it may stand for. */
async function suggestion(missing: string): Promise<string> {
  const beside = await readdir(path.dirname(missing), { withFileTypes: true }).catch(() => [])
  const folders = beside.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const [near] = nearest(path.basename(missing), folders)
  return near === undefined ? '' : `; did you mean ${showName(near)}?`
}
