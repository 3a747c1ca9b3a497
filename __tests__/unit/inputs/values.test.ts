/** Parsers of single values: each accepts its documented forms and names them when it refuses. */

import { describe, expect, test } from '@jest/globals'
import { parseSecretReference } from '../../../src/inputs/environment.ts'
import { parseBucketMount, parseEphemeralDisk } from '../../../src/inputs/mounts.ts'
import {
  parseBoolean,
  parseBytes,
  parseInteger,
  parseLines,
  parsePairs,
  parseSeconds,
  ValueError,
} from '../../../src/inputs/values.ts'
import { nearest } from '../../../src/suggest.ts'
import { formatSeconds, quote } from '../../../src/text.ts'
import { thrown } from '../../support/fakes.ts'

const MIB = 1024 ** 2

function messageOf(run: () => unknown): string {
  const error = thrown(run)
  expect(error).toBeInstanceOf(ValueError)
  expect((error as ValueError).name).toBe('ValueError')
  return (error as ValueError).message
}

describe('a size', () => {
  test.each([
    ['0', 0],
    ['1', 1],
    ['134217728', 128 * MIB],
    ['5b', 5],
    ['5B', 5],
    ['3k', 3 * 1024],
    ['3KB', 3 * 1024],
    ['3kib', 3 * 1024],
    ['2m', 2 * MIB],
    ['128Mb', 128 * MIB],
    ['256MB', 256 * MIB],
    ['7MiB', 7 * MIB],
    ['1G', 1024 * MIB],
    ['1 GiB', 1024 * MIB],
    ['1gb', 1024 * MIB],
    ['0.5GB', 512 * MIB],
    ['1.25 Gb', 1280 * MIB],
    ['  128Mb\t', 128 * MIB],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('may be %j', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes)
  })

  test.each([
    '',
    'Mb',
    '-1',
    '+1',
    '1.5',
    '.5Gb',
    '1.Gb',
    '128Tb',
    '128 mega',
    '1 2',
    '1Mb x',
    'x 1Mb',
    '0x10',
    '1e3',
    'NaN',
    'Infinity',
    '1 constructor',
    '9007199254740992',
    '9'.repeat(400),
  ])('may not be %j', (text) => {
    expect(messageOf(() => parseBytes(text))).toBe(
      `is ${quote(text)}, which is not a size: write 128Mb, 256MB, 1 GiB, 1gb or a number of bytes`,
    )
  })
})

describe('a duration', () => {
  test.each([
    ['0', 0],
    ['5', 5],
    ['90s', 90],
    ['10m', 600],
    ['1h', 3600],
    ['10 m', 600],
    [' 7s ', 7],
  ])('may be %j', (text, seconds) => {
    expect(parseSeconds(text)).toBe(seconds)
  })

  test.each([
    '',
    's',
    '-5',
    '1.5s',
    '5S',
    '1d',
    '1h30m',
    '5ms',
    'x5',
    '9'.repeat(30),
    '9'.repeat(400),
  ])('may not be %j', (text) => {
    expect(messageOf(() => parseSeconds(text))).toBe(
      `is ${quote(text)}, which is not a duration: write seconds as 5, or 90s, 10m, 1h`,
    )
  })
})

describe('a boolean', () => {
  test.each(['true', 'True', 'TRUE'])('is true as %s', (text) => {
    expect(parseBoolean(text)).toBe(true)
  })

  test.each(['false', 'False', 'FALSE'])('is false as %s', (text) => {
    expect(parseBoolean(text)).toBe(false)
  })

  test.each(['', 'yes', 'no', '1', '0', 'tRue', 'on', 'true '])('may not be %j', (text) => {
    expect(messageOf(() => parseBoolean(text))).toBe(`is ${quote(text)}; write true or false`)
  })
})

describe('a whole number', () => {
  test.each([
    ['0', 0],
    ['16', 16],
    ['007', 7],
  ])('within its bounds may be %j', (text, number) => {
    expect(parseInteger(text, { min: 0, max: 16 })).toBe(number)
  })

  test.each(['', '-1', '17', '1.0', '1e1', ' 1', '1 ', 'x1', '9'.repeat(400)])(
    'may not be %j',
    (text) => {
      expect(messageOf(() => parseInteger(text, { min: 0, max: 16 }))).toBe(
        `is ${quote(text)}; write a whole number from 0 to 16`,
      )
    },
  )

  test('is held to its lower bound too', () => {
    expect(parseInteger('2', { min: 2, max: 3 })).toBe(2)
    expect(messageOf(() => parseInteger('1', { min: 2, max: 3 }))).toContain('from 2 to 3')
  })
})

describe('lines', () => {
  test('are trimmed, numbered from 1, without blank ones and comments', () => {
    expect(parseLines('a\r\n\n  # note\n  b # kept \n#\n')).toEqual([
      { number: 1, text: 'a' },
      { number: 4, text: 'b # kept' },
    ])
  })

  test('of an empty text are none', () => {
    expect(parseLines('')).toEqual([])
  })
})

describe('pairs', () => {
  test.each([
    ['KEY=value', [{ line: 1, key: 'KEY', value: 'value' }]],
    ['  KEY = value  ', [{ line: 1, key: 'KEY', value: 'value' }]],
    ['KEY=', [{ line: 1, key: 'KEY', value: '' }]],
    ['KEY=a=b==', [{ line: 1, key: 'KEY', value: 'a=b==' }]],
    [`KEY='q' "r" \\n $X`, [{ line: 1, key: 'KEY', value: `'q' "r" \\n $X` }]],
    ['KEY=a # b', [{ line: 1, key: 'KEY', value: 'a # b' }]],
    [
      '# no\n\nKEY=v\r\nB=w',
      [
        { line: 3, key: 'KEY', value: 'v' },
        { line: 4, key: 'B', value: 'w' },
      ],
    ],
    ['A<<END\n  x \n\n#y\nEND', [{ line: 1, key: 'A', value: '  x \n\n#y' }]],
    [
      'A<<END\nEND\nB=1',
      [
        { line: 1, key: 'A', value: '' },
        { line: 3, key: 'B', value: '1' },
      ],
    ],
    ['A << END', [{ line: 1, problem: true }]],
    [
      'A<<END x\nEND',
      [
        { line: 1, problem: true },
        { line: 2, problem: true },
      ],
    ],
    ['A <<END\nx\nEND', [{ line: 1, key: 'A', value: 'x' }]],
    ['A<<E1\nx\n E1\nE1 \nE1', [{ line: 1, key: 'A', value: 'x\n E1\nE1 ' }]],
    [
      'END\nA=1',
      [
        { line: 1, problem: true },
        { line: 2, key: 'A', value: '1' },
      ],
    ],
    [
      'END=0\nA<<END\nx\nEND\nB=2',
      [
        { line: 1, key: 'END', value: '0' },
        { line: 2, key: 'A', value: 'x' },
        { line: 5, key: 'B', value: '2' },
      ],
    ],
    ['A=x<<y', [{ line: 1, key: 'A', value: 'x<<y' }]],
    ['A<<B=C', [{ line: 1, problem: true }]],
  ])('are read from %j', (text, expected) => {
    const problems: string[] = []
    const pairs = parsePairs(text, problems)
    expect(pairs).toEqual(expected.filter((item) => !('problem' in item)))
    expect(problems).toHaveLength(expected.filter((item) => 'problem' in item).length)
  })

  test('name the line that is none, not what it says', () => {
    const problems: string[] = []
    expect(parsePairs('A=1\nhunter2\n=hunter3\nB=2', problems)).toHaveLength(2)
    expect(problems).toEqual([
      'line 2: no `=` after a key; write KEY=value',
      'line 3: no `=` after a key; write KEY=value',
    ])
  })

  test('end where a block has no end, without a word of the block', () => {
    const problems: string[] = []
    expect(parsePairs('A=1\nB<<END\nhunter2\nEND.\nC=3', problems)).toEqual([
      { line: 1, key: 'A', value: '1' },
    ])
    expect(problems).toEqual([
      'line 2: the block that starts here has no end: write the word after `<<` alone on a line below',
    ])
  })
})

describe('a reference to a secret', () => {
  test.each([
    ['A=db/latest/password', 'A', 'db', 'latest', 'password'],
    ['A_1 = my secret / e6q / a key', 'A_1', 'my secret', 'e6q', 'a key'],
    ['A=s/v/k=1', 'A', 's', 'v', 'k=1'],
  ])('may be %j', (line, environmentVariable, secret, version, key) => {
    expect(parseSecretReference(line)).toEqual({ environmentVariable, secret, version, key })
  })

  test.each([
    '',
    'hunter2',
    '=a/b/c',
    ' =a/b/c',
    '=A=s/v/k',
    'A=',
    'A=hunter2',
    'aHVudGVyMg==',
    'A=hunter2/b',
    'A=hunter2/b/c/d',
    'A=/b/c',
    'A=hunter2//c',
    'A=hunter2/b/',
    'A=hunter2/ /c',
    'A= /hunter2/c',
    'A=hunter2/b/ ',
    '1A=hunter2',
  ])('may not be %j, which is not echoed', (line) => {
    expect(messageOf(() => parseSecretReference(line))).toBe(
      'is not a reference to a Lockbox secret: write ENV_VAR=<secret id or name>/<version id or latest>/<key>',
    )
  })
})

describe('a mounted bucket', () => {
  test.each([
    ['data:my-bucket', 'data', 'my-bucket', undefined, false],
    ['data:my-bucket/', 'data', 'my-bucket', undefined, false],
    ['data:my-bucket:ro', 'data', 'my-bucket', undefined, true],
    ['data:my-bucket/a/b', 'data', 'my-bucket', 'a/b', false],
    ['data:my-bucket/a/b/:ro', 'data', 'my-bucket', 'a/b/', true],
  ])('may be %j', (line, name, bucket, prefix, readOnly) => {
    expect(parseBucketMount(line)).toEqual({ name, bucket, prefix, readOnly })
  })

  test.each(['', 'data', 'data:', ':bucket', 'data:/p', 'data:b:rw', 'data:b:ro:ro', 'data:b/p:x'])(
    'may not be %j',
    (line) => {
      expect(messageOf(() => parseBucketMount(line))).toBe(
        `is ${quote(line)}; write <name>:<bucket>[/<prefix>][:ro]`,
      )
    },
  )
})

describe('an ephemeral disk', () => {
  test.each([
    ['tmp:10GB', 'tmp', 10 * 1024 * MIB, undefined],
    ['tmp:1073741824:4KB', 'tmp', 1024 * MIB, 4096],
  ])('may be %j', (line, name, sizeBytes, blockSizeBytes) => {
    expect(parseEphemeralDisk(line)).toEqual({ name, sizeBytes, blockSizeBytes })
  })

  test.each(['', 'tmp', 'tmp:', ':1GB', 'tmp:1GB:', 'tmp:1GB:4KB:1'])('may not be %j', (line) => {
    expect(messageOf(() => parseEphemeralDisk(line))).toBe(
      `is ${quote(line)}; write <name>:<size>[:<block size>], such as tmp:10GB`,
    )
  })

  test.each(['tmp:big', 'tmp:1GB:small'])('has sizes, unlike %j', (line) => {
    expect(messageOf(() => parseEphemeralDisk(line))).toContain('is not a size')
  })
})

describe('a quoted value', () => {
  test.each([
    ['a', '"a"'],
    ['a"b\nc', '"a\\"b\\nc"'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(81), `"${'x'.repeat(77)}..."`],
  ])('of %j is on one line and short', (text, quoted) => {
    expect(quote(text)).toBe(quoted)
  })
})

describe('near names', () => {
  test.each([
    ['hello', ['hello'], ['hello']],
    ['helo', ['hello', 'world'], ['hello']],
    ['hello', ['hxllo', 'hello-world', 'hxxlo'], ['hxllo', 'hxxlo', 'hello-world']],
    ['ab', ['cd', 'ad', 'xyz', 'abxyz'], ['ad', 'cd', 'abxyz']],
    ['abc', ['xyz', 'abcdefgh'], ['abcdefgh']],
    ['aaa', ['aac', 'aab', 'aad', 'aae'], ['aab', 'aac', 'aad']],
    ['aaa', ['aab', 'aab'], ['aab']],
    ['a', [], []],
    ['network', ['xetworx'], ['xetworx']],
    ['network', ['xetxorx'], []],
    ['abcdefghi', ['xxxdefghi'], ['xxxdefghi']],
    ['abcdefghi', ['xxxxefghi'], []],
    ['kitten', ['sitting', 'kittens', 'kittn'], ['kittens', 'kittn']],
  ])('of %j among %j are %j', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toEqual(expected)
  })
})

test.each([
  [1, '1s'],
  [90, '90s'],
  [60, '1m'],
  [900, '15m'],
  [5400, '90m'],
  [7200, '2h'],
])('%d seconds are written as they may be given, %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
  expect(parseSeconds(text)).toBe(seconds)
})
