/** Walks the source root and collects the files that the rules include, and problems. */

import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DeployError } from '../../errors.ts'
import { yieldToEventLoop } from '../event-loop.ts'
import type { Matcher, Position } from './matcher.ts'
import { describeFile } from '../describe-file.ts'
import { followLink } from './link.ts'
import { showName } from '../file-names.ts'
import type { Root } from './root.ts'
import type { SourceFile } from '../source.ts'
import { NOT_UTF8, describeNamedFsError } from '../fs-error.ts'
import { MAX_ENTRIES } from '../zip/writer.ts'

/** What the rules include below the root. */
export interface Found {
  /** In no particular order; the walk stops when there are more than a zip can contain. */
  readonly files: SourceFile[]
  /** Files that must not be deployed, one sentence each. */
  readonly problems: string[]
  /** Links to targets of a built-in exclude: name to a sentence. */
  readonly hiddenLinks: Map<string, string>
}

/** The name of a link to a target of a built-in exclude, and a sentence about it. */
type Hidden = readonly [link: string, why: string]

interface Folder {
  /** Relative to the source root, with `/`; empty for the source root itself. */
  readonly name: string
  readonly path: string
  /** The path without links. */
  readonly real: string
  readonly depth: number
  readonly at: Position
  /** The link that led here, if files behind it need a line of their own to be included. */
  readonly hidden?: Hidden | undefined
  /** Real paths from where the search began down to the parent: reaching one of them again is a cycle. */
  readonly above: readonly string[]
}

/** Links to folders multiply: two links in each of twenty levels are a million folders. */
const MAX_FOLDERS = 100_000

/** Walks every folder that can contain an included file; follows links to folders. */
export async function walk(root: Root, matcher: Matcher): Promise<Found> {
  const walker = new Walker(root, matcher)
  await walker.search({
    name: '',
    path: root.path,
    real: root.sourceRoot,
    depth: 0,
    at: matcher.root(),
    above: [],
  })
  return walker.found
}

class Walker {
  readonly found: Found = { files: [], problems: [], hiddenLinks: new Map() }
  readonly #root: Root
  readonly #matcher: Matcher
  #folders = 0

  constructor(root: Root, matcher: Matcher) {
    this.#root = root
    this.#matcher = matcher
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
      this.#addProblem(folder.name || '.', describeNamedFsError(folder.name, error))
      return
    }
    const searches: Promise<void>[] = []
    /** Names with bytes that are not UTF-8: two different ones may look the same as text. */
    const damaged = new Set<string>()
    for (const child of children) {
      if (this.found.files.length > MAX_ENTRIES) return
      await yieldToEventLoop()
      const { name } = child
      if (name.includes('\uFFFD')) {
        if (damaged.has(name)) {
          if (this.#isWanted(folder, name)) this.#addProblem(nameIn(folder, name), NOT_UTF8)
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
    const verdict = this.#matcher.judgeFolder(parent.at, child.name)
    this.#matcher.countFolder(verdict)
    if (verdict.is !== 'searched') return
    const isSearch = parent.above.length > 0 || this.#matcher.isSearch(parent.at, parent.depth)
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
    const verdict = this.#matcher.judgeFile(folder.at, name)
    this.#matcher.countFile({ at: folder.at, name }, verdict)
    if (verdict.is !== 'included') return
    const full = nameIn(folder, name)
    if (hidden !== undefined && !this.#matcher.isReincluded(verdict)) {
      this.found.hiddenLinks.set(...hidden)
      return
    }
    const file = describeFile({ name: full, path: folder.path + path.sep + name })
    if (typeof file === 'string') this.#addProblem(full, file)
    else this.found.files.push(file)
  }

  /** A link is followed only if its target would be included, as a file or as a folder. */
  async #follow(folder: Folder, name: string): Promise<void> {
    const asFile = this.#matcher.judgeFile(folder.at, name)
    const asFolder = this.#matcher.judgeFolder(folder.at, name)
    if (!this.#isWanted(folder, name)) {
      this.#matcher.countFile({ at: folder.at, name }, asFile)
      return
    }
    const full = nameIn(folder, name)
    const target = await followLink(folder.path + path.sep + name, this.#root)
    if ('problem' in target) {
      this.#matcher.countFile({ at: folder.at, name }, asFile)
      if (!target.isDangling || asFile.is === 'included') this.#addProblem(full, target.problem)
      return
    }
    const { real, isFolder } = target
    const isIncluded = isFolder ? asFolder.is === 'searched' : asFile.is === 'included'
    if (isIncluded && target.isOutside) {
      this.#matcher.countFile({ at: folder.at, name }, asFile)
      this.#addProblem(full, 'is a link that leads out of the workspace')
      return
    }
    const hidden: Hidden | undefined =
      target.hidden === undefined ? undefined : [full, `${showName(full)} ${target.hidden}`]
    if (isFolder) await this.#enter(folder, { name, real, hidden })
    else this.#visit(folder, { name, hidden })
  }

  /** Whether that name would be included, as a file or as a folder. */
  #isWanted(folder: Folder, name: string): boolean {
    return (
      this.#matcher.judgeFile(folder.at, name).is === 'included' ||
      this.#matcher.judgeFolder(folder.at, name).is === 'searched'
    )
  }

  #addProblem(name: string, why: string): void {
    this.found.problems.push(`${showName(name)} ${why}`)
  }
}

function nameIn(folder: Folder, name: string): string {
  return folder.name === '' ? name : `${folder.name}/${name}`
}
