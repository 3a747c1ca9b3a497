import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { packFiles } from '../../src/source/zip/archive.ts'
import { selectFiles } from '../../src/source/select/files.ts'
import type { Archive } from '../../src/source/source.ts'
import { hasProgram } from '../integration/source/tree.ts'
import {
  infoZipNames,
  infoZipTest,
  readWithPython,
  readWithYauzl,
} from '../integration/source/readers.ts'

const home = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'archive-')))
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

const WINDOWS = process.platform === 'win32'

const segments = fc.constantFrom(
  ...['a', 'b', 'c.js', 'node_modules', '[id].js', 'x y', '.hidden', "it's", 'пример', '\u00e9'],
  ...['日本', '🚀', '#1', '%20', '$HOME', '-v'],
  // Only on Linux are two names two files whatever their case and accents.
  ...(process.platform === 'linux' ? ['B', 'e\u0301'] : []),
  ...(WINDOWS ? [] : ['*', '?', 'a"b', '<x>']),
)

/**
 * Empty, text that shrinks, noise that does not, and sizes around the borders between the ways to
 * pack.
 */
const contents = fc.oneof(
  fc.constant(Buffer.alloc(0)),
  fc.string({ maxLength: 300 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .record({
      size: fc.constantFrom(4096, 32_767, 32_768, 32_769, 70_000, 1_048_576, 1_300_000),
      seed: fc.nat(255),
      noisy: fc.boolean(),
    })
    .map(({ size, seed, noisy }) =>
      noisy ? noise(size, seed) : Buffer.alloc(size, `line ${seed}\n`),
    ),
)

const trees = fc.array(
  fc.record({
    path: fc.array(segments, { minLength: 1, maxLength: 3 }),
    content: contents,
    executable: fc.boolean(),
    mtime: fc.integer({ min: 0, max: 4_000_000_000 }),
  }),
  { minLength: 1, maxLength: 12 },
)

type Entry = typeof trees extends fc.Arbitrary<(infer Value)[]> ? Value : never

let made = 0

/** Makes a tree; what is in the way of an earlier file is left out. */
function make(entries: readonly Entry[]): string {
  made += 1
  const root = path.join(home, String(made))
  mkdirSync(root)
  for (const { path: parts, content, executable, mtime } of entries) {
    const file = path.join(root, ...parts)
    try {
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, content, { flag: 'wx' })
    } catch {
      continue
    }
    if (executable) chmodSync(file, 0o755)
    utimesSync(file, mtime, mtime)
  }
  return root
}

/** The entries that stand: one per path, none below another's file. */
function standing(entries: readonly Entry[]): Entry[] {
  const kept = new Map<string, Entry>()
  for (const entry of entries) {
    const name = entry.path.join('/')
    const clash = [...kept.keys()].some(
      (other) => other === name || other.startsWith(`${name}/`) || name.startsWith(`${other}/`),
    )
    if (!clash) kept.set(name, entry)
  }
  return [...kept.values()].sort((a, b) => (a.path.join('/') < b.path.join('/') ? -1 : 1))
}

async function pack(root: string): Promise<Archive> {
  const { files } = await selectFiles(
    { sourceRoot: '.', include: ['.'], exclude: [] },
    { workspace: root },
  )
  return packFiles(files)
}

function noise(size: number, seed: number): Buffer {
  const blocks: Buffer[] = []
  for (let block = 0; block * 32 < size; block += 1) {
    blocks.push(createHash('sha256').update(`${seed}/${block}`).digest())
  }
  return Buffer.concat(blocks).subarray(0, size)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const hasUnzip = hasProgram('unzip')
const hasPython = hasProgram('python3')

describe('an archive of any tree', () => {
  let zipFile = ''
  beforeAll(() => {
    zipFile = path.join(home, 'package.zip')
  })

  const readers = [
    {
      name: 'Info-ZIP',
      usable: hasUnzip,
      check: async (expected: readonly Entry[]) => {
        await infoZipTest(zipFile)
        expect(await infoZipNames(zipFile)).toEqual(expected.map((entry) => entry.path.join('/')))
      },
    },
    {
      name: "Python's zipfile",
      usable: hasPython,
      check: async (expected: readonly Entry[]) => {
        expect(await readWithPython(zipFile)).toEqual(expected.map(described))
      },
    },
    {
      name: 'yauzl',
      usable: true,
      check: async (expected: readonly Entry[]) => {
        expect(await readWithYauzl(zipFile)).toEqual(expected.map(described))
      },
    },
  ]

  for (const { name, usable, check } of readers) {
    const testOrSkip = usable ? test : test.skip
    testOrSkip(
      `is read by ${name} without complaint, with exactly the files of the tree`,
      async () => {
        await fc.assert(
          fc.asyncProperty(trees, async (entries) => {
            const archive = await pack(make(entries))
            writeFileSync(zipFile, Buffer.concat(archive.chunks))
            await check(standing(entries))
          }),
          { numRuns: 40 },
        )
      },
      120_000,
    )
  }

  test('says of itself what is true', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (entries) => {
        const archive = await pack(make(entries))
        const bytes = Buffer.concat(archive.chunks)
        expect(archive.sizeBytes).toBe(bytes.length)
        expect(archive.sha256).toBe(sha256(bytes))
        expect(archive.entries.map(({ name, sizeBytes }) => ({ name, sizeBytes }))).toEqual(
          standing(entries).map((entry) => ({
            name: entry.path.join('/'),
            sizeBytes: entry.content.length,
          })),
        )
        for (const { packedBytes, sizeBytes } of archive.entries) {
          expect(packedBytes).toBeLessThanOrEqual(sizeBytes)
        }
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  test('has the same bytes whatever the times, the order of creation and the umask', async () => {
    await fc.assert(
      fc.asyncProperty(
        trees,
        fc.integer({ min: 0, max: 2_000_000_000 }),
        async (entries, mtime) => {
          const kept = standing(entries)
          const first = await pack(make(kept))
          const umask = process.umask(0o077)
          try {
            const again = kept.toReversed().map((entry) => ({ ...entry, mtime }))
            expect((await pack(make(again))).sha256).toBe(first.sha256)
          } finally {
            process.umask(umask)
          }
        },
      ),
      { numRuns: 40 },
    )
  }, 120_000)
})

function described(entry: Entry): object {
  return {
    name: entry.path.join('/'),
    sha256: sha256(entry.content),
    mode: entry.executable && !WINDOWS ? 0o100755 : 0o100644,
    time: '1980-01-01 00:00:00',
  }
}
