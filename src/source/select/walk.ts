/** Walks the source root and sorts what it finds by the rules: files to take, and problems. */

import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DeployError } from '../../errors.ts'
import type { Choice, Position } from './matcher.ts'
import { describeFile } from '../describe-file.ts'
import { followLink } from './link.ts'
import { showName } from '../names.ts'
import type { Root } from './root.ts'
import type { SourceFile } from '../source.ts'
import { NOT_UTF8, unreadableName } from '../fs-error.ts'
import { MAX_ENTRIES } from '../zip/writer.ts'

/** Everything below the root that the rules take. */
export interface Found {
  /** In no particular order; more than a zip can hold when the walk was cut short for that. */
  readonly files: SourceFile[]
  /** Files that must not go in but would, one sentence each. */
  readonly problems: string[]
  /** Links to what a built-in exclude leaves out, by name, with a sentence about each. */
  readonly hiddenLinks: Map<string, string>
}

/** The name of a link to what a built-in exclude leaves out, and a sentence about it. */
type Hidden = readonly [link: string, why: string]

interface Folder {
  /** Relative to the source root, with `/`; empty for the source root itself. */
  readonly name: string
  readonly path: string
  /** The path without links. */
  readonly real: string
  readonly depth: number
  readonly at: Position
  /** The link on the way here behind which nothing is taken unasked. */
  readonly hidden?: Hidden | undefined
  /**
   * Real paths from where the search began down to the parent: to be in one of them again is a
   * cycle.
   */
  readonly above: readonly string[]
}

/** Calls to the network run at the same time and wait no longer than this for their turn, in ms. */
const TURN_MS = 20
/** Links to folders multiply what is below them: two in each of twenty levels make a million. */
const MAX_FOLDERS = 100_000

/** Walks every folder that can hold a file to take; links to folders are walked like folders. */
export async function walk(root: Root, choice: Choice): Promise<Found> {
  const walker = new Walker(root, choice)
  await walker.search({
    name: '',
    path: root.path,
    real: root.sourceRoot,
    depth: 0,
    at: choice.root(),
    above: [],
  })
  return walker.found
}

class Walker {
  readonly found: Found = { files: [], problems: [], hiddenLinks: new Map() }
  readonly #root: Root
  readonly #choice: Choice
  #turn = performance.now()
  #folders = 0

  constructor(root: Root, choice: Choice) {
    this.#root = root
    this.#choice = choice
  }

  async search(folder: Folder): Promise<void> {
    if (folder.above.includes(folder.real)) return
    this.#folders++
    if (this.#folders > MAX_FOLDERS) {
      throw new DeployError(
        'SOURCE_TOO_LARGE',
        `the search covers more than ${MAX_FOLDERS} folders, including ${showName(folder.name)}`,
        { hint: 'Exclude folders that are links to others, or narrow `include`.' },
      )
    }
    let children: Dirent[]
    try {
      children = await readdir(folder.path, { withFileTypes: true })
    } catch (error) {
      this.#refuse(folder.name || '.', unreadableName(folder.name, error))
      return
    }
    const searches: Promise<void>[] = []
    /** Names that are no longer told apart once their bytes are text. */
    const damaged = new Set<string>()
    for (const child of children) {
      if (this.found.files.length > MAX_ENTRIES) return
      if (performance.now() - this.#turn > TURN_MS) {
        await nextTurn()
        this.#turn = performance.now()
      }
      const { name } = child
      if (name.includes('\uFFFD')) {
        if (damaged.has(name)) {
          if (this.#isWanted(folder, name)) this.#refuse(nameIn(folder, name), NOT_UTF8)
          continue
        }
        damaged.add(name)
      }
      const { hidden } = folder
      const real = folder.real + path.sep + name
      if (child.isSymbolicLink()) searches.push(this.#follow(folder, name))
      else if (child.isDirectory()) searches.push(this.#enter(folder, { name, real, hidden }))
      else this.#visit(folder, { name, hidden })
    }
    await Promise.all(searches)
  }

  async #enter(
    parent: Folder,
    child: { name: string; real: string; hidden: Hidden | undefined },
  ): Promise<void> {
    const verdict = this.#choice.judgeFolder(parent.at, child.name)
    this.#choice.countFolder(verdict)
    if (verdict.is !== 'searched') return
    const isSearch = parent.above.length > 0 || this.#choice.isSearch(parent.at, parent.depth)
    await this.search({
      name: nameIn(parent, child.name),
      path: parent.path + path.sep + child.name,
      real: child.real,
      depth: parent.depth + 1,
      at: verdict.at,
      hidden: child.hidden,
      above: isSearch ? [...parent.above, parent.real] : [],
    })
  }

  #visit(folder: Folder, child: { name: string; hidden: Hidden | undefined }): void {
    const { name, hidden } = child
    const verdict = this.#choice.judgeFile(folder.at, name)
    this.#choice.countFile({ at: folder.at, name }, verdict)
    if (verdict.is !== 'taken') return
    const full = nameIn(folder, name)
    if (hidden !== undefined && !this.#choice.isTakenBack(verdict)) {
      this.found.hiddenLinks.set(...hidden)
      return
    }
    const file = describeFile({ name: full, path: folder.path + path.sep + name })
    if (typeof file === 'string') this.#refuse(full, file)
    else this.found.files.push(file)
  }

  /** A link is looked at only when what it leads to would go in, as a file or as a folder. */
  async #follow(folder: Folder, name: string): Promise<void> {
    const asFile = this.#choice.judgeFile(folder.at, name)
    const asFolder = this.#choice.judgeFolder(folder.at, name)
    if (!this.#isWanted(folder, name)) {
      this.#choice.countFile({ at: folder.at, name }, asFile)
      return
    }
    const full = nameIn(folder, name)
    const target = await followLink(folder.path + path.sep + name, this.#root)
    if ('problem' in target) {
      this.#choice.countFile({ at: folder.at, name }, asFile)
      if (!target.isDangling || asFile.is === 'taken') this.#refuse(full, target.problem)
      return
    }
    const { real, isFolder } = target
    const goesIn = isFolder ? asFolder.is === 'searched' : asFile.is === 'taken'
    if (goesIn && target.isOutside) {
      this.#choice.countFile({ at: folder.at, name }, asFile)
      this.#refuse(full, 'is a link that leads out of the workspace')
      return
    }
    const hidden: Hidden | undefined =
      target.hidden === undefined ? undefined : [full, `${showName(full)} ${target.hidden}`]
    if (isFolder) await this.#enter(folder, { name, real, hidden })
    else this.#visit(folder, { name, hidden })
  }

  /** Whether something of that name would go in, as a file or as a folder. */
  #isWanted(folder: Folder, name: string): boolean {
    return (
      this.#choice.judgeFile(folder.at, name).is === 'taken' ||
      this.#choice.judgeFolder(folder.at, name).is === 'searched'
    )
  }

  #refuse(name: string, why: string): void {
    this.found.problems.push(`${showName(name)} ${why}`)
  }
}

function nameIn(folder: Folder, name: string): string {
  return folder.name === '' ? name : `${folder.name}/${name}`
}
