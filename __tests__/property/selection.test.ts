import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { DeployError } from '../../src/errors.ts'
import { Matcher } from '../../src/source/select/matcher.ts'
import { selectFiles } from '../../src/source/select/files.ts'
import { findBuiltIn, readRules } from '../../src/source/select/rules.ts'
import { walk } from '../../src/source/select/walk.ts'
import { oracleMatches, oracleNames, type Lines } from '../integration/source/oracle.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 400)

const home = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'selection-')))
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

const names = fc.constantFrom(
  ...['a', 'b', 'ab', 'c.js', 'b.js', '[id].js', '[ab]', '.env', '.env.x', '.git', '.hidden'],
  ...['node_modules', 'x y', 'é', '#1', '(c)', '{a,b}', '+(a)', '!b', 'A'],
)
const paths = fc.array(names, { minLength: 1, maxLength: 4 })

const segments = fc.oneof(
  { weight: 2, arbitrary: names },
  fc.constantFrom('*', '**', '?', '*.js', '[ab]', '[!a]', '[id].js', '.*', 'a*', '***', '*b', '.'),
  fc.constantFrom('{a,b}', '*.{js,x}', '{a/b,c.js}', '{a,{b,ab}}*', '{x}', '{[ab],**}'),
)
const globs = fc
  .record({
    lead: fc.constantFrom('', '', '', './'),
    segments: fc.array(segments, { minLength: 1, maxLength: 4 }),
    join: fc.constantFrom('/', '/', '/', '//'),
    tail: fc.constantFrom('', '', '', '/'),
  })
  .map(({ lead, segments, join, tail }) => {
    // A `.` is allowed in front only; it means the source root itself.
    const [first = '.', ...rest] = segments
    const glob = [first, ...rest.filter((segment) => segment !== '.')].join(join) + tail
    return glob.startsWith('!') || glob.startsWith('#') ? `./${glob}` : lead + glob
  })
const lines = fc
  .tuple(fc.constantFrom('', '', '', '!', '!!'), globs)
  .map(([mark, glob]) => mark + glob)

const cases = fc.record({
  workspace: fc.constantFrom(
    ...['workspace', 'w [a] (b) #1', '[x]', 'пространство'],
    ...(process.platform === 'win32' ? [] : ['w*?!']),
  ),
  files: fc.array(paths, { minLength: 1, maxLength: 25 }),
  links: fc.array(fc.record({ at: paths, to: paths, up: fc.nat(3) }), { maxLength: 3 }),
  lines: fc.record({
    include: fc.oneof(
      fc.array(lines, { minLength: 1, maxLength: 4 }),
      fc.array(lines, { maxLength: 2 }).map((more) => ['.', ...more]),
    ),
    ignore: fc.array(lines, { maxLength: 3 }),
    exclude: fc.array(lines, { maxLength: 3 }),
  }),
})

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never

let made = 0

/** Makes the tree, as far as its parts do not stand in each other's way. */
function makeCase({ workspace, files, links, lines }: Case): string {
  made += 1
  const root = path.join(home, String(made), workspace)
  mkdirSync(root, { recursive: true })
  const put = (parts: readonly string[], write: (file: string) => void): void => {
    const file = path.join(root, ...parts)
    try {
      mkdirSync(path.dirname(file), { recursive: true })
      write(file)
    } catch {
      // Something else stands there already.
    }
  }
  for (const parts of files) {
    put(parts, (file) => {
      writeFileSync(file, parts.join('/'), { flag: 'wx' })
    })
  }
  for (const { at, to, up } of links) {
    put(at, (file) => {
      // To a file or folder of the tree, or to a folder above the link: a cycle.
      const target = up > 0 ? path.join(root, ...at.slice(0, -up)) : path.join(root, ...to)
      if (!existsSync(target)) return
      // A link to what is always left out is refused, whatever the lines say.
      if (findBuiltIn(path.relative(root, realpathSync.native(target)))) return
      // The folder may itself be behind a link, from where a relative target starts elsewhere.
      symlinkSync(path.relative(realpathSync.native(path.dirname(file)), target), file)
    })
  }
  if (lines.ignore.length > 0) writeFileSync(path.join(root, '.ycignore'), lines.ignore.join('\n'))
  return root
}

async function select(root: string, { include, exclude }: Lines): Promise<string[] | DeployError> {
  try {
    const selection = await selectFiles({ sourceRoot: '.', include, exclude }, { workspace: root })
    return selection.files.map(({ name }) => name)
  } catch (error) {
    if (error instanceof DeployError) return error
    throw error
  }
}

/** The names that the rules alone select, also where the selection as a whole is refused. */
async function walkNames(root: string, lines: Lines): Promise<string[]> {
  const { rules } = readRules(lines, lines.ignore)
  const found = await walk({ workspace: root, sourceRoot: root, path: root }, new Matcher(rules))
  expect([...found.problems, ...found.hiddenLinks.values()]).toEqual([])
  return found.files.map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1))
}

describe('a selection', () => {
  test('is what @actions/glob selects with the same rules, for any tree and patterns', async () => {
    let selected = 0
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const root = makeCase(one)
        const expected = await oracleNames(root, one.lines)
        if (expected === undefined) return
        expect(await walkNames(root, one.lines)).toEqual(expected)
        if (expected.length > 0) selected += 1

        const actual = await select(root, one.lines)
        if (!(actual instanceof DeployError)) {
          expect(actual).toEqual(expected)
          return
        }
        // Refused only when a line that takes files in matches none, or when nothing is left.
        expect(actual.code).toBe('SOURCE_EMPTY')
        // Where a link leads back up, a line on its own begins its search elsewhere.
        if (expected.length === 0 || one.links.length > 0) return
        const takes = one.lines.include.filter((line) => !/^!(?:!!)*(?!!)/.test(line))
        const matches = await Promise.all(takes.map(async (line) => oracleMatches(root, line)))
        const isVisible = (name: string): boolean => findBuiltIn(path.dirname(name)) === undefined
        expect(matches.some((found) => found.filter(isVisible).length === 0)).toBe(true)
      }),
      { numRuns: RUNS },
    )
    // Otherwise the generator would have been of no use.
    expect(selected).toBeGreaterThan(RUNS / 4)
  }, 600_000)
})
