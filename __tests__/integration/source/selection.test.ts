import { describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { DeployError } from '../../../src/errors.ts'
import { selectFiles, type FileSelection } from '../../../src/source/select/files.ts'
import type { FilePatterns } from '../../../src/source/select/rules.ts'
import { useTrees, type Tree } from './tree.ts'

const WINDOWS = process.platform === 'win32'
const unixTest = WINDOWS ? test.skip : test

const tree = useTrees()

async function select(
  workspace: string,
  patterns: Partial<FilePatterns> = {},
): Promise<FileSelection> {
  return selectFiles({ sourceRoot: '.', include: ['.'], exclude: [], ...patterns }, { workspace })
}

async function names(workspace: string, patterns: Partial<FilePatterns> = {}): Promise<string[]> {
  const { files } = await select(workspace, patterns)
  return files.map(({ name }) => name)
}

async function failure(
  workspace: string,
  patterns: Partial<FilePatterns> = {},
): Promise<DeployError> {
  try {
    await select(workspace, patterns)
  } catch (error) {
    if (error instanceof DeployError) return error
    throw error
  }
  throw new TypeError('nothing was refused')
}

describe('which files go in', () => {
  const files: Tree = {
    'index.js': '',
    'lib/a.js': '',
    'lib/deep/b.js': '',
    'lib/deep/c.txt': '',
    'packages/one/index.js': '',
    'packages/two/index.js': '',
    '.hidden/x.js': '',
    '.config': '',
  }
  const everything = Object.keys(files).sort()

  test.each<[string, Partial<FilePatterns>, readonly string[]]>([
    ['everything below the root, dotfiles too', {}, everything],
    ['a folder with everything below it', { include: ['lib'] }, everything.filter(isIn('lib/'))],
    ['a folder with a slash', { include: ['lib/'] }, everything.filter(isIn('lib/'))],
    ['a folder by ./', { include: ['./lib'] }, everything.filter(isIn('lib/'))],
    ['a single file', { include: ['index.js'] }, ['index.js']],
    [
      'all include lines, not only the last',
      { include: ['index.js', 'lib/a.js'] },
      ['index.js', 'lib/a.js'],
    ],
    [
      'a glob that matches folders',
      { include: ['packages/*'] },
      ['packages/one/index.js', 'packages/two/index.js'],
    ],
    ['a glob over names', { include: ['**/*.txt'] }, ['lib/deep/c.txt']],
    [
      'a file once that three lines match',
      { include: ['.', 'index.js', '**/*.js'], exclude: ['lib', 'packages', '.*'] },
      ['index.js'],
    ],
    [
      'not what exclude matches directly',
      { exclude: ['index.js', 'lib/deep', '.*'] },
      ['lib/a.js', 'packages/one/index.js', 'packages/two/index.js'],
    ],
    [
      'nothing of a folder that exclude names with a slash',
      { exclude: ['lib/', 'packages/', '.*'] },
      ['index.js'],
    ],
    [
      'what ! takes back of an excluded folder, and nothing else is lost',
      { exclude: ['lib', '!lib/deep/b.js', 'packages'] },
      ['.config', '.hidden/x.js', 'index.js', 'lib/deep/b.js'],
    ],
    [
      'not what a later line excludes again',
      { exclude: ['lib', '!lib/deep', '**/*.txt', 'packages', '.*'] },
      ['index.js', 'lib/deep/b.js'],
    ],
    [
      'not what a ! under include turns away',
      { include: ['.', '!lib', '!packages', '!.*'] },
      ['index.js'],
    ],
    ['what is relative to source-root', { sourceRoot: 'lib', include: ['a.js'] }, ['a.js']],
    ['names without the source root', { sourceRoot: 'packages/one' }, ['index.js']],
    ['the same with a ./ and a slash', { sourceRoot: './packages/one/' }, ['index.js']],
  ])('%s', async (_, patterns, expected) => {
    expect(await names(tree(files), patterns)).toEqual(expected)
  })

  test('an absolute source root inside the workspace is one like others', async () => {
    const root = tree(files)
    expect(await names(root, { sourceRoot: path.join(root, 'lib/deep') })).toEqual([
      'b.js',
      'c.txt',
    ])
  })

  test('files are sorted by code units, whatever the order of the folders', async () => {
    const root = tree({ 'a/x': '', 'a.js': '', B: '', 'a-b': '', ä: '', a0: '' })
    expect(await names(root)).toEqual(['B', 'a-b', 'a.js', 'a/x', 'a0', 'ä'])
  })

  test('sizes and executable bits are those of the files', async () => {
    const root = tree({ 'run.sh': { program: '#!/bin/sh\n' }, 'a.txt': 'four' })
    const { files: found } = await select(root)
    expect(found).toEqual([
      { name: 'a.txt', path: path.join(root, 'a.txt'), sizeBytes: 4, executable: false },
      { name: 'run.sh', path: path.join(root, 'run.sh'), sizeBytes: 10, executable: !WINDOWS },
    ])
  })
})

describe('special characters', () => {
  test.each([
    'a [b] c',
    '[x]',
    '(1)',
    '{a,b}',
    'wow!',
    '!wow',
    '#1',
    'a+b',
    '@(x)',
    'проект',
    "it's",
  ])('a workspace called %s matters to no pattern', async (name) => {
    const root = tree({ 'a.js': '', 'b.js': '', 'lib/c.js': '' }, name)
    expect(await names(root, { include: ['*.js', 'lib'], exclude: ['b.js'] })).toEqual([
      'a.js',
      'lib/c.js',
    ])
  })

  unixTest.each(['*', '?', 'a*b', '\\x'])('nor does one called %s', async (name) => {
    const root = tree({ 'a.js': '', 'b.js': '' }, name)
    expect(await names(root, { exclude: ['b.js'] })).toEqual(['a.js'])
  })

  test.each<[string, readonly string[], readonly string[]]>([
    ['pages/[id].js', ['pages/[id].js'], ['pages/[id].js', 'pages/d.js', 'pages/i.js']],
    ['app/[slug]/page.js', ['app/[slug]/page.js'], ['app/[slug]/page.js']],
    ['app/[slug]', ['app/[slug]'], ['app/[slug]/[id]/x.js', 'app/[slug]/page.js']],
    ['app/[slug]/**', ['app/[slug]/**'], ['app/[slug]/[id]/x.js', 'app/[slug]/page.js']],
    ['app/[slug]/[id]/*.js', ['app/[slug]/[id]/*.js'], ['app/[slug]/[id]/x.js']],
    ['[...all].js', ['[...all].js'], ['[...all].js', 'a.js']],
    ['[[...opt]].js', ['[[...opt]].js'], ['[[...opt]].js']],
    ['{a}.js', ['{a}.js'], ['{a}.js']],
    ['+(x).js', ['+(x).js'], ['+(x).js']],
    ['./#1.js', ['./#1.js'], ['#1.js']],
    ['./!1.js', ['./!1.js'], ['!1.js']],
  ])('the line %s means the file of that name', async (_, include, expected) => {
    const root = tree({
      'pages/[id].js': '',
      'pages/i.js': '',
      'pages/d.js': '',
      'pages/x.js': '',
      'app/[slug]/page.js': '',
      'app/[slug]/[id]/x.js': '',
      '[...all].js': '',
      '[[...opt]].js': '',
      '{a}.js': '',
      'a.js': '',
      '+(x).js': '',
      '#1.js': '',
      '!1.js': '',
    })
    expect(await names(root, { include })).toEqual(expected)
  })

  test('brackets mean the same under exclude', async () => {
    const root = tree({ '[id].js': '', 'x.js': '' })
    expect(await names(root, { exclude: ['[id].js'] })).toEqual(['x.js'])
  })

  unixTest('a backslash takes the meaning from the character after it', async () => {
    const root = tree({ '*.js': '', 'x.js': '' })
    expect(await names(root, { include: ['\\*.js'] })).toEqual(['*.js'])
  })

  ;(WINDOWS ? test : test.skip)('a backslash separates folders on Windows', async () => {
    expect(await names(tree({ 'lib/a.js': '', 'b.js': '' }), { include: ['lib\\a.js'] })).toEqual([
      'lib/a.js',
    ])
  })
})

describe('what is left out without being asked', () => {
  const secrets: Tree = {
    'index.js': '',
    '.git/config': '',
    '.env': '',
    '.env.production': '',
    '.npmrc': '',
    '.netrc': '',
    '.aws/credentials': '',
    '.ssh/config': '',
    '.DS_Store': '',
    '__MACOSX/x': '',
    'lib/.git': 'gitdir: elsewhere',
    'lib/.env': '',
    'lib/deep/.npmrc': '',
    'lib/deep/.DS_Store': '',
    'lib/.environment': '',
    'lib/gitignore': '',
    '.gitignore': '',
  }

  test('secrets, the repository, litter, at any depth; nothing of a similar name', async () => {
    expect(await names(tree(secrets))).toEqual([
      '.gitignore',
      'index.js',
      'lib/.environment',
      'lib/gitignore',
    ])
  })

  test('also when an include line names it', async () => {
    const { files, warnings } = await select(tree(secrets), { include: ['index.js', '.env'] })
    expect(files.map(({ name }) => name)).toEqual(['index.js'])
    expect(warnings).toEqual([
      '`include` line `.env` has no effect: everything it matches is excluded by ' +
        '`built-in .env`; to deploy it, add the line `!.env` to `exclude`',
    ])
  })

  test('unless exclude takes it back', async () => {
    expect(await names(tree(secrets), { include: ['index.js'], exclude: ['!.env'] })).toEqual([
      '.env',
      'index.js',
    ])
    expect(
      await names(tree(secrets), { include: ['*.js'], exclude: ['!**/.npmrc', '!.git'] }),
    ).toEqual(['.git/config', '.npmrc', 'index.js', 'lib/deep/.npmrc'])
  })

  test('the count says by which rule', async () => {
    const { excluded } = await select(tree(secrets), { exclude: ['lib/deep', '*.js', '!index.js'] })
    expect(excluded).toEqual([
      { rule: 'built-in .git', count: 1, folders: 1 },
      { rule: 'built-in .env', count: 2, folders: 0 },
      { rule: 'built-in .env.*', count: 1, folders: 0 },
      { rule: 'built-in .npmrc', count: 1, folders: 0 },
      { rule: 'built-in .netrc', count: 1, folders: 0 },
      { rule: 'built-in .aws', count: 0, folders: 1 },
      { rule: 'built-in .ssh', count: 0, folders: 1 },
      { rule: 'built-in .DS_Store', count: 1, folders: 0 },
      { rule: 'built-in __MACOSX', count: 0, folders: 1 },
      { rule: 'exclude lib/deep', count: 0, folders: 1 },
    ])
  })

  test('a file that no line asked for does not count as left out', async () => {
    const { excluded } = await select(tree(secrets), { include: ['index.js'] })
    expect(excluded).toEqual([])
  })
})

describe('.ycignore', () => {
  const files: Tree = { 'index.js': '', 'a.log': '', 'b.log': '', 'tmp/x': '', '#x': '', 'y z': '' }

  test('leaves out what its lines match, relative to the source root', async () => {
    const root = tree({
      ...files,
      '.ycignore': '# comment\r\n\r\n*.log\r\n!b.log\r\n  tmp  \r\n./#x\r\ny z',
    })
    expect(await names(root)).toEqual(['b.log', 'index.js'])
  })

  test('begins with a byte order mark at times', async () => {
    expect(await names(tree({ ...files, '.ycignore': '\uFEFF*.log\ntmp' }))).toEqual([
      '#x',
      'index.js',
      'y z',
    ])
  })

  test('comes before exclude, which can take back', async () => {
    const root = tree({ ...files, '.ycignore': '*.log\ntmp\n#x\ny z' })
    expect(await names(root, { include: ['*.*', 'tmp'], exclude: ['!a.log', 'index.js'] })).toEqual(
      ['a.log'],
    )
  })

  test('takes back what is built in', async () => {
    expect(await names(tree({ '.env': '', a: '', '.ycignore': '!.env' }))).toEqual(['.env', 'a'])
  })

  test('counts at the source root only', async () => {
    const root = tree({ ...files, '.ycignore': '*', 'lib/.ycignore': '*.txt', 'lib/a.txt': '' })
    expect(await names(root, { sourceRoot: 'lib', include: ['.'] }).catch(() => 'empty')).toBe(
      'empty',
    )
    expect(await names(root, { exclude: ['!lib'] })).toEqual(['lib/.ycignore', 'lib/a.txt'])
  })

  test('is refused where exclude would be', async () => {
    const error = await failure(tree({ a: '', '.ycignore': '../x\n/y' }))
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message).toBe(
      [
        '2 problems with the files of the package:',
        '`.ycignore` line `../x` contains `..`: patterns must stay inside `source-root`',
        '`.ycignore` line `/y` is an absolute path: patterns are relative to `source-root`',
      ].join('\n'),
    )
  })
})

describe('what would be an empty or incomplete package', () => {
  test.each<[string, Partial<FilePatterns>, string]>([
    [
      'a line that matches nothing',
      { include: ['a.js', 'nope/*.js'] },
      '`include` line `nope/*.js` matches no file: is it built before this step?',
    ],
    [
      'a line below a file',
      { include: ['a.js/b'] },
      '`include` line `a.js/b` matches no file: did you mean `a.js`?',
    ],
    [
      'a line that matches an empty folder',
      { include: ['a.js', 'empty'] },
      '`include` line `empty` matches no file: is it built before this step?',
    ],
    [
      'a slash after a file',
      { include: ['a.js/'] },
      '`include` line `a.js/` matches no file: did you mean `a.js`?',
    ],
    [
      'another case',
      { include: ['A.JS'] },
      '`include` line `A.JS` matches no file: did you mean `a.js`?',
    ],
    [
      'only lines with !',
      { include: ['!b'] },
      '`include` has only lines with `!`, which exclude files',
    ],
    ['a lone !', { include: ['a.js', '!'] }, '`include` line `!` contains no pattern'],
    [
      'all of it excluded',
      { exclude: ['*.js', 'lib', 'empty'] },
      'everything that `include` matches is excluded ' +
        'by `built-in .env`, `exclude *.js`, `exclude lib`, `exclude empty`',
    ],
    [
      'all of it excluded whole',
      { exclude: ['**'] },
      'everything that `include` matches is excluded by `exclude **`',
    ],
    [
      'all of it built in',
      { include: ['.env'] },
      'everything that `include` matches is excluded by `built-in .env`; to deploy it, add the line `!.env` to `exclude`',
    ],
    [
      'all of several lines built in',
      { include: ['.env', 'lib/.npmrc'] },
      'everything that `include` matches is excluded by `built-in .env`, `built-in .npmrc`; to deploy it, add the lines `!.env`, `!lib/.npmrc` to `exclude`',
    ],
    [
      'a folder that is excluded',
      { include: ['lib/*.js'], exclude: ['lib'] },
      'everything that `include` matches is excluded by `exclude lib`',
    ],
    [
      'a missing source root',
      { sourceRoot: 'nope' },
      '`source-root` `nope` does not exist in the workspace',
    ],
    [
      'a misspelt source root',
      { sourceRoot: 'empyt' },
      '`source-root` `empyt` does not exist in the workspace; did you mean `empty`?',
    ],
    [
      'a source root below a file',
      { sourceRoot: 'a.js/x' },
      '`source-root` `a.js/x` does not exist in the workspace',
    ],
    [
      'a source root that is a file',
      { sourceRoot: 'a.js' },
      '`source-root` `a.js` is not a folder',
    ],
    ['an empty source root', { sourceRoot: 'empty' }, '`include` line `.` matches no file'],
  ])('%s', async (name, patterns, message) => {
    // Names match without regard to case on Windows, and file systems may too.
    if (name === 'another case' && process.platform !== 'linux') return
    const root = tree({
      'a.js': '',
      '.env': '',
      empty: { folder: true },
      'lib/x.js': '',
      'lib/.npmrc': '',
    })
    const error = await failure(root, patterns)
    expect({ code: error.code, message: error.message }).toEqual({ code: 'SOURCE_EMPTY', message })
  })

  test('the hint names the source root', async () => {
    const error = await failure(tree({ 'lib/a.js': '' }), {
      sourceRoot: 'lib',
      include: ['lib/a.js'],
    })
    expect(error.hint).toContain('relative to `source-root` (`lib`)')
  })

  test('a missing workspace is told as such', async () => {
    const error = await failure(path.join(tree({ a: '' }), 'nope'))
    expect(error.code).toBe('SOURCE_EMPTY')
    expect(error.hint).toContain('actions/checkout')
  })

  test('a line that is wholly excluded beside others is a warning, not an error', async () => {
    const { files, warnings } = await select(tree({ 'a.js': '', 'b.md': '' }), {
      include: ['a.js', '*.md'],
      exclude: ['*.md'],
    })
    expect(files).toHaveLength(1)
    expect(warnings).toEqual([
      '`include` line `*.md` has no effect: everything it matches is excluded by `exclude *.md`',
    ])
  })
})

describe('what must not go in', () => {
  test.each<[string, Partial<FilePatterns>, string]>([
    [
      'a ..',
      { include: ['../x'] },
      '`include` line `../x` contains `..`: patterns must stay inside `source-root`',
    ],
    [
      'a .. within',
      { include: ['a/../a.js'] },
      '`include` line `a/../a.js` contains `..`: patterns must stay inside `source-root`',
    ],
    [
      'a .. after !',
      { exclude: ['!lib/..'] },
      '`exclude` line `!lib/..` contains `..`: patterns must stay inside `source-root`',
    ],
    [
      'an absolute path',
      { include: ['/etc/passwd'] },
      '`include` line `/etc/passwd` is an absolute path: patterns are relative to `source-root`',
    ],
    [
      'an absolute exclude',
      { exclude: ['/dist'] },
      '`exclude` line `/dist` is an absolute path: patterns are relative to `source-root`',
    ],
    [
      'the home folder',
      { include: ['~/x'] },
      '`include` line `~/x` is an absolute path: patterns are relative to `source-root`',
    ],
    [
      'a source root with ..',
      { sourceRoot: '../elsewhere' },
      '`source-root` `../elsewhere` is outside of the workspace',
    ],
    [
      'an absolute source root',
      { sourceRoot: path.resolve('/etc') },
      `\`source-root\` \`${path.resolve('/etc')}\` is outside of the workspace`,
    ],
  ])('%s', async (_, patterns, message) => {
    const error = await failure(tree({ 'a.js': '', 'lib/b.js': '' }), patterns)
    expect({ code: error.code, message: error.message }).toEqual({ code: 'SOURCE_UNSAFE', message })
  })

  unixTest('dots that are not a folder are names like others', async () => {
    const root = tree({ '..a': '', 'b..': '', 'c/...': '' })
    expect(await names(root, { include: ['..a', 'b..', 'c/...'] })).toHaveLength(3)
  })

  test('all problems are told at once, the unsafe ones first', async () => {
    const root = tree({ 'a.js': '', gone: { link: 'nowhere' } })
    const error = await failure(root, { include: ['.', 'nope.js', '../up'], exclude: ['/abs'] })
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message.split('\n')).toEqual([
      '4 problems with the files of the package:',
      '`include` line `../up` contains `..`: patterns must stay inside `source-root`',
      '`exclude` line `/abs` is an absolute path: patterns are relative to `source-root`',
      '`gone` is a link to something that does not exist',
      '`include` line `nope.js` matches no file: is it built before this step?',
    ])
  })

  unixTest('a pipe, unless it is excluded', async () => {
    const root = tree({ 'a.js': '', 'lib/b.js': '' })
    spawnSync('mkfifo', [path.join(root, 'lib/pipe')])
    const error = await failure(root)
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message).toBe('`lib/pipe` is neither a file nor a folder')
    expect(await names(root, { exclude: ['lib/pipe'] })).toEqual(['a.js', 'lib/b.js'])
    expect(await names(root, { exclude: ['lib'] })).toEqual(['a.js'])
  })

  unixTest('a pipe as .ycignore, or behind a link, does not hang', async () => {
    const root = tree({ 'a.js': '', 'x.js': { link: '.ycignore' } })
    spawnSync('mkfifo', [path.join(root, '.ycignore')])
    expect((await failure(root)).message).toBe('`.ycignore` is not a file')
    const other = tree({ 'a.js': '', 'lib/x.js': { link: '../pipe' } })
    spawnSync('mkfifo', [path.join(other, 'pipe')])
    expect((await failure(other, { include: ['lib'] })).message).toBe(
      '`lib/x.js` is neither a file nor a folder',
    )
  })

  const cannotRead = !WINDOWS && process.getuid?.() !== 0
  ;(cannotRead ? test : test.skip)(
    'a folder that cannot be read, unless it is excluded',
    async () => {
      const root = tree({ 'a.js': '', 'closed/b.js': '' })
      chmodSync(path.join(root, 'closed'), 0)
      try {
        const error = await failure(root)
        expect(error.code).toBe('SOURCE_UNSAFE')
        expect(error.message).toBe('`closed` cannot be read: permission denied (EACCES)')
        expect(await names(root, { exclude: ['closed'] })).toEqual(['a.js'])
      } finally {
        chmodSync(path.join(root, 'closed'), 0o755)
      }
    },
  )

  unixTest.each([
    ['a line break', 'a\nb', '`a\\u{a}b` has a control character in its name'],
    ['an escape', 'a\u001b[31m', '`a\\u{1b}[31m` has a control character in its name'],
    [
      'a backslash',
      'a\\b',
      '`a\\b` has a `\\` in its name, which unzip programs treat as a folder separator',
    ],
  ])('%s in a name', async (_, name, message) => {
    const root = tree({ 'ok.js': '', [name]: '' })
    const error = await failure(root)
    expect({ code: error.code, message: error.message }).toEqual({ code: 'SOURCE_UNSAFE', message })
    expect(await names(root, { exclude: ['a*'] })).toEqual(['ok.js'])
  })

  ;(process.platform === 'linux' ? test : test.skip)('a name that is not UTF-8', async () => {
    const root = tree({ 'ok.js': '' })
    const bad = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.js')])
    writeFileSync(bad, '')
    const folder = Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xff])])
    mkdirSync(folder)
    const error = await failure(root)
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message.split('\n').slice(1)).toEqual([
      '`caf\uFFFD.js` has a name that is not valid UTF-8',
      '`d\uFFFD` has a name that is not valid UTF-8',
    ])
    expect(await names(root, { include: ['ok.js'] })).toEqual(['ok.js'])
  })

  ;(process.platform === 'linux' ? test : test.skip)(
    'a name that is not UTF-8 and reads like another one',
    async () => {
      const root = tree({ 'a\uFFFD.txt': 'one', 'd\uFFFD/x': 'two' })
      const bytes = (name: string): Buffer => Buffer.from(`${root}/${name}`, 'latin1')
      writeFileSync(bytes('a\xff.txt'), 'three')
      mkdirSync(bytes('d\xff'))
      const error = await failure(root)
      expect(error.code).toBe('SOURCE_UNSAFE')
      expect(error.message.split('\n').slice(1)).toEqual([
        '`a\uFFFD.txt` has a name that is not valid UTF-8',
        '`d\uFFFD` has a name that is not valid UTF-8',
      ])
    },
  )

  test('a replacement character that really is in a name is a name like others', async () => {
    expect(await names(tree({ 'a\uFFFD.js': '' }))).toEqual(['a\uFFFD.js'])
  })
})

describe('links', () => {
  unixTest('to files and folders of the workspace are followed, as files', async () => {
    const root = tree({
      'shared/s.js': 'shared',
      'fn/index.js': '',
      'fn/s.js': { link: '../shared/s.js' },
      'fn/lib': { link: '../shared' },
    })
    const { files } = await select(root, { sourceRoot: 'fn' })
    expect(files.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['index.js', 0],
      ['lib/s.js', 6],
      ['s.js', 6],
    ])
  })

  unixTest('make a node_modules of pnpm work', async () => {
    const root = tree({
      'index.js': '',
      'node_modules/.pnpm/a@1.0.0/node_modules/a/index.js': '',
      'node_modules/.pnpm/b@2.0.0/node_modules/b/index.js': '',
      'node_modules/.pnpm/a@1.0.0/node_modules/b': { link: '../../b@2.0.0/node_modules/b' },
      'node_modules/.pnpm/b@2.0.0/node_modules/a': { link: '../../a@1.0.0/node_modules/a' },
      'node_modules/a': { link: '.pnpm/a@1.0.0/node_modules/a' },
    })
    expect(await names(root)).toEqual([
      'index.js',
      'node_modules/.pnpm/a@1.0.0/node_modules/a/index.js',
      'node_modules/.pnpm/a@1.0.0/node_modules/b/index.js',
      'node_modules/.pnpm/b@2.0.0/node_modules/a/index.js',
      'node_modules/.pnpm/b@2.0.0/node_modules/b/index.js',
      'node_modules/a/index.js',
    ])
  })

  unixTest('that lead back to a folder above them end there', async () => {
    const root = tree({
      'a/b/c.js': '',
      'a/up': { link: '..' },
      'a/b/self': { link: '.' },
      'a/b/top': { link: '../..' },
    })
    expect(await names(root)).toEqual(['a/b/c.js'])
  })

  unixTest('between packages that need each other end as well', async () => {
    const root = tree({
      'packages/a/index.js': '',
      'packages/b/index.js': '',
      'packages/a/node_modules/b': { link: '../../b' },
      'packages/b/node_modules/a': { link: '../../a' },
    })
    expect(await names(root)).toEqual([
      'packages/a/index.js',
      'packages/a/node_modules/b/index.js',
      'packages/b/index.js',
      'packages/b/node_modules/a/index.js',
    ])
  })

  unixTest.each<[string, string, string]>([
    ['to a file outside', '/etc/passwd', '`x` is a link that leads out of the workspace'],
    ['to a folder outside', '/etc', '`x` is a link that leads out of the workspace'],
    ['to the folder above', '../..', '`x` is a link that leads out of the workspace'],
    ['to nothing', 'nowhere', '`x` is a link to something that does not exist'],
    ['to itself', 'x', '`x` cannot be read: a link that leads to itself (ELOOP)'],
  ])('%s are refused, unless they are excluded', async (_, link, message) => {
    const root = tree({ 'a.js': '', x: { link } })
    const error = await failure(root)
    expect({ code: error.code, message: error.message }).toEqual({ code: 'SOURCE_UNSAFE', message })
    expect(await names(root, { exclude: ['x'] })).toEqual(['a.js'])
    expect(await names(root, { include: ['*.js'], exclude: ['x'] })).toEqual(['a.js'])
  })

  unixTest('of which only the name looks like the workspace are outside too', async () => {
    const root = tree({ 'a.js': '', x: { link: '../workspace-2/secret' } })
    mkdirSync(`${root}-2`)
    writeFileSync(`${root}-2/secret`, '')
    expect((await failure(root)).message).toBe('`x` is a link that leads out of the workspace')
  })

  unixTest(
    'may lead to the source root from elsewhere, but to nothing that is left out',
    async () => {
      const root = tree({ 'real/a.js': '', '.git/b.js': '' })
      const elsewhere = tree({
        in: { link: path.join(root, 'real') },
        git: { link: path.join(root, '.git') },
      })
      expect(await names(root, { sourceRoot: path.join(elsewhere, 'in') })).toEqual(['a.js'])
      const error = await failure(root, { sourceRoot: path.join(elsewhere, 'git') })
      expect(error.code).toBe('SOURCE_UNSAFE')
      const gone = await failure(root, { sourceRoot: path.join(elsewhere, 'gone') })
      expect(gone.message).toMatch(/is outside of the workspace$/)
    },
  )

  unixTest('may be the workspace itself, and the source root', async () => {
    const root = tree({ 'real/a.js': '', link: { link: 'real' }, out: { link: '/etc' } })
    expect(await names(path.join(root, 'link'))).toEqual(['a.js'])
    expect(await names(root, { sourceRoot: 'link' })).toEqual(['a.js'])
    const error = await failure(root, { sourceRoot: 'out' })
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message).toBe('`source-root` `out` is outside of the workspace: it is a link')
  })

  unixTest('as .ycignore must not lead out either', async () => {
    const error = await failure(tree({ 'a.js': '', '.ycignore': { link: '/etc/passwd' } }))
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message).toBe('`.ycignore` is a link that leads out of the workspace')
  })
})

describe('a link to what is always left out', () => {
  const files: Tree = {
    'index.js': '',
    '.git/config': '',
    '.git/HEAD': '',
    '.env': '',
    'sub/.npmrc': '',
  }

  unixTest.each<[string, string, string]>([
    ['a folder', 'assets', '.git'],
    ['a file', 'settings.txt', '.env'],
    ['a file in a folder', 'git.txt', '.git/config'],
    ['a file at any depth', 'rc', 'sub/.npmrc'],
  ])('is refused by name, unless it is taken back or left out: %s', async (_, link, target) => {
    const root = tree({ ...files, [link]: { link: target } })
    const error = await failure(root)
    expect(error.code).toBe('SOURCE_UNSAFE')
    expect(error.message).toMatch(
      new RegExp(`^\\\`${link}\\\` is a link to \\\`${target}\\\`, which .built-in .* excludes$`),
    )
    expect(error.hint).toContain(`\`!${link}\``)
    expect(await names(root, { exclude: [link] })).toEqual(['index.js'])
    const taken = await names(root, { exclude: [`!${link}`] })
    expect(taken.filter((name) => name.startsWith(link))).not.toEqual([])
    expect(taken).not.toContain('.env')
  })

  unixTest('is refused behind another link, and for what was not taken back', async () => {
    const root = tree({ ...files, 'lib/deep': { link: '../assets' }, assets: { link: '.git' } })
    const error = await failure(root, { include: ['lib'] })
    expect(error.message).toContain('`lib/deep` is a link to `.git`')
    const part = { include: ['*.js'], exclude: ['assets', '!assets/HEAD'] }
    expect(await names(root, part)).toEqual(['assets/HEAD', 'index.js'])
    const all = await failure(root, { include: ['assets'], exclude: ['!assets/HEAD'] })
    expect(all.message).toContain('`assets` is a link to `.git`')
  })

  unixTest('is refused as the source root and as .ycignore too', async () => {
    const root = tree({ ...files, here: { link: '.git' }, lib: { folder: true } })
    const error = await failure(root, { sourceRoot: 'here' })
    expect(error.message).toContain('`here` is a link to `.git`')
    const other = tree({ ...files, '.ycignore': { link: '.git/config' } })
    expect((await failure(other)).message).toBe(
      '`.ycignore` is a link to `.git/config`, which `built-in .git` excludes',
    )
  })

  unixTest('is no other .ycignore, which may be shared', async () => {
    const root = tree({
      '.ycignore': '*.md',
      'fn/.ycignore': { link: '../.ycignore' },
      'fn/a.js': '',
      'fn/b.md': '',
    })
    expect(await names(root, { sourceRoot: 'fn' })).toEqual(['a.js'])
  })
})

describe('a workspace that is a link', () => {
  unixTest('gives paths below itself, not below what it leads to', async () => {
    const outer = tree({ 'real/fn/a.js': '', ws: { link: 'real' } })
    const workspace = path.join(outer, 'ws')
    const { files } = await select(workspace, { sourceRoot: 'fn' })
    expect(files.map((file) => path.relative(workspace, file.path))).toEqual([
      path.join('fn', 'a.js'),
    ])
  })
})

describe('braces', () => {
  const files: Tree = { 'a.js': '', 'b.json': '', 'c.ts': '', 'd.md': '', 'lib/e.ts': '' }

  test('are alternatives under include and exclude', async () => {
    expect(await names(tree(files), { include: ['*.{js,json}'] })).toEqual(['a.js', 'b.json'])
    expect(await names(tree(files), { exclude: ['**/*.{ts,md}'] })).toEqual(['a.js', 'b.json'])
    expect(await names(tree(files), { include: ['{lib/*,d}.{t,m}{s,d}'] })).toEqual([
      'd.md',
      'lib/e.ts',
    ])
  })

  test('need not match in all of their alternatives', async () => {
    const { warnings } = await select(tree(files), {
      include: ['*.{js,mjs}'],
      exclude: ['!{x,c}.ts'],
    })
    expect(warnings).toEqual([])
  })

  test.each<[string, Partial<FilePatterns>, string]>([
    [
      'an expansion over a thousand',
      { include: ['{0,1,2,3,4,5,6,7,8,9}'.repeat(4)] },
      'expands to more than 1000 patterns: use fewer braces',
    ],
    ['an alternative that leads out', { include: ['{a.js,../x}'] }, 'contains `..`'],
    ['an alternative that is absolute', { exclude: ['{a.js,/etc}'] }, 'is an absolute path'],
    ['a very long line', { exclude: ['a'.repeat(5000)] }, 'has more than 4096 characters'],
  ])('are refused with %s', async (_, patterns, message) => {
    expect((await failure(tree(files), patterns)).message).toContain(message)
  })
})

describe('an exclude line that matches nothing', () => {
  const files: Tree = {
    'index.js': '',
    'src/a.js': '',
    'src/a.test.js': '',
    '.ycignore': 'docs\nsrc/a.test.js',
    'other/x.md': '',
  }

  test.each<[string, string]>([
    ['scr', '`exclude` line `scr` matches nothing: did you mean `src`?'],
    ['a.js', '`exclude` line `a.js` matches nothing: `**/a.js` would match `src/a.js`'],
    ['!nope.txt', '`exclude` line `!nope.txt` matches nothing'],
    ["'src'", "`exclude` line `'src'` matches nothing: write it without quotes"],
    [
      'index.js, src',
      '`exclude` line `index.js, src` matches nothing: ' +
        'write one pattern per line, without commas or dashes',
    ],
    [
      '!(a).js',
      '`exclude` line `!(a).js` matches nothing: ' +
        'extended globs are not supported: write `{a,b}`, or one line for each',
    ],
    [
      '@(a|b).js',
      '`exclude` line `@(a|b).js` matches nothing: ' +
        'extended globs are not supported: write `{a,b}`, or one line for each',
    ],
  ])('is a warning that names it: %s', async (line, warning) => {
    const { warnings } = await select(tree(files), { exclude: [line] })
    expect(warnings).toEqual(['`.ycignore` line `docs` matches nothing', warning])
  })

  test('is not one that matches what another line leaves out, or what no line asks for', async () => {
    const { warnings } = await select(tree({ ...files, '.ycignore': '', '.git/x': '' }), {
      include: ['src', 'index.js'],
      exclude: ['src', 'src/a.js', 'other', 'other/*.md', '.git/hooks', '!src/a.js'],
    })
    expect(warnings).toEqual([])
  })

  test('is not one that says again what is built in', async () => {
    const { warnings } = await select(tree({ a: '' }), { exclude: ['.git', '.env', '.npmrc'] })
    expect(warnings).toEqual([])
  })

  test('does not make more warnings than somebody reads', async () => {
    const exclude = Array.from({ length: 20 }, (_, at) => `missing-${at}.txt`)
    const { warnings } = await select(tree({ a: '' }), { exclude })
    expect(warnings).toHaveLength(6)
    expect(warnings[5]).toBe('15 more lines of `exclude` or `.ycignore` match nothing')
  })
})

describe('an include line that matches nothing', () => {
  const files: Tree = { 'src/index.js': '', 'package.json': '', '.git/x.tsx': '' }

  test.each<[string, string]>([
    ['scr', 'did you mean `src`?'],
    ['src/idnex.js', 'did you mean `src/index.js`?'],
    ['index.js', '`**/index.js` would match `src/index.js`'],
    ['src package.json', 'write one pattern per line, without commas or dashes'],
    ['src,package.json', 'write one pattern per line, without commas or dashes'],
    ['- src', 'write one pattern per line, without commas or dashes'],
    ['"src"', 'write it without quotes'],
    ['dist/**', 'is it built before this step?'],
    ['src/+(a|b).js', 'extended globs are not supported: write `{a,b}`, or one line for each'],
  ])('says what may be meant: %s', async (line, advice) => {
    const error = await failure(tree(files), { include: ['package.json', line] })
    expect(error.code).toBe('SOURCE_EMPTY')
    expect(error.message).toBe(`\`include\` line \`${line}\` matches no file: ${advice}`)
  })

  test('is an error also where a folder that is always left out might have matched', async () => {
    const error = await failure(tree(files), { include: ['package.json', '**/*.tsx'] })
    expect(error.message).toBe('`include` line `**/*.tsx` matches no file')
  })
})

describe('a file that is not selected', () => {
  test('can be asked for the reason', async () => {
    const root = tree({ 'a.js': '', 'b.js': '', 'lib/c.js': '' })
    const { whyMissing } = await select(root, { include: ['*.js'], exclude: ['b.js'] })
    expect(['b.js', 'lib/c.js', 'nope.js', '../x'].map(whyMissing)).toEqual([
      '`exclude b.js` excludes it',
      'no `include` line matches it',
      undefined,
      undefined,
    ])
  })

  test('has no reason where its name leads to one that is, as where case does not matter', async () => {
    const root = tree({ 'a.js': '' })
    const { whyMissing } = await select(root)
    // What a file system that takes `A.js` for `a.js` says.
    writeFileSync(path.join(root, 'A.js'), '')
    expect(whyMissing('A.js')).toBeUndefined()
  })
})

describe('names that differ only in case', () => {
  ;(process.platform === 'linux' ? test : test.skip)('go in, with a warning', async () => {
    const root = tree({ 'A.js': '', 'a.js': '', 'lib/é': '', 'lib/e\u0301': '', 'lib/x': '' })
    const { files, warnings } = await select(root)
    expect(files).toHaveLength(5)
    expect(warnings).toEqual([
      '`A.js` and `a.js` (and 1 more such pairs) differ only in case or accents: ' +
        'Windows and macOS keep only one of them',
    ])
  })
})

unixTest(
  'more files than a zip can hold are refused before they are all listed',
  async () => {
    const root = tree({ 'a.js': '' })
    for (let folder = 0; folder < 66; folder += 1) {
      mkdirSync(path.join(root, String(folder)))
      for (let file = 0; file < 1000; file += 1) {
        writeFileSync(path.join(root, String(folder), String(file)), '')
      }
    }
    const error = await failure(root)
    expect(error.code).toBe('SOURCE_TOO_LARGE')
    expect(error.message).toContain('more than 65534 files')
  },
  120_000,
)

function isIn(folder: string): (name: string) => boolean {
  return (name) => name.startsWith(folder)
}
