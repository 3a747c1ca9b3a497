/** Reads the size and mode of a selected file. */

import { statSync } from 'node:fs'
import { badName } from './file-names.ts'
import type { SourceFile } from './source.ts'
import { describeNamedFsError } from './fs-error.ts'

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
    return describeNamedFsError(name.slice(name.lastIndexOf('/') + 1), error)
  }
}
