import { describe, expect, test } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

import { DeployError } from '../../../src/errors.ts'
import type { CodeSource } from '../../../src/inputs/code.ts'
import type { VersionSettings } from '../../../src/inputs/version.ts'
import { packCode, type PackedCode } from '../../../src/deploy/code.ts'
import { packFiles } from '../../../src/source/zip/archive.ts'
import { selectFiles } from '../../../src/source/select/files.ts'
import { useTrees } from './tree.ts'

type Packable = Exclude<CodeSource, { kind: 'version' }>

const tree = useTrees()
const everything = { kind: 'files', sourceRoot: '.', include: ['.'], exclude: [] } as const

async function pack(workspace: string, source: Packable): Promise<PackedCode> {
  const settings = { runtime: 'nodejs22', entrypoint: 'index.handler' } as VersionSettings
  return packCode({ source, delivery: { kind: 'inline' }, settings }, { workspace })
}

async function failure(workspace: string, source: Packable): Promise<DeployError> {
  try {
    await pack(workspace, source)
  } catch (error) {
    if (error instanceof DeployError) return error
    throw error
  }
  throw new TypeError('nothing was refused')
}

describe('the code of a version', () => {
  test('without the file of the entrypoint is refused with the reason', async () => {
    const root = tree({ 'index.js': '', 'lib/a.js': '' })
    const source = { ...everything, include: ['lib'] }
    expect((await failure(root, source)).message).toMatch(
      /; `index\.js` is in the workspace, but no `include` line matches it$/,
    )
    const excluding = { ...everything, exclude: ['*.js'] }
    expect((await failure(root, excluding)).message).toMatch(
      /; `index\.js` is in the workspace, but `exclude \*\.js` excludes it$/,
    )
  })

  test('in a folder of a ready zip is refused: the content is to be zipped', async () => {
    const root = tree({ 'fn/index.js': '', 'fn/package.json': '' })
    const { files } = await selectFiles(everything, { workspace: root })
    const { chunks } = await packFiles(files)
    writeFileSync(path.join(root, 'fn.zip'), Buffer.concat(chunks))
    const error = await failure(root, { kind: 'package', path: 'fn.zip' })
    expect(error.message).toContain('everything in it is in the folder `fn/`')
    expect(error.hint).toBe('Zip the content of that folder, not the folder itself.')
  })

  test('brings the warnings of the patterns and those of the files', async () => {
    const { privateKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const root = tree({ 'index.js': '', 'node_modules/a/test/a.key': privateKey })
    const packed = await pack(root, { ...everything, exclude: ['docs'] })
    expect(packed.selection.warnings).toEqual([
      '`exclude` line `docs` matches nothing',
      expect.stringContaining('node_modules/a/test/a.key'),
    ])
  })
})
