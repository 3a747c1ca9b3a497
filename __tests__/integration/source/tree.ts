/** Real trees of files in temporary folders. */

import { execFile, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

import { afterEach } from '@jest/globals'

const execute = promisify(execFile)

/** What stands at a path: the content of a file, a program, or a link to somewhere. */
export type Item =
  string | Uint8Array | { readonly program: string } | { readonly link: string } | { folder: true }

/** A tree by relative paths with `/`. */
export type Tree = Readonly<Record<string, Item>>

/** Gives a function that makes trees, each of which is gone after the test that made it. */
export function useTrees(): (tree: Tree, name?: string) => string {
  const made: string[] = []
  afterEach(() => {
    made.splice(0).forEach(removeTree)
  })
  return (tree, name) => {
    const root = makeTree(tree, name)
    made.push(root)
    return root
  }
}

/** Makes a tree in a new folder, whose name may be given; returns the folder's real path. */
export function makeTree(tree: Tree, name = 'workspace'): string {
  const root = path.join(realpathSync.native(mkdtempSync(path.join(tmpdir(), 'source-'))), name)
  mkdirSync(root, { recursive: true })
  addTree(root, tree)
  return root
}

/** Adds files to a folder. */
export function addTree(root: string, tree: Tree): void {
  for (const [name, item] of Object.entries(tree)) {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    if (typeof item === 'string' || item instanceof Uint8Array) writeFileSync(file, item)
    else if ('program' in item) {
      writeFileSync(file, item.program)
      chmodSync(file, 0o755)
    } else if ('link' in item) symlinkSync(item.link, file)
    else mkdirSync(file, { recursive: true })
  }
}

/** Removes a tree with the temporary folder around it. */
export function removeTree(root: string): void {
  rmSync(path.dirname(root), { recursive: true, force: true })
}

/** Whether a program can be run here: tests that need a missing one are skipped, visibly. */
export function hasProgram(name: 'zip' | 'unzip' | 'python3'): boolean {
  const version = name === 'python3' ? '--version' : '-v'
  return spawnSync(name, [version], { stdio: 'ignore' }).status === 0
}

/** A program with its arguments, and what it gets on top of our own environment. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Runs a program to its end and gives what it printed; rejects when it fails. */
export async function run({ program, args, env, cwd }: Command): Promise<string> {
  const { stdout } = await execute(program, args, {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 64 << 20,
  })
  return stdout
}
