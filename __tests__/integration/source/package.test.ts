import { describe, expect, test } from '@jest/globals'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'

import { DeployError } from '../../../src/errors.ts'
import { packFiles } from '../../../src/source/zip/archive.ts'
import { selectFiles } from '../../../src/source/select/files.ts'
import { readPackage } from '../../../src/source/zip/ready-zip.ts'
import { ZipWriter, type Packed } from '../../../src/source/zip/writer.ts'
import { addTree, hasProgram, run, useTrees } from './tree.ts'

const tree = useTrees()

async function failure(workspace: string, file: string): Promise<DeployError> {
  try {
    await readPackage(file, { workspace })
  } catch (error) {
    if (error instanceof DeployError) return error
    throw error
  }
  throw new TypeError('nothing was refused')
}

/** A zip with one small stored file under each name, in that order. */
function zipOf(...names: readonly string[]): Buffer {
  const writer = new ZipWriter()
  const bytes = Buffer.from('hello')
  const packed: Packed = {
    method: 'stored',
    pieces: [bytes],
    packedBytes: 5,
    sizeBytes: 5,
    crc32: 0x3610a686,
  }
  for (const name of names) writer.add({ name, executable: false }, packed)
  return Buffer.concat(writer.finish().chunks)
}

function edit(zip: Buffer, change: (zip: Buffer) => void): Buffer {
  const copy = Buffer.from(zip)
  change(copy)
  return copy
}

const END = 22
const good = zipOf('index.js', 'lib/a.js')
const directoryAt = good.readUInt32LE(good.length - END + 16)

describe('a private key in a ready zip', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })

  function zipWith(content: string, method: Packed['method'], name = 'certs/k.pem'): Buffer {
    const writer = new ZipWriter()
    const bytes = Buffer.from(content)
    const piece = method === 'stored' ? bytes : deflateRawSync(bytes)
    writer.add(
      { name, executable: false },
      {
        method,
        pieces: [piece],
        packedBytes: piece.length,
        sizeBytes: bytes.length,
        crc32: crc32(bytes),
      },
    )
    return Buffer.concat(writer.finish().chunks)
  }

  test.each(['stored', 'deflated'] as const)('is found where it is %s', async (method) => {
    const error = await failure(tree({ 'fn.zip': zipWith(privateKey, method) }), 'fn.zip')
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message).toContain('`certs/k.pem`, which is a private key')
  })

  test('is not seen in a public one', async () => {
    const root = tree({ 'fn.zip': zipWith(publicKey, 'deflated') })
    expect((await readPackage('fn.zip', { workspace: root })).entries).toHaveLength(1)
  })

  test('is not hidden by a method of packing that only one of the two headers says', async () => {
    for (const method of ['stored', 'deflated'] as const) {
      const zip = edit(zipWith(privateKey, method), (bytes) => bytes.writeUInt16LE(99, 8))
      const error = await failure(tree({ 'fn.zip': zip }), 'fn.zip')
      expect(error.message).toContain('`certs/k.pem` is not where the central directory says')
    }
  })

  test('is not hidden by a size that it does not have', async () => {
    const zip = edit(zipWith(privateKey, 'deflated'), (bytes) => {
      const at = bytes.readUInt32LE(bytes.length - END + 16)
      bytes.writeUInt32LE(5 << 20, at + 24)
    })
    const error = await failure(tree({ 'fn.zip': zip }), 'fn.zip')
    expect(error.message).toContain('`certs/k.pem` cannot be unpacked')
  })

  test('of an installed package is a warning', async () => {
    const root = tree({ 'fn.zip': zipWith(privateKey, 'stored', 'node_modules/x/test/k.pem') })
    const { warnings } = await readPackage('fn.zip', { workspace: root })
    expect(warnings).toEqual([
      'The package contains a private key of installed packages. Remove them from the zip:\n' +
        'node_modules/x/test/k.pem',
    ])
  })

  test('is not asked for in data that cannot be unpacked, which is a fault of its own', async () => {
    const zip = edit(zipWith(privateKey, 'deflated'), (bytes) => {
      bytes.fill(0xff, 30 + 'certs/k.pem'.length, 30 + 'certs/k.pem'.length + 8)
    })
    const error = await failure(tree({ 'fn.zip': zip }), 'fn.zip')
    expect(error.message).toContain('`certs/k.pem` cannot be unpacked')
  })
})

describe('a ready zip', () => {
  test('is taken without a byte changed, its files listed', async () => {
    const root = tree({ 'dist/fn.zip': good })
    const archive = await readPackage('dist/fn.zip', { workspace: root })
    expect(Buffer.concat(archive.chunks).equals(good)).toBe(true)
    expect(archive).toMatchObject({
      sizeBytes: good.length,
      sha256: createHash('sha256').update(good).digest('hex'),
      unpackedBytes: 10,
      entries: [
        { name: 'index.js', sizeBytes: 5, packedBytes: 5, crc32: 0x3610a686 },
        { name: 'lib/a.js', sizeBytes: 5, packedBytes: 5, crc32: 0x3610a686 },
      ],
    })
  })

  test('may be one of our own', async () => {
    const root = tree({ 'a.js': 'x', 'lib/run': { program: 'y'.repeat(1000) }, ключ: '' })
    const patterns = { sourceRoot: '.', include: ['.'], exclude: [] }
    const { files } = await selectFiles(patterns, { workspace: root })
    const ours = await packFiles(files)
    writeFileSync(path.join(root, 'ours.zip'), Buffer.concat(ours.chunks))
    const { sha256, entries, unpackedBytes } = await readPackage('ours.zip', { workspace: root })
    expect({ sha256, entries, unpackedBytes }).toEqual({
      sha256: ours.sha256,
      entries: ours.entries,
      unpackedBytes: ours.unpackedBytes,
    })
  })

  const others: ['zip' | 'python3', (root: string) => Promise<unknown>][] = [
    ['zip', async (cwd) => run({ program: 'zip', args: ['-qr', 'fn.zip', 'src'], cwd })],
    [
      'python3',
      async (cwd) =>
        run({ program: 'python3', args: ['-m', 'zipfile', '-c', 'fn.zip', 'src'], cwd }),
    ],
  ]
  for (const [program, make] of others) {
    const testOrSkip = hasProgram(program) ? test : test.skip
    testOrSkip(`may be made by ${program}, with entries for folders`, async () => {
      const root = tree({ 'src/a.js': 'a', 'src/b/c.js': 'c', 'src/ключ': 'x' })
      await make(root)
      const { entries } = await readPackage('fn.zip', { workspace: root })
      expect(entries.map(({ name }) => name).sort()).toEqual(['src/a.js', 'src/b/c.js', 'src/ключ'])
    })
  }

  test('may have a comment at its end', async () => {
    const zip = Buffer.concat([good, Buffer.from('a comment')])
    zip.writeUInt16LE(9, good.length - 2)
    const root = tree({ 'fn.zip': zip })
    expect((await readPackage('fn.zip', { workspace: root })).sizeBytes).toBe(zip.length)
  })

  test('may be named by its absolute path', async () => {
    const root = tree({ 'fn.zip': good })
    const file = path.join(root, 'fn.zip')
    expect((await readPackage(file, { workspace: root })).entries).toHaveLength(2)
  })
})

describe('a file that is no sound zip is refused', () => {
  const notZip = 'is not a zip, or only the beginning of one: the end record is missing'
  const damaged = 'is a damaged zip: its central directory'
  test.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), notZip],
    ['a text', Buffer.from('PK, or so it says\n'.repeat(10)), notZip],
    ['a tar.gz', Buffer.from('1f8b0800', 'hex'), notZip],
    ['the beginning of one', good.subarray(0, -30), notZip],
    ['one with something after it', Buffer.concat([good, Buffer.from('x')]), notZip],
    [
      'one with something before it',
      Buffer.concat([Buffer.from('#!/bin/sh\n'), good]),
      `${damaged} is not where its end record says`,
    ],
    [
      'one with a hole',
      Buffer.concat([good.subarray(0, 20), good.subarray(21)]),
      `${damaged} is not where its end record says`,
    ],
    [
      'one whose directory is overwritten',
      edit(good, (zip) => zip.fill(0, directoryAt, directoryAt + 4)),
      `${damaged} cannot be read`,
    ],
    [
      'one with a directory cut short by its own word',
      edit(good, (zip) => zip.writeUInt16LE(500, directoryAt + 28)),
      `${damaged} cannot be read`,
    ],
    [
      'one that counts wrongly',
      edit(good, (zip) => {
        zip.writeUInt16LE(3, good.length - END + 8)
        zip.writeUInt16LE(3, good.length - END + 10)
      }),
      'is a damaged zip: its end record has another number of entries',
    ],
    [
      'one part of several',
      edit(good, (zip) => zip.writeUInt16LE(1, good.length - END + 4)),
      'is one part of a zip that was split',
    ],
    [
      'one of the 64-bit form',
      edit(good, (zip) => zip.writeUInt32LE(0xffffffff, good.length - END + 16)),
      'is a Zip64 archive (for many or large files), which is not supported',
    ],
    [
      'one whose data is overwritten',
      edit(good, (zip) => zip.fill(0, 0, 4)),
      'is a damaged zip: `index.js` is not where the central directory says',
    ],
    [
      'one whose data has another name',
      edit(good, (zip) => zip.write('X', 30)),
      'is a damaged zip: `index.js` is not where the central directory says',
    ],
    [
      'one whose data would reach into the directory',
      edit(good, (zip) => zip.writeUInt32LE(5000, directoryAt + 20)),
      'is a damaged zip: `index.js` is not where the central directory says',
    ],
    [
      'one whose data is said to be beyond its end',
      edit(good, (zip) => zip.writeUInt32LE(0xfffffff0, directoryAt + 42)),
      'is a damaged zip: `index.js` is not where the central directory says',
    ],
    [
      'one that is encrypted',
      edit(good, (zip) => zip.writeUInt16LE(0x801, directoryAt + 8)),
      'contains the entry `index.js` that is encrypted',
    ],
    [
      'one with a way out',
      zipOf('../x'),
      'contains the entry `../x` that leads out of the package',
    ],
    [
      'one with a .. within',
      zipOf('a/../x'),
      'contains the entry `a/../x` that leads out of the package',
    ],
    ['one with an absolute path', zipOf('/x'), 'contains the entry `/x` that is an absolute path'],
    ['one with a drive', zipOf('C:/x'), 'contains the entry `C:/x` that is an absolute path'],
    [
      'one made with backslashes',
      zipOf('lib\\x'),
      'contains the entry `lib\\x` that has a `\\` in its name, which unzip programs treat as a folder separator',
    ],
    [
      'one with control characters',
      zipOf('a\n::error::'),
      'contains the entry `a\\u{a}::error::` that has a control character in its name',
    ],
    ['one with a name twice', zipOf('a', 'b', 'a'), 'contains `a` twice'],
    ['one without a name', zipOf(''), 'contains the entry `` that has no name'],
  ])('%s', async (_, bytes, fault) => {
    const error = await failure(tree({ 'fn.zip': bytes }), 'fn.zip')
    expect({ code: error.code, message: error.message }).toEqual({
      code: 'SOURCE_UNSAFE',
      message: `\`package\` \`fn.zip\` ${fault}`,
    })
  })

  test.each<[string, Buffer]>([
    ['without an entry', zipOf()],
    ['with folders only', zipOf('a/', 'b/')],
  ])('a zip %s is an empty package', async (_, bytes) => {
    const error = await failure(tree({ 'fn.zip': bytes }), 'fn.zip')
    expect({ code: error.code, message: error.message }).toEqual({
      code: 'SOURCE_EMPTY',
      message: '`package` `fn.zip` is a zip without files',
    })
  })
})

describe('a package that cannot be', () => {
  test.each<[string, string, string, string]>([
    ['is missing', 'nope.zip', 'SOURCE_EMPTY', 'does not exist in the workspace'],
    [
      'is misspelt',
      'fm.zip',
      'SOURCE_EMPTY',
      'does not exist in the workspace; did you mean `fn.zip`?',
    ],
    ['is below a file', 'fn.zip/x', 'SOURCE_EMPTY', 'does not exist in the workspace'],
    ['is a folder', 'dist', 'SOURCE_EMPTY', 'is not a file'],
    ['is outside, by ..', '../outside.zip', 'SOURCE_UNSAFE', 'is outside of the workspace'],
    [
      'is outside, by a link',
      'link.zip',
      'SOURCE_UNSAFE',
      'is outside of the workspace: it is a link',
    ],
  ])('because it %s', async (_, file, code, message) => {
    const root = tree({ 'fn.zip': good, 'dist/x': '' })
    addTree(path.dirname(root), { 'outside.zip': good })
    if (process.platform === 'win32' && file === 'link.zip') return
    addTree(root, { 'link.zip': { link: '../outside.zip' } })
    const error = await failure(root, file)
    expect({ code: error.code, message: error.message }).toEqual({
      code,
      message: `\`package\` \`${file}\` ${message}`,
    })
  })

  test('is over the limit of a bucket is refused with its largest files, unread', async () => {
    const root = tree({ 'fn.zip': '' })
    // The same zip with a hole of 200 MiB before its directory.
    const file = path.join(root, 'fn.zip')
    const size = 200 * 2 ** 20
    truncateSync(file, size - (good.length - directoryAt))
    const tail = edit(good.subarray(directoryAt), (zip) =>
      zip.writeUInt32LE(size - zip.length, zip.length - END + 16),
    )
    writeFileSync(file, tail, { flag: 'a' })
    const error = await failure(root, 'fn.zip')
    expect(error.code).toBe('SOURCE_TOO_LARGE')
    expect(error.message).toContain('the package is 200 MiB')
    expect(error.message).toContain('`index.js` (5 B)')
  })
})

test('a sparse file whose end record claims a directory of 3 GB is refused without reading it', async () => {
  const root = tree({ 'fn.zip': '' })
  const file = path.join(root, 'fn.zip')
  const claimed = 3_000_000_000
  truncateSync(file, claimed)
  const end = Buffer.from(good.subarray(-END))
  end.writeUInt32LE(claimed, 12)
  end.writeUInt32LE(0, 16)
  writeFileSync(file, end, { flag: 'a' })
  const before = process.memoryUsage().rss
  const error = await failure(root, 'fn.zip')
  expect(error.code).toBe('SOURCE_TOO_LARGE')
  expect(error.message).toContain('(3000000022 bytes)')
  expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20)
})

test('the zips of these tests are what others would write', () => {
  // The check value of CRC-32 for "hello", so that the damage above is the only damage.
  expect(good.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  expect(readFileSync(path.join(tree({ x: good }), 'x')).readUInt32LE(14)).toBe(0x3610a686)
})
