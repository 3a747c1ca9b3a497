import { describe, expect, test } from '@jest/globals'

import { badName, describeFsError, fsCode, showName } from '../../../src/source/file-names.ts'

describe('a name', () => {
  test.each(['a.js', 'a b', 'é', '日本', '🚀', '-', '$x', "it's", 'a"b', '`', '<b>', 'a\u00a0b'])(
    '%s can be stored',
    (name) => {
      expect(badName(name)).toBeUndefined()
    },
  )

  test.each(['a\nb', '\r', '\0', '\u001b[0m', '\u007f', '\u0085', 'a\\b', 'a\ud800'])(
    '%j cannot be stored',
    (name) => {
      expect(badName(name)).toBeDefined()
    },
  )

  test.each([
    ['a b.js', '`a b.js`'],
    ['a`b', '`a\\u{60}b`'],
    ['a\r\n::error::x', '`a\\u{d}\\u{a}::error::x`'],
    ['\u202Etxt.exe', '`\\u{202e}txt.exe`'],
    ['\u2028\u2029', '`\\u{2028}\\u{2029}`'],
    ['🚀', '`🚀`'],
  ])('%j is shown on one line', (name, shown) => {
    expect(showName(name)).toBe(shown)
  })
})

describe('a refusal of the file system', () => {
  test.each<[unknown, string]>([
    [{ code: 'EACCES' }, 'cannot be read: permission denied (EACCES)'],
    [{ code: 'EISDIR' }, 'cannot be read: it is a folder (EISDIR)'],
    [{ code: 'EIO' }, 'cannot be read (EIO)'],
    [{ code: 7 }, 'cannot be read: [object Object]'],
    [new TypeError('odd'), 'cannot be read: TypeError: odd'],
    ['odd', 'cannot be read: odd'],
    [undefined, 'cannot be read: undefined'],
  ])('%p is said in words', (error, words) => {
    expect(describeFsError(error)).toBe(words)
  })

  test('has a code, or none', () => {
    expect(fsCode({ code: 'ENOENT' })).toBe('ENOENT')
    expect(fsCode(null)).toBeUndefined()
    expect(fsCode({ code: 7 })).toBeUndefined()
  })
})
