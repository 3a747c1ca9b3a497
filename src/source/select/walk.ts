/** Walks the source root and collects the files that the rules include, and problems. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DeployError } from '../../errors.ts'
import { yieldToEventLoop } from '../event-loop.ts'
import { describeFsError, NOT_UTF8, showName } from '../file-names.ts'
import type { SourceFile } from '../source.ts'
import { MAX_ENTRIES } from '../zip/writer.ts'
import { describeFile, followLink, type LinkTarget } from './inspect.ts'
import type { Matcher, Position } from './matcher.ts'
import type { Root } from './root.ts'

/** What the rules include below the root. */
export interface Found {
  /** In no particular order; the walk stops when there are more than a zip can contain. */
  readonly files: SourceFile[]
  /** Files that must not be deployed, one sentence each. */
  readonly problems: string[]
  /** Links to targets of a built-in exclude: name to a sentence. */
  readonly hiddenLinks: Map<string, string>
}

/** A file or folder, or the target of a link. */
interface Child {
  /** In its folder. */
  readonly name: string
  /** The path without links. */
  readonly real: string
  /** The link to a target of a built-in exclude that led here, and a sentence about it. */
  readonly hidden?: readonly [link: string, why: string] | undefined
}

interface Folder extends Child {
  /** Relative to the source root, with `/`; empty for the source root itself. */
  readonly name: string
  readonly path: string
  readonly depth: number
  readonly at: Position
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
    const options = { withFileTypes: true } as const
    const children = await readdir(folder.path, options).catch((error: unknown) => {
      this.#addProblem(folder.name || '.', describeFsError(error, folder.name))
      return []
    })
    const searches: Promise<void>[] = []
    /** Names with bytes that are not UTF-8: two different ones may look the same as text. */
    const damaged = new Set<string>()
    for (const child of children) {
      if (this.found.files.length > MAX_ENTRIES) return
      await yieldToEventLoop()
      const { name } = child
      if (name.includes('\uFFFD')) {
        if (damaged.has(name)) {
          if (this.#isWanted(folder, { name })) this.#addProblem(nameIn(folder, name), NOT_UTF8)
          continue
        }
        damaged.add(name)
      }
      const next = { name, real: folder.real + path.sep + name, hidden: folder.hidden }
      if (child.isSymbolicLink()) searches.push(this.#follow(folder, name))
      else if (child.isDirectory()) searches.push(this.#enter(folder, next))
      else this.#visit(folder, next)
    }
    await Promise.all(searches)
  }

  async #enter(parent: Folder, child: Child): Promise<void> {
    const verdict = this.#matcher.enter(parent.at, child.name)
    if (verdict.is !== 'searched') return
    const isSearch = parent.above.length > 0 || this.#matcher.isSearch(parent.at, parent.depth)
    await this.search({
      ...child,
      name: nameIn(parent, child.name),
      path: parent.path + path.sep + child.name,
      depth: parent.depth + 1,
      at: verdict.at,
      above: isSearch ? [...parent.above, parent.real] : [],
    })
  }

  #visit(folder: Folder, { name, hidden }: Child): void {
    const verdict = this.#matcher.visit(folder.at, name)
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
    if (!this.#isWanted(folder, { name })) {
      this.#matcher.visit(folder.at, name)
      return
    }
    const full = nameIn(folder, name)
    const link = folder.path + path.sep + name
    const { real, is, problem, hidden } = await followLink(link, this.#root.workspace)
    if (problem !== undefined && this.#isWanted(folder, { name, is })) {
      this.#matcher.visit(folder.at, name)
      this.#addProblem(full, problem)
      return
    }
    const why = hidden === undefined ? undefined : ([full, `${showName(full)} ${hidden}`] as const)
    if (is === 'folder') await this.#enter(folder, { name, real, hidden: why })
    else this.#visit(folder, { name, real, hidden: why })
  }

  /** Whether a name would be included as what it is, or as either a file or a folder where that is not known. */
  #isWanted({ at }: Folder, { name, is }: { name: string; is?: LinkTarget['is'] }): boolean {
    return (
      (is !== 'folder' && this.#matcher.judgeFile(at, name).is === 'included') ||
      (is !== 'file' && this.#matcher.judgeFolder(at, name).is === 'searched')
    )
  }

  #addProblem(name: string, why: string): void {
    this.found.problems.push(`${showName(name)} ${why}`)
  }
}

function nameIn(folder: Folder, name: string): string {
  return folder.name === '' ? name : `${folder.name}/${name}`
}
