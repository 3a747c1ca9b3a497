/** Error lines of compilers, pointed to the file and line of the repository. */

import { describe, expect, test } from '@jest/globals'
import { findErrorLines } from '../../../src/report/build-errors.ts'

const FILES = [
  'main.go',
  'cmd/server/x.go',
  'index.js',
  'src/app.ts',
  'Program.cs',
  'main.py',
  'lib/util.py',
  'index.php',
  'src/main/java/App.java',
  'src/Main.kt',
  'a b.c',
]
const inRepository = (name: string): string | undefined =>
  FILES.includes(name) ? `functions/hello/${name}` : undefined
const find = (...log: string[]) => findErrorLines(log, inRepository)
const at = (file: string, line: number, message: string) => ({
  file: `functions/hello/${file}`,
  line,
  message,
})

describe('an error', () => {
  test.each([
    ['Go', './main.go:12:3: undefined: foo', at('main.go', 12, 'undefined: foo')],
    [
      'Go, below the build folder',
      '/function/code/cmd/server/x.go:7:1: syntax error',
      at('cmd/server/x.go', 7, 'syntax error'),
    ],
    ['Go without a column', 'main.go:12: missing return', at('main.go', 12, 'missing return')],
    ['gcc', 'main.go:12:3: error: expected ;', at('main.go', 12, 'error: expected ;')],
    [
      'TypeScript',
      "src/app.ts(3,7): error TS2322: Type 'string'",
      at('src/app.ts', 3, "error TS2322: Type 'string'"),
    ],
    [
      'TypeScript, newer',
      "src/app.ts:3:7 - error TS2322: Type 'string'",
      at('src/app.ts', 3, "- error TS2322: Type 'string'"),
    ],
    [
      'C#',
      'Program.cs(10,5): error CS1002: ; expected [/tmp/x/p.csproj]',
      at('Program.cs', 10, 'error CS1002: ; expected [/tmp/x/p.csproj]'),
    ],
    [
      'Maven',
      '[ERROR] /build/src/main/java/App.java:[5,9] cannot find symbol',
      at('src/main/java/App.java', 5, 'cannot find symbol'),
    ],
    [
      'Kotlin',
      'e: file:///function/code/src/Main.kt:4:2 Unresolved reference: x',
      at('src/Main.kt', 4, 'Unresolved reference: x'),
    ],
    ['Kotlin, older', 'e: /tmp/build123/src/Main.kt: (4, 2): Unresolved', undefined],
    [
      'PHP',
      'PHP Parse error:  syntax error, unexpected "}" in /function/code/index.php on line 9',
      at('index.php', 9, 'Parse error:  syntax error, unexpected "}"'),
    ],
    [
      'PHP at run time',
      'Fatal error: Uncaught Error in index.php on line 2',
      at('index.php', 2, 'Fatal error: Uncaught Error'),
    ],
    ['a file that is not in the package', 'vendor/x.go:1:2: bad', undefined],
    ['a time', '12:30:01: starting', undefined],
    ['a URL', 'http://main.go:80: refused', undefined],
    ['no message', 'main.go:12:3:', undefined],
    ['nothing', '', undefined],
    ['a line too long for a message', `main.go:12:3: ${'x'.repeat(3000)}`, undefined],
  ])('of %s', (_, line, expected) => {
    expect(find(line)).toEqual(expected ? [expected] : [])
  })

  test.each([
    [
      '  File "/function/code/main.py", line 3',
      'SyntaxError: invalid syntax',
      at('main.py', 3, 'SyntaxError: invalid syntax'),
    ],
    ['File "lib/util.py", line 4, in f', '    x = (', at('lib/util.py', 4, 'x = (')],
    ['  File "./main.py", line 5', undefined, at('main.py', 5, 'error')],
    ['  File "./main.py", line 5', '  ', at('main.py', 5, 'error')],
  ])('of Python has the next line as its message: %j', (line, next, expected) => {
    expect(next === undefined ? find(line) : find(line, next)).toEqual([expected])
  })
})

describe('error lines', () => {
  test('are told once for a line of a file, with the last message', () => {
    expect(find('main.go:1:1: a', 'main.go:1:9: b', 'main.go:2:1: c')).toEqual([
      at('main.go', 1, 'b'),
      at('main.go', 2, 'c'),
    ])
  })

  test('are no more than GitHub shows beside the one of the run', () => {
    const log = Array.from({ length: 20 }, (_, index) => `main.go:${index + 1}:1: x`)
    expect(find(...log).map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('are looked for by the name as it stands too', () => {
    const known = (name: string): string | undefined =>
      name === 'src/a.go' ? 'x/src/a.go' : undefined
    expect(findErrorLines(['src/a.go:1:1: m'], known)).toHaveLength(1)
    expect(
      findErrorLines(['/src/a.go:1:1: m'], (name) => (name === '/src/a.go' ? 'x' : undefined)),
    ).toHaveLength(1)
  })

  test('are found in a time that grows with the log only', () => {
    const hostile = ['a:1', ' '.repeat(100_000), 'PHP '.repeat(50_000), '1:'.repeat(100_000)].join(
      '',
    )
    expect(find(hostile, 'main.go:1:1: m')).toHaveLength(1)
  })
})
