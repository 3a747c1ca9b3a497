/**
 * What `@actions/glob` itself selects when it is given our rules as one list of absolute patterns.
 */

import { create } from '@actions/glob'
import path from 'node:path'

import { expandBraces } from '../../../src/source/select/braces.ts'
import { BUILT_IN_EXCLUDES } from '../../../src/source/select/rules.ts'
import { fsCode } from '../../../src/source/file-names.ts'

/** The lines of a selection. */
export interface Lines {
  readonly include: readonly string[]
  readonly ignore: readonly string[]
  readonly exclude: readonly string[]
}

/**
 * The names, relative to `root`, of all files that the lines select; sorted. Undefined where it
 * fails: on a line that names something below a file.
 */
export async function oracleNames(root: string, lines: Lines): Promise<string[] | undefined> {
  const patterns = [
    ...lines.include.flatMap((line) => absolute(root, line)),
    ...BUILT_IN_EXCLUDES.flatMap((name) => absolute(root, `!**/${name}`)),
    ...[...lines.ignore, ...lines.exclude].flatMap((line) => absolute(root, `!${line}`)),
  ]
  return namesOf(root, patterns)
}

/**
 * The names of all files that an `include` line matches on its own, whatever the other rules are.
 */
export async function oracleMatches(root: string, line: string): Promise<string[]> {
  return (await namesOf(root, absolute(root, line))) ?? []
}

async function namesOf(root: string, patterns: readonly string[]): Promise<string[] | undefined> {
  const found = await quietly(async () => {
    const globber = await create(patterns.join('\n'), { matchDirectories: false })
    return globber.glob().catch((error: unknown) => {
      if (fsCode(error) === 'ENOTDIR') return undefined
      throw error
    })
  })
  if (found === undefined) return undefined
  const names = new Set(found.map((file) => path.relative(root, file).split(path.sep).join('/')))
  return [...names].sort((a, b) => (a < b ? -1 : 1))
}

/** Braces, and `[`, which also stands for itself: each of our lines can be several patterns. */
function absolute(root: string, line: string): string[] {
  const glob = line.replace(/^!+/, '')
  const mark = line.slice(0, line.length - glob.length)
  return (expandBraces(glob) ?? []).flatMap((one) => brackets(root, one)).map((one) => mark + one)
}

function brackets(root: string, glob: string): string[] {
  return glob
    .replace(/^(?:\.\/+)*(?:\.$)?/, '')
    .split('/')
    .reduce<string[]>(
      (heads, segment) =>
        heads.flatMap((head) =>
          [...new Set([segment, segment.replaceAll('[', '[[]')])].map((tail) => `${head}/${tail}`),
        ),
      [escape(root)],
    )
}

function escape(root: string): string {
  return root.replaceAll(/[[?*]/g, '[$&]').replaceAll('\\', path.sep === '\\' ? '\\' : '\\\\')
}

/** `@actions/glob` writes debug commands to the standard output, thousands of them here. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  const { stdout } = process
  const write = stdout.write.bind(stdout)
  stdout.write = () => true
  try {
    return await work()
  } finally {
    stdout.write = write
  }
}
