/** Walks the source root and sorts what it finds by the rules: files to take, and problems. */

import { statSync, type Dirent } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Choice, Position } from './choice.ts'
import { badName, showName } from './names.ts'
import type { SourceFile } from './source.ts'
import { fsCode, unreadable } from './unreadable.ts'
import { MAX_ENTRIES } from './zip.ts'

/** The folder to walk; both are real paths, without links in them. */
export interface Root {
  readonly workspace: string
  readonly sourceRoot: string
}

/** Everything below the root that the rules take. */
export interface Found {
  /** In no particular order. */
  readonly files: SourceFile[]
  /** Files that must not go in but would, one sentence each. */
  readonly problems: string[]
}

interface Folder {
  readonly name: string
  readonly path: string
  /** The path without links. */
  readonly real: string
  readonly depth: number
  readonly at: Position
  /**
   * Real paths of the folders above, from where the search began: a folder that is among them is a
   * cycle.
   */
  readonly above: readonly string[]
}

const WINDOWS = process.platform === 'win32'
/**
 * Calls to the network run at the same time and must not wait longer than this for their turn, in
 * milliseconds.
 */
const TURN_MS = 20

/**
 * Walks all folders that can hold a file to take. Stops early when there are more files than a zip
 * can hold.
 */
export async function walk(root: Root, choice: Choice): Promise<Found> {
  const found: Found = { files: [], problems: [] }
  let turn = performance.now()

  const searchFolder = async (folder: Folder): Promise<void> => {
    let above = folder.above
    if (above.length > 0 || choice.isSearch(folder.at, folder.depth)) {
      if (above.includes(folder.real)) return
      above = [...above, folder.real]
    }
    let children: Dirent[]
    try {
      children = await readdir(folder.path, { withFileTypes: true })
    } catch (error) {
      found.problems.push(`${showName(folder.name || '.')} ${reason(folder.name, error)}`)
      return
    }
    const searches: Promise<void>[] = []
    for (const child of children) {
      if (found.files.length > MAX_ENTRIES) return
      if (performance.now() - turn > TURN_MS) {
        await nextTurn()
        turn = performance.now()
      }
      const { name } = child
      if (child.isSymbolicLink()) searches.push(followLink({ ...folder, above }, name))
      else if (child.isDirectory()) {
        searches.push(enter({ ...folder, above }, { name, real: folder.real + path.sep + name }))
      } else visitFile(folder, name)
    }
    await Promise.all(searches)
  }

  const enter = async (from: Folder, child: { name: string; real: string }): Promise<void> => {
    const verdict = choice.judgeFolder(from.at, child.name)
    if (verdict.is === 'left') choice.countFolder(verdict)
    if (verdict.is !== 'searched') return
    await searchFolder({
      name: nameIn(from, child.name),
      path: from.path + path.sep + child.name,
      real: child.real,
      depth: from.depth + 1,
      at: verdict.at,
      above: from.above,
    })
  }

  const visitFile = (folder: Folder, name: string): void => {
    const verdict = choice.judgeFile(folder.at, name)
    choice.countFile({ at: folder.at, name }, verdict)
    if (verdict.is !== 'taken') return
    const full = nameIn(folder, name)
    const bad = badName(full)
    if (bad !== undefined) {
      found.problems.push(`${showName(full)} ${bad}`)
      return
    }
    const file = folder.path + path.sep + name
    try {
      const stat = statSync(file)
      if (!stat.isFile()) {
        found.problems.push(`${showName(full)} is neither a file nor a folder`)
        return
      }
      const executable = !WINDOWS && (stat.mode & 0o111) !== 0
      found.files.push({ name: full, path: file, sizeBytes: stat.size, executable })
    } catch (error) {
      found.problems.push(`${showName(full)} ${reason(name, error)}`)
    }
  }

  const followLink = async (folder: Folder, name: string): Promise<void> => {
    const asFile = choice.judgeFile(folder.at, name)
    const asFolder = choice.judgeFolder(folder.at, name)
    if (asFile.is !== 'taken' && asFolder.is !== 'searched') {
      choice.countFile({ at: folder.at, name }, asFile)
      return
    }
    const full = nameIn(folder, name)
    try {
      const real = await realpath(folder.path + path.sep + name)
      const isFolder = statSync(real).isDirectory()
      const goesIn = isFolder ? asFolder.is === 'searched' : asFile.is === 'taken'
      if (goesIn && !isInside(root.workspace, real)) {
        found.problems.push(`${showName(full)} is a link that leads out of the workspace`)
      } else if (isFolder) {
        await enter(folder, { name, real })
      } else {
        visitFile(folder, name)
      }
    } catch (error) {
      const dangling = fsCode(error) === 'ENOENT' || fsCode(error) === 'ENOTDIR'
      if (dangling && asFile.is !== 'taken') return
      found.problems.push(
        dangling
          ? `${showName(full)} is a link to something that does not exist`
          : `${showName(full)} ${unreadable(error)}`,
      )
    }
  }

  const { sourceRoot } = root
  const at = choice.root()
  await searchFolder({ name: '', path: sourceRoot, real: sourceRoot, depth: 0, at, above: [] })
  return found
}

/** Whether a real path is the folder or something below it. */
export function isInside(folder: string, real: string): boolean {
  return real === folder || real.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}

function nameIn(folder: { readonly name: string }, name: string): string {
  return folder.name === '' ? name : `${folder.name}/${name}`
}

/** A name that is not UTF-8 arrives with replacement characters, under which nothing is found. */
function reason(name: string, error: unknown): string {
  return name.includes('\uFFFD') && fsCode(error) === 'ENOENT'
    ? 'has a name that is not valid UTF-8'
    : unreadable(error)
}
