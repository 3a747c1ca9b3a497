/** Follows links. */

import { stat, realpath } from 'node:fs/promises'
import { isInside, nameBelow, type Root } from './root.ts'
import { whyHidden } from './rules.ts'
import { fsCode, describeFsError } from '../fs-error.ts'

/** The target of a link. */
export interface LinkTarget {
  /** The path without links. */
  readonly real: string
  readonly isFolder: boolean
  /** Whether it is outside of the workspace. */
  readonly isOutside: boolean
  /** The end of a sentence if a built-in rule excludes the target. */
  readonly hidden: string | undefined
}

/** A link that cannot be followed: the end of a sentence about it. */
export interface BadLink {
  readonly problem: string
  readonly isDangling: boolean
}

/** Follows a link of the workspace. */
export async function followLink(link: string, root: Root): Promise<LinkTarget | BadLink> {
  try {
    const real = await realpath(link)
    const isFolder = (await stat(real)).isDirectory()
    const isOutside = !isInside(root.workspace, real)
    const hidden = isOutside ? undefined : whyHidden(nameBelow(root.workspace, real))
    return { real, isFolder, isOutside, hidden }
  } catch (error) {
    const isDangling = fsCode(error) === 'ENOENT' || fsCode(error) === 'ENOTDIR'
    const problem = isDangling
      ? 'is a link to something that does not exist'
      : describeFsError(error)
    return { isDangling, problem }
  }
}
