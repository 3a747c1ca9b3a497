import { describe, expect, test } from '@jest/globals'

import { DeployError } from '../../../src/errors.ts'
import { checkEntrypoint } from '../../../src/source/entrypoint.ts'

function check(runtime: string, entrypoint: string, ...names: string[]): DeployError | undefined {
  try {
    checkEntrypoint({ runtime, entrypoint }, new Set(names))
    return undefined
  } catch (error) {
    if (error instanceof DeployError) return error
    throw error
  }
}

describe('an entrypoint whose file is there', () => {
  test.each([
    ['nodejs22', 'index.handler', 'index.js'],
    ['nodejs22', 'index.handler', 'index.cjs'],
    ['nodejs22', 'index.handler', 'index.mjs'],
    ['nodejs18', 'src/main.handler', 'src/main.js'],
    ['nodejs22', './src/main.handler', 'src/main.js'],
    ['nodejs22', 'app.v2.handler', 'app.v2.js'],
    ['nodejs22', 'app.handlers.first', 'app.js'],
    ['nodejs22', 'lib.handler', 'lib/index.js'],
    ['nodejs22', 'lib.handler', 'lib/package.json'],
    ['python312', 'main.handler', 'main.py'],
    ['python314', 'app/main.handler', 'app/main.py'],
    ['python312', 'app.main.handler', 'app/main.py'],
    ['python312', 'app.handler', 'app/__init__.py'],
    ['python312', 'main.handler', 'main.pyc'],
    ['php82', 'index.handler', 'index.php'],
    ['r43', 'handler.handler', 'handler.R'],
    ['r42', 'handler.handler', 'handler.r'],
    ['bash-2204', 'handler.sh', 'handler.sh'],
    ['bash', 'bin/handler', 'bin/handler'],
    ['golang123', 'index.Handler', 'index.go'],
    ['golang123', 'cmd/server/main.Handler', 'cmd/server/main.go'],
    // A compiled package has no sources to look for.
    ['golang123', 'index.Handler', 'handler.so'],
    ['java21', 'com.example.Handler', 'app.jar'],
    ['kotlin20', 'com.example.MainKt::handle', 'app.jar'],
    ['dotnet8', 'Function.Handler', 'Function.dll'],
    ['rust1', 'anything', 'main'],
    ['ruby33', 'x.y', 'z'],
  ])('%s %s with %s', (runtime, entrypoint, ...names) => {
    expect(check(runtime, entrypoint, ...names)).toBeUndefined()
  })
})

describe('an entrypoint whose file is missing', () => {
  test.each<[string, string, readonly string[], string]>([
    [
      'nodejs22',
      'index.handler',
      ['src/index.js', 'other.js'],
      '`entrypoint` `index.handler`: the package has no `index.js`, `index.cjs`, `index.mjs`; ' +
        'it has `src/index.js`',
    ],
    [
      'nodejs22',
      'index.handler',
      ['index.ts'],
      '`entrypoint` `index.handler`: the package has no `index.js`, `index.cjs`, `index.mjs`; ' +
        'it has `index.ts`',
    ],
    [
      'nodejs22',
      'src/idnex.handler',
      ['src/index.js', 'src/x.js'],
      '`entrypoint` `src/idnex.handler`: the package has no `src/idnex.js`, `src/idnex.cjs`, ' +
        '`src/idnex.mjs`; it has `src/index.js`',
    ],
    [
      'nodejs22',
      'Index.handler',
      ['index.js'],
      '`entrypoint` `Index.handler`: the package has no `Index.js`, `Index.cjs`, `Index.mjs`; ' +
        'it has `index.js`',
    ],
    [
      'nodejs22',
      'index.handler',
      ['node_modules/x/index.js', 'a.txt'],
      '`entrypoint` `index.handler`: the package has no `index.js`, `index.cjs`, `index.mjs`',
    ],
    [
      'python312',
      'main.handler',
      ['app/main.py'],
      '`entrypoint` `main.handler`: the package has no `main.py`, `main.pyc`, ' +
        '`main/__init__.py`; it has `app/main.py`',
    ],
    [
      'php82',
      'index.handler',
      ['index.js'],
      '`entrypoint` `index.handler`: the package has no `index.php`; it has `index.js`',
    ],
    [
      'bash-2204',
      'handler',
      ['handler.sh'],
      '`entrypoint` `handler`: the package has no `handler`; it has `handler.sh`',
    ],
    [
      'r43',
      'handler.handler',
      ['handler.py'],
      '`entrypoint` `handler.handler`: the package has no `handler.R`, `handler.r`; ' +
        'it has `handler.py`',
    ],
    [
      'golang123',
      'index.Handler',
      ['main.go', 'go.mod'],
      '`entrypoint` `index.Handler`: the package has no `index.go`',
    ],
    [
      'nodejs22',
      'index',
      ['index.js'],
      '`entrypoint` `index` is not of the form `file.function`, which nodejs22 needs',
    ],
    [
      'python312',
      'dir.d/index',
      ['dir.d/index.py'],
      '`entrypoint` `dir.d/index` is not of the form `file.function`, which python312 needs',
    ],
    [
      'nodejs22',
      'index.',
      ['index.js'],
      '`entrypoint` `index.` is not of the form `file.function`, which nodejs22 needs',
    ],
  ])('%s %s with %j', (runtime, entrypoint, names, message) => {
    const error = check(runtime, entrypoint, ...names)
    expect({ code: error?.code, message: error?.message }).toEqual({
      code: 'INPUT_INVALID',
      message,
    })
  })

  test('names the nearest files, three at most, those of packages never', () => {
    const error = check(
      'nodejs22',
      'index.handler',
      ...['a/b/index.js', 'a/index.js', 'b/index.js', 'c/index.js', 'node_modules/index.js'],
      ...['indax.js'],
    )
    expect(error?.message).toMatch(/it has `indax\.js`, `a\/index\.js`, `b\/index\.js`$/)
  })
})
