/** Looks at what a name in a folder stands for: a file to be deployed, or a link. */

import { statSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { badName, describeFsError, isMissing } from '../file-names.ts'
import type { SourceFile } from '../source.ts'
import { isInside, nameBelow, OUTSIDE } from '../workspace.ts'
import { whyHidden } from './rules.ts'

const WINDOWS = process.platform === 'win32'

/** The file with its size and mode, or why it cannot be deployed, as the end of a sentence. */
export function describeFile({ name, path }: { name: string; path: string }): SourceFile | string {
  const bad = badName(name)
  if (bad !== undefined) return bad
  try {
    const stat = statSync(path)
    // Reading a pipe or a device may never end.
    if (!stat.isFile()) return 'is neither a file nor a folder'
    const executable = !WINDOWS && (stat.mode & 0o111) !== 0
    return { name, path, sizeBytes: stat.size, executable }
  } catch (error) {
    return describeFsError(error, name.slice(name.lastIndexOf('/') + 1))
  }
}

/** The target of a link; `problem` and `hidden` are ends of sentences about the link. */
export interface LinkTarget {
  /** The path without links. */
  readonly real: string
  /** Undefined where nobody can tell. */
  readonly is: 'file' | 'folder' | undefined
  /** Why the link cannot be followed. */
  readonly problem?: string
  /** Which built-in rule excludes the target. */
  readonly hidden?: string | undefined
}

/** Follows a link of the workspace. */
export async function followLink(link: string, workspace: string): Promise<LinkTarget> {
  try {
    const real = await realpath(link)
    const is = (await stat(real)).isDirectory() ? 'folder' : 'file'
    if (!isInside(workspace, real)) return { real, is, problem: OUTSIDE }
    return { real, is, hidden: whyHidden(nameBelow(workspace, real)) }
  } catch (error) {
    return isMissing(error)
      ? { real: link, is: 'file', problem: 'is a link to something that does not exist' }
      : { real: link, is: undefined, problem: describeFsError(error) }
  }
}
