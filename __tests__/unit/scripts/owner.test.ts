/** Every text names the repository that hosts the action, and one command changes it in all of them. */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hostNamed, hostOf, withHost } from '../../../scripts/owner.ts'
import { pages, ROOT } from '../../support/examples.ts'

const host = hostOf(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
const NAME = 'deploy-yandex-cloud-function'
const FROM = `OWNER/${NAME}`

describe('the host of the action', () => {
  test('is the same in every page', () => {
    const named = pages().flatMap(({ file, text }) =>
      [
        ...text.matchAll(new RegExp(`(?<!marketplace/)(\\b[\\w.-]+/${NAME})(?=[@/\\s"'\`)])`, 'g')),
      ].map(([, found]) => [file, found]),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(([, found]) => found !== host)).toEqual([])
  })

  test.each([
    ['octo-org', `octo-org/${NAME}`],
    ['octo-org/deploy', 'octo-org/deploy'],
  ])('can be given as %s', (argument, to) => {
    expect(hostNamed(argument, FROM)).toBe(to)
  })

  test.each(['', 'a b', 'a/b/c', '-a', 'https://github.com/octo-org'])(
    'cannot be given as "%s"',
    (argument) => {
      expect(() => hostNamed(argument, FROM)).toThrow(TypeError)
    },
  )

  test.each(['{}', '{"repository":"https://example.com/a"}'])('is not told by %s', (text) => {
    expect(() => hostOf(text)).toThrow(TypeError)
  })
})

describe('a text', () => {
  const change = { from: FROM, to: `octo-org/${NAME}` }

  test.each([
    [`uses: ${FROM}@v1`, `uses: octo-org/${NAME}@v1`],
    [`https://github.com/${FROM}/issues`, `https://github.com/octo-org/${NAME}/issues`],
    ['GITHUB_OWNER=octocat', 'GITHUB_OWNER=octocat'],
    ['A.\n\n`OWNER` is the account that hosts the action.\n\nB.\n', 'A.\n\nB.\n'],
    ['Save it. `OWNER` is the account that hosts\nthe action.\n', 'Save it.\n'],
  ])('names the new host: %j', (text, changed) => {
    expect(withHost(text, change)).toBe(changed)
  })

  test('goes back to the placeholder, whose explanation it then keeps', () => {
    expect(
      withHost(`${change.to}. \`OWNER\` is the account that hosts it.`, {
        from: change.to,
        to: FROM,
      }),
    ).toBe(`${FROM}. \`OWNER\` is the account that hosts it.`)
  })
})

describe('the command in a copy of the repository', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'owner-'))
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

  beforeAll(() => {
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    for (const file of files.split('\n').filter((name) => name && !name.startsWith('dist/'))) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
      cpSync(path.join(ROOT, file), path.join(copy, file))
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'))
    git('init', '--quiet')
    git('add', '--all')
  })
  afterAll(() => {
    rmSync(copy, { recursive: true, force: true })
  })

  test('leaves the former host in no text that people copy', () => {
    execFileSync('node', ['--import', 'tsx', 'scripts/owner.ts', 'octo-org'], { cwd: copy })
    const pagesLeft = git('grep', '-l', '-F', `octo-org/${NAME}`, '--', '*.md')
    expect(pagesLeft).toContain('README.md')
    expect(() => git('grep', '-F', '-e', host, '-e', '`OWNER`', '--', '*.md', '*.yml')).toThrow(
      expect.objectContaining({ status: 1 }),
    )
    expect(readFileSync(path.join(copy, 'package.json'), 'utf8')).toContain(
      `"github:octo-org/${NAME}"`,
    )
  })
})
