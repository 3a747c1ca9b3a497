import { describe, expect, test } from '@jest/globals'
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'

import { DeployError } from '../../../src/errors.ts'
import { packFiles } from '../../../src/source/zip/archive.ts'
import { selectFiles } from '../../../src/source/select/files.ts'
import type { Archive, SourceFile } from '../../../src/source/source.ts'
import { readWithYauzl } from './readers.ts'
import { run, useTrees, type Tree } from './tree.ts'

const tree = useTrees()

async function list(workspace: string): Promise<readonly SourceFile[]> {
  const patterns = { sourceRoot: '.', include: ['.'], exclude: [] }
  return (await selectFiles(patterns, { workspace })).files
}

async function failure(packing: Promise<unknown>): Promise<DeployError> {
  const error: unknown = await packing.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof DeployError) return error
  throw new TypeError('not refused as it should be', { cause: error })
}

/** The content of an entry as stored, from the pieces of the archive. */
async function contents(archive: Archive, root: string): Promise<Record<string, string>> {
  const file = path.join(path.dirname(root), 'package.zip')
  writeFileSync(file, Buffer.concat(archive.chunks))
  const entries = await readWithYauzl(file)
  return Object.fromEntries(entries.map(({ name, sha256 }) => [name, sha256]))
}

describe('the bytes of a package', () => {
  /** Text that compresses neither well nor badly, the same on every machine. */
  const words = (lines: number): string =>
    Array.from({ length: lines }, (_, at) => createHash('md5').update(`${at}`).digest('hex')).join(
      '\n',
    )
  const sources: Tree = {
    'index.js': 'exports.handler = async () => ({ statusCode: 200 })\n',
    'lib/long.txt': 'the same line again\n'.repeat(5000),
    'lib/words-small': words(300),
    'lib/words-medium': words(9_000),
    'lib/words-large': words(60_000),
    'lib/empty': '',
    'bin/run.sh': { program: '#!/bin/sh\nexec true\n' },
    'данные.json': '{"a":1}',
  }

  // The compression of other builds of Node.js may differ: see the decision record.
  const here = process.platform === 'linux' && process.arch === 'x64'
  ;(here ? test : test.skip)('are the same on Node.js 20 and 24', async () => {
    const archive = await packFiles(await list(tree(sources)))
    expect(archive.sha256).toBe('54b231da894817ba33463ed9dd862be609588ce6ce620048408dfdd4c7bd0c3f')
  })

  test('do not depend on the time zone', async () => {
    const root = tree(sources)
    const script = fileURLToPath(new URL('pack-in-child.ts', import.meta.url))
    const inZone = async (TZ: string): Promise<string> =>
      run({
        program: process.execPath,
        args: ['--import', 'tsx', script, root],
        env: { TZ },
      })
    const here = await packFiles(await list(root))
    for (const zone of ['Asia/Kathmandu', 'America/St_Johns']) {
      expect(await inZone(zone)).toBe(here.sha256)
    }
  }, 60_000)

  test('are stored where compression does not make them fewer', async () => {
    const root = tree({ small: randomBytes(100), medium: randomBytes(100_000), one: 'x' })
    const { entries } = await packFiles(await list(root))
    for (const { packedBytes, sizeBytes } of entries) expect(packedBytes).toBe(sizeBytes)
  })

  test('are those of the files, for every way to pack and at its borders', async () => {
    const sizes = [0, 1, 32_767, 32_768, 32_769, 1_048_575, 1_048_576, 1_048_577, 5_000_000]
    const files: Record<string, Uint8Array> = {}
    for (const size of sizes) {
      files[`noise-${size}`] = randomBytes(size)
      files[`text-${size}`] = Buffer.alloc(size, `some text of ${size} bytes `)
      // Noise first, so that the samples are of both kinds.
      files[`mixed-${size}`] = Buffer.concat([
        randomBytes(Math.floor(size / 2)),
        Buffer.alloc(Math.ceil(size / 2), 'text '),
      ])
    }
    const root = tree(files)
    const archive = await packFiles(await list(root))
    expect(Object.keys(await contents(archive, root))).toHaveLength(sizes.length * 3)
    for (const { name, packedBytes, sizeBytes, crc32: sum } of archive.entries) {
      expect(sum).toBe(crc32(files[name] ?? ''))
      expect(packedBytes).toBeLessThanOrEqual(sizeBytes)
      if (name.startsWith('text') && sizeBytes > 100) {
        expect(packedBytes).toBeLessThan(sizeBytes / 9)
      }
      if (name.startsWith('mixed') && sizeBytes > 100) {
        expect(packedBytes).toBeLessThan(sizeBytes * 0.6)
      }
    }
  }, 60_000)

  test('are never held as one piece', async () => {
    const root = tree({ big: randomBytes(8 << 20), 'a.js': 'x' })
    const archive = await packFiles(await list(root))
    expect(Math.max(...archive.chunks.map(({ length }) => length))).toBeLessThanOrEqual(1 << 20)
  })
})

describe('a file that changes after it was selected', () => {
  test('is packed as it is when it is read', async () => {
    const root = tree({ grown: 'a', grownMuch: 'a', shrunk: 'abc'.repeat(9), large: 'x' })
    const large = path.join(root, 'large')
    truncateSync(large, 3 << 20)
    const files = await list(root)
    appendFileSync(path.join(root, 'grown'), 'bc')
    appendFileSync(path.join(root, 'grownMuch'), 'x'.repeat(100_000))
    truncateSync(path.join(root, 'shrunk'), 2)
    truncateSync(large, 10)
    const archive = await packFiles(files)
    expect(archive.entries.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['grown', 3],
      ['grownMuch', 100_001],
      ['large', 10],
      ['shrunk', 2],
    ])
    expect(archive.unpackedBytes).toBe(3 + 100_001 + 10 + 2)
    expect(Object.keys(await contents(archive, root))).toHaveLength(4)
  })

  test('and is gone is named', async () => {
    const root = tree({ a: 'a', b: 'b'.repeat(50_000), c: '', d: 'd' })
    truncateSync(path.join(root, 'c'), 2 << 20)
    const files = await list(root)
    for (const name of ['a', 'b', 'c']) rmSync(path.join(root, name))
    const error = await failure(packFiles(files))
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message.split('\n')).toEqual([
      '3 problems with the files of the package:',
      '`a` cannot be read: it does not exist (ENOENT)',
      '`b` cannot be read: it does not exist (ENOENT)',
      '`c` cannot be read: it does not exist (ENOENT)',
    ])
  })
})

describe('a private key among the files', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const authorized = JSON.stringify({ id: 'a', service_account_id: 'b', private_key: pem })

  test('is refused by name, all of them at once, and not a character of it is shown', async () => {
    const root = tree({
      'index.js': 'x',
      'keys/id_rsa': pem,
      'key.json': authorized,
      'bundle.pem': `${pem.replaceAll('PRIVATE KEY', 'CERTIFICATE').repeat(30)}${pem}`,
    })
    const error = await failure(packFiles(await list(root)))
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message.split('\n')).toEqual([
      '3 problems with the files of the package:',
      '`bundle.pem` is a private key',
      '`key.json` is the key of a service account',
      '`keys/id_rsa` is a private key',
    ])
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('MII')
  })

  test('comes with the lines that leave it out, and one that takes it back', async () => {
    const root = tree({ 'index.js': '', 'keys/[id].pem': pem, '!mine': pem, 'a{b,c}': pem })
    const error = await failure(packFiles(await list(root)))
    expect(error.hint?.split('\n').slice(1, -1)).toEqual(['./!mine', 'a?b,c}', 'keys/[id].pem'])
    expect(error.hint).toContain('`!./!mine`')
    const lines = (error.hint ?? '').split('\n').slice(1, -1)
    const select = async (exclude: readonly string[]) =>
      selectFiles({ sourceRoot: '.', include: ['.'], exclude }, { workspace: root })
    expect((await select(lines)).files.map(({ name }) => name)).toEqual(['index.js'])
    const wanted = await select(lines.map((line) => `!${line}`))
    const archive = await packFiles(wanted.files, wanted)
    expect(archive.entries).toHaveLength(4)
    expect(archive.warnings).toEqual([])
  })

  test('of an installed package is a warning with the lines that leave it out', async () => {
    const files = {
      'index.js': '',
      'node_modules/agent-base/test/a.key': pem,
      'lib/node_modules/ssh2/test/id_rsa': pem,
    }
    const { warnings, entries } = await packFiles(await list(tree(files)))
    expect(entries).toHaveLength(3)
    expect(warnings).toEqual([
      'The package contains 2 private keys of installed packages. ' +
        'Lines for `exclude`:\n' +
        'lib/node_modules/ssh2/test/id_rsa\nnode_modules/agent-base/test/a.key',
    ])
    const error = await failure(packFiles(await list(tree({ ...files, 'my.key': pem }))))
    expect(error.message).toBe('`my.key` is a private key')
  })

  test('is no matter when it is excluded, and certificates are none', async () => {
    const root = tree({
      'key.pem': pem,
      'cert.pem': pem.replaceAll('PRIVATE KEY', 'CERTIFICATE'),
      'public.pem': pem.replaceAll('PRIVATE KEY', 'PUBLIC KEY'),
      'load.js': `if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) throw new Error('no key')\n`,
    })
    const patterns = { sourceRoot: '.', include: ['.'], exclude: ['key.pem'] }
    const { files } = await selectFiles(patterns, { workspace: root })
    expect((await packFiles(files)).entries).toHaveLength(3)
  })
})

describe('what no zip of ours can hold', () => {
  test('more than 680 MiB of files is refused before they are read', async () => {
    const root = tree({ 'lib/hole': '', 'a.js': 'x' })
    truncateSync(path.join(root, 'lib/hole'), 5 * 2 ** 30)
    const start = performance.now()
    const error = await failure(packFiles(await list(root)))
    expect(error.code).toBe('SOURCE_TOO_LARGE')
    expect(error.message).toContain('`lib/hole` (5 GiB)')
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('more than 65 534 files are refused before they are read', async () => {
    const file = { name: 'a', path: '/nowhere', sizeBytes: 0, executable: false }
    const error = await failure(packFiles(Array.from({ length: 65_535 }, () => file)))
    expect(error.code).toBe('SOURCE_TOO_LARGE')
    expect(error.message).toContain('65534 files')
  })
})

test('no files give the zip of no files', async () => {
  const archive = await packFiles([])
  expect(archive).toMatchObject({ sizeBytes: 22, entries: [], unpackedBytes: 0 })
})

test('the event loop gets its turn while files are packed', async () => {
  const files: Record<string, string> = {}
  for (let at = 0; at < 1500; at += 1) files[`${at % 30}/${at}.js`] = `line ${at}\n`.repeat(900)
  const root = tree(files)
  const big = openSync(path.join(root, 'big'), 'w')
  for (let at = 0; at < 10; at += 1) writeSync(big, randomBytes(1 << 20))
  closeSync(big)
  let turns = 0
  const ticking = setInterval(() => (turns += 1), 1)
  const start = performance.now()
  await packFiles(await list(root))
  const took = performance.now() - start
  clearInterval(ticking)
  // Generous: the machine may be busy with something else.
  expect(turns).toBeGreaterThan(took / 150)
}, 60_000)
