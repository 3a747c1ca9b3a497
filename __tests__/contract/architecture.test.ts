/** docs/ARCHITECTURE.md and ESLint say the same of the rooms of src/, and the page knows all of them. */

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { IMPORTS, LEAVES, TYPES_ONLY } from '../../eslint.config.js'

const page = readFileSync('docs/ARCHITECTURE.md', 'utf8')

/** The words in code of a cell or a sentence. */
const codes = (text = ''): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '').sort()

/** The cells of the first table below a heading, without their titles. */
function rowsBelow(heading: string): string[][] {
  const [, after = ''] = page.split(`${heading}\n`)
  const [table = ''] = /(?:^\|.*\n)+/m.exec(after) ?? []
  const lines = table.trim().split('\n').slice(2)
  return lines.map((line) => line.split('|').slice(1, -1))
}

/** The name of a room or file, without its ending. */
const named = (name: string): string => name.replace(/\.ts$/, '')
const namedAll = (names: readonly string[]): string[] => names.map(named).sort()

const rows = rowsBelow('## Who imports whom')

test('the page lets each room import what ESLint lets it import', () => {
  const held = Object.entries(IMPORTS)
    .filter(([room]) => !LEAVES.includes(room))
    .map(([room, others]) => [
      named(room),
      namedAll(others.filter((other) => !LEAVES.includes(other))),
    ])
  const told = rows.flatMap(([who, others]) => codes(who).map((room) => [room, codes(others)]))
  // The entry imports everything.
  expect(Object.fromEntries(told)).toEqual({ ...Object.fromEntries(held), index: [] })
})

test('the page has the leaves of ESLint, which import nothing', () => {
  expect(codes(/The leaves are ([^;]*);/.exec(page)?.[1])).toEqual(namedAll(LEAVES))
  for (const leaf of LEAVES) expect(IMPORTS[leaf]).toEqual([])
})

test('the page has the rooms of which another one takes only types', () => {
  const told = rows
    .filter(([, , types]) => codes(types).length > 0)
    .flatMap(([who, , types]) => codes(who).map((room) => [room, codes(types)]))
  expect(Object.fromEntries(told)).toEqual(TYPES_ONLY)
})

test('the page has a row for every room and file of src/, and for no other', () => {
  const told = rowsBelow('## Folders')
    .flatMap(([path]) => codes(path))
    .filter((path) => path.startsWith('src/'))
    .map((path) => path.replace(/^src\/|\/$/g, ''))
  const rooms = readdirSync('src').filter((name) => !/\.(json|d\.ts)$/.test(name))
  expect(told.sort()).toEqual(rooms.sort())
})
