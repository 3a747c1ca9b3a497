/** The check of a release, as a command in a real checkout. */

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ROOT } from '../support/examples.ts'

const CHANGELOG = '# Changelog\n\n## [1.2.0] - 2026-02-01\n\n- A thing.\n'

describe('the command `check` in a checkout', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'release-'))
  const checkout = path.join(folder, 'checkout')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: checkout, stdio: 'pipe' })
  const commit = (name: string) => {
    git('add', '--all')
    git('-c', 'user.name=t', '-c', 'user.email=t@t.test', 'commit', '--allow-empty', '-qm', name)
  }
  const check = (tag: string) =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', path.join(checkout, 'scripts', 'release.ts'), 'check'],
      {
        // Where tsx is found; the script looks at its own checkout.
        cwd: ROOT,
        encoding: 'utf8',
        env: {
          ...process.env,
          GITHUB_REF_NAME: tag,
          GITHUB_REPOSITORY: 'octo-org/deploy',
          GIT_DIR: path.join(checkout, '.git'),
        },
      },
    )

  beforeAll(() => {
    mkdirSync(path.join(checkout, 'scripts'), { recursive: true })
    cpSync(path.join(ROOT, 'scripts/release.ts'), path.join(checkout, 'scripts/release.ts'))
    writeFileSync(path.join(checkout, 'CHANGELOG.md'), CHANGELOG)
    writeFileSync(
      path.join(checkout, 'package.json'),
      '{"version":"1.2.0","type":"module","repository":"github:octo-org/deploy"}',
    )
    git('init', '--quiet', '--initial-branch', 'main')
    commit('One')
    execFileSync('git', ['clone', '--quiet', '--bare', checkout, path.join(folder, 'origin')])
    git('remote', 'add', 'origin', path.join(folder, 'origin'))
    git('fetch', '--quiet', 'origin')
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('passes on main, names a wrong tag, and refuses a commit that is not on main', () => {
    expect(check('v1.2.0')).toMatchObject({ status: 0, stdout: '' })
    expect(check('v1.2.1')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('::error::The tag is v1.2.1, but package.json says 1.2.0.'),
    })
    commit('Two')
    expect(check('v1.2.0')).toMatchObject({
      status: 1,
      stdout: '::error::The commit of v1.2.0 is not on main: merge it first.\n',
    })
  })
})
