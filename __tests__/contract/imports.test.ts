/** The shape of the code base: no import cycles, types included, and rooms and files of a readable size. */

import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const MAX_FILES_IN_A_FOLDER = 16
const MAX_LINES_IN_A_FILE = 200

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name))
    .sort()
}

/** Every file of ours that a file imports, by `import`, `import type`, `export from` or `import()`. */
function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(file, 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file), name))
}

/** The first cycle found, as the files along it; undefined when there is none. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const finished = new Set<string>()
  const visit = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    const start = trail.indexOf(file)
    if (start >= 0) return [...trail.slice(start), file]
    if (finished.has(file)) return undefined
    for (const imported of graph.get(file) ?? []) {
      const cycle = visit(imported, [...trail, file])
      if (cycle) return cycle
    }
    finished.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const cycle = visit(file, [])
    if (cycle) return cycle
  }
  return undefined
}

describe('the search for import cycles', () => {
  test('finds a cycle of three files', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
    ])
    expect(findCycle(graph)).toEqual(['a', 'b', 'c', 'a'])
  })

  test('takes two ways to the same file for no cycle', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
    ])
    expect(findCycle(graph)).toBeUndefined()
  })
})

describe.each(['src', 'emulator'])('%s/', (root) => {
  const files = filesBelow(root)

  test('has no import cycle, type imports included', () => {
    expect(findCycle(new Map(files.map((file) => [file, importsOf(file)])))).toBeUndefined()
  })

  test('has no folder with more than 16 files', () => {
    const counts = new Map<string, number>()
    for (const file of files) {
      const folder = path.posix.dirname(file)
      counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
    const crowded = [...counts].filter(([, count]) => count > MAX_FILES_IN_A_FOLDER)
    expect(crowded).toEqual([])
  })

  test('has no file of more than 200 lines', () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES_IN_A_FILE)
    expect(long).toEqual([])
  })
})
