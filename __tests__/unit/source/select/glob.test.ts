import { describe, expect, test } from '@jest/globals'

import { compileGlob, enterFolder, matchesFile } from '../../../../src/source/select/glob.ts'

/** Whether a glob means the file at a path, and whether it can mean anything in the file's folder. */
function look(pattern: string, file: string): { matches: boolean; isLive: boolean } {
  const glob = compileGlob([pattern])
  const folders = file.split('/')
  const name = folders.pop() ?? ''
  const progress = folders.reduce(
    (at, folder) => enterFolder(glob, { progress: at, name: folder }),
    glob.start,
  )
  return { matches: matchesFile(glob, { progress, name }), isLive: progress.length > 0 }
}

describe('a glob', () => {
  test.each<[string, string]>([
    ['.', 'a/b'],
    ['./', 'a'],
    ['a', 'a'],
    ['a', 'a/b/c'],
    ['a/', 'a/b'],
    ['./a//b', 'a/b'],
    ['*', 'a/b'],
    ['*', '.a'],
    ['a/*.js', 'a/.b.js'],
    ['**', 'a'],
    ['**/a', 'a'],
    ['**/a', 'b/c/a/d'],
    ['a/**/b', 'a/b'],
    ['a/**/b', 'a/c/d/b'],
    ['a/**', 'a'],
    ['a/**', 'a/b/c'],
    ['?', 'x'],
    ['[ab]', 'b'],
    ['[!a]', 'b'],
    ['[ab]', '[ab]'],
    ['[a]*/x', '[a]b/x'],
  ])('%s means %s', (pattern, file) => {
    expect(look(pattern, file).matches).toBe(true)
  })

  test.each<[string, string]>([
    ['a', 'b'],
    ['a', 'b/a'],
    ['a/', 'a'],
    ['*.js', 'a/b.js'],
    ['a/*/b', 'a/b'],
    ['a/**/b', 'a/c'],
    ['**/a/', 'b/a'],
    ['?', 'xy'],
    ['[!a]', 'a'],
    ['{a,b}', 'a'],
    ['+(a)', 'aa'],
    ['#a', 'a'],
  ])('%s does not mean %s', (pattern, file) => {
    expect(look(pattern, file).matches).toBe(false)
  })

  test.each<[string, string, boolean]>([
    ['a/b/c', 'a/b/x', true],
    ['a/b/c', 'a/c/x', false],
    ['*/b', 'x/y', true],
    ['*/b', 'x/y/z', false],
    ['**/b', 'x/y/z', true],
  ])('%s lets the folder of %s be searched: %p', (pattern, file, isLive) => {
    expect(look(pattern, file).isLive).toBe(isLive)
  })

  test('with many ** takes no longer for it', () => {
    const start = performance.now()
    const pattern = `${'**/a/'.repeat(30)}b`
    expect(look(pattern, `${'a/'.repeat(200)}c`).matches).toBe(false)
    expect(performance.now() - start).toBeLessThan(500)
  })
})
