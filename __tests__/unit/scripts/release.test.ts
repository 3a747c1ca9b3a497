/** What is released, with which notes, and where the major tag goes. */

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { publish, refusals, releaseNotes, type Run } from '../../../scripts/release.ts'
import { ROOT } from '../../support/examples.ts'

const CHANGELOG = `# Changelog

## [Unreleased]

- Not out yet.

## [1.2.0] - 2026-02-01

### Added

- A thing, see [the docs](docs/a.md).

## [1.1.10] - 2026-01-10

- Ten.

## 1.1.1

- One.

## [2.0.0-beta.1]

- Beta.

## [1.0.0] - 2026-01-01

[1.2.0]: https://example.com/1.2.0
`

describe('the notes of a release', () => {
  test.each([
    ['v1.2.0', '### Added\n\n- A thing, see [the docs](docs/a.md).'],
    ['v1.1.10', '- Ten.'],
    ['v1.1.1', '- One.'],
    ['v2.0.0-beta.1', '- Beta.'],
    ['v1.0.0', ''],
    ['v1.1', ''],
    ['v9.9.9', ''],
  ])('of %s are those of its section alone', (tag, notes) => {
    expect(releaseNotes({ tag, changelog: CHANGELOG })).toBe(notes)
    expect(releaseNotes({ tag, changelog: CHANGELOG.replaceAll('\n', '\r\n') })).toBe(notes)
  })
})

describe('a tag', () => {
  const good = {
    packageVersion: '1.2.0',
    isOnMain: true,
    host: { named: 'octo-org/deploy', real: 'octo-org/deploy' },
  }

  test('is released when package.json, CHANGELOG.md and main agree', () => {
    expect(refusals({ tag: 'v1.2.0', changelog: CHANGELOG }, good)).toEqual([])
  })

  test.each([
    ['v1.2.0', { isOnMain: false }, 'The commit of v1.2.0 is not on main: merge it first.'],
    [
      'v1.2.0',
      { host: { named: 'OWNER/deploy', real: 'octo-org/deploy' } },
      'The texts name OWNER/deploy, not octo-org/deploy: run npm run owner -- octo-org/deploy',
    ],
    ['v1.1.1', {}, 'The tag is v1.1.1, but package.json says 1.2.0.'],
    ['v1.0.0', { packageVersion: '1.0.0' }, 'CHANGELOG.md says nothing under "## [1.0.0]".'],
    ['v1.2.0.1', {}, 'The tag v1.2.0.1 is not of the form v1.2.3 or v1.2.3-beta.1.'],
    ['v01.2.0', {}, 'The tag v01.2.0 is not of the form v1.2.3 or v1.2.3-beta.1.'],
  ])('%s is refused with %j', (tag, other, problem) => {
    expect(refusals({ tag, changelog: CHANGELOG }, { ...good, ...other })).toEqual([problem])
  })
})

const SHA = '5f3c9d0b7a1e4c2d8f6a9b0c1d2e3f4a5b6c7d8e'

/** GitHub, as far as a release sees it. */
function gitHub(state: { releases: readonly string[]; tags?: readonly string[] }) {
  const changes: string[] = []
  let notes: string | undefined
  const run: Run = (program, { args, input }) => {
    const call = args.join(' ')
    if (program === 'git') return `${SHA}\n`
    if (call.includes('/releases ')) return state.releases.join('\n')
    if (call.includes('/matching-refs/')) {
      return (state.tags ?? []).map((tag) => `refs/tags/${tag}`).join('\n')
    }
    changes.push(call)
    notes = input ?? notes
    return ''
  }
  return { run, changes, notes: () => notes }
}

const MOVED = `api --method PATCH repos/{owner}/{repo}/git/refs/tags/v1 --raw-field sha=${SHA} --field force=true`
const MADE = `api --method POST repos/{owner}/{repo}/git/refs --raw-field ref=refs/tags/v1 --raw-field sha=${SHA}`

function created(tag: string, flags: string): string {
  return `release create ${tag} --verify-tag --title ${tag} --notes-file - ${flags}`
}

describe('a release', () => {
  test.each<[string, string, Parameters<typeof gitHub>[0], string[]]>([
    [
      'makes the major tag with the first of its kind',
      'v1.2.0',
      { releases: ['v0.9.0'], tags: ['v1.2.0'] },
      [created('v1.2.0', '--latest=true'), MADE],
    ],
    [
      'moves the major tag',
      'v1.2.0',
      { releases: ['v1.1.9'], tags: ['v1', 'v1.1.9'] },
      [created('v1.2.0', '--latest=true'), MOVED],
    ],
    [
      'compares numbers, not text',
      'v1.1.10',
      { releases: ['v1.1.9'], tags: ['v1'] },
      [created('v1.1.10', '--latest=true'), MOVED],
    ],
    [
      'never moves the major tag backwards',
      'v1.1.1',
      { releases: ['v1.2.0', 'v1.1.0'], tags: ['v1'] },
      [created('v1.1.1', '--latest=false')],
    ],
    [
      'of an older major version moves the tag of that one alone, and is not the latest',
      'v1.2.0',
      { releases: ['v2.0.0', 'v1.1.1'], tags: ['v1', 'v2'] },
      [created('v1.2.0', '--latest=false'), MOVED],
    ],
    [
      'that is a preview moves nothing',
      'v2.0.0-beta.1',
      { releases: ['v1.2.0'], tags: ['v1'] },
      [created('v2.0.0-beta.1', '--latest=false --prerelease')],
    ],
    [
      'is not held back by a newer preview',
      'v1.2.0',
      { releases: ['v1.3.0-beta.1'], tags: ['v1'] },
      [created('v1.2.0', '--latest=true'), MOVED],
    ],
    [
      'that was created by a run before is finished',
      'v1.2.0',
      { releases: ['v1.2.0', 'v1.1.1'], tags: ['v1'] },
      [MOVED],
    ],
    [
      'that was overtaken before it was finished leaves the major tag alone',
      'v1.2.0',
      { releases: ['v1.2.1', 'v1.2.0'], tags: ['v1'] },
      [],
    ],
  ])('%s', (_, tag, state, changes) => {
    const github = gitHub(state)
    publish({ tag, changelog: CHANGELOG }, github.run)
    expect(github.changes).toEqual(changes)
  })

  test('has the notes of CHANGELOG.md', () => {
    const github = gitHub({ releases: [] })
    publish({ tag: 'v1.1.1', changelog: CHANGELOG }, github.run)
    expect(github.notes()).toBe('- One.')
  })
})

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
