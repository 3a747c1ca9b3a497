import { describe, expect, test } from '@jest/globals'

import { DeployError } from '../../../src/errors.ts'
import { checkEntrypoint } from '../../../src/source/entrypoint.ts'

function check(runtime: string, entrypoint: string, ...names: string[]): DeployError | undefined {
  try {
    checkEntrypoint({ runtime, entrypoint }, { names: new Set(names) })
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
    ['python312', 'app.main.handler', 'app/main/__init__.py'],
    ['python312', 'main.handler', 'main.pyc'],
    ['php82', 'index.handler', 'index.php'],
    ['r43', 'handler.handler', 'handler.R'],
    ['r42', 'handler.handler', 'handler.r'],
    ['bash-2204', 'handler.sh', 'handler.sh'],
    ['bash', 'bin/handler', 'bin/handler'],
    ['golang123', 'index.Handler', 'index.go'],
    ['golang123', 'cmd/server/main.Handler', 'cmd/server/main.go'],
    // As in Yandex Cloud's own examples: the part before the dot need not be a file.
    ['golang123', 'main.WebHandler', 'web_handler.go', 'go.mod'],
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
        'it has `index.js`: upper and lower case differ',
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
      ['app/main.py', 'x.txt'],
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
      ['cmd/main.go', 'go.mod'],
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

describe('an entrypoint that names a file and no function', () => {
  test.each<[string, string, readonly string[], string]>([
    ['nodejs22', 'index.js', ['index.js'], 'index.handler'],
    ['nodejs22', './src/main.mjs', ['src/main.mjs'], 'src/main.handler'],
    ['nodejs22', 'index.js', ['index.cjs'], 'index.handler'],
    ['nodejs22', 'index.ts', ['index.js'], 'index.handler'],
    ['python312', 'main.py', ['main.py'], 'main.handler'],
    ['php82', 'index.php', ['index.php'], 'index.handler'],
    ['r43', 'handler.R', ['handler.R'], 'handler.handler'],
    ['golang123', 'main.go', ['main.go'], 'main.Handler'],
  ])('%s %s with %j is refused with the right form', (runtime, entrypoint, names, form) => {
    const error = check(runtime, entrypoint, ...names)
    expect({ code: error?.code, message: error?.message }).toEqual({
      code: 'INPUT_INVALID',
      message: `\`entrypoint\` \`${entrypoint}\` names a file, not a function in it`,
    })
    expect(error?.hint).toContain(`\`${form}\``)
  })

  test('is what Bash has', () => {
    expect(check('bash-2204', 'handler.sh', 'handler.sh')).toBeUndefined()
  })
})

describe('the error about a missing file', () => {
  test('shows the form of the language', () => {
    expect(check('python312', 'main', 'main.py')?.hint).toContain('`main.handler`')
    expect(check('nodejs22', 'index', 'index.js')?.hint).toContain('`index.handler`')
  })

  test('tells to compile where there is only TypeScript', () => {
    const error = check('nodejs22', 'src/index.handler', 'src/index.ts', 'package.json')
    expect(error?.message).toMatch(/; it has `src\/index\.ts`$/)
    expect(error?.hint).toContain('Compile it')
    expect(error?.hint).toContain('does not run TypeScript')
  })

  test('tells to zip the content of a folder that everything is in', () => {
    const error = check('nodejs22', 'index.handler', 'fn/index.js', 'fn/a.js', '__MACOSX/fn/._a.js')
    expect(error?.message).toMatch(/; everything in it is in the folder `fn\/`$/)
    expect(error?.hint).toBe('Zip the content of that folder, not the folder itself.')
  })

  test('says why a file of the workspace is not in the package', () => {
    const packed = {
      names: new Set(['a.txt']),
      whyMissing: (name: string) =>
        name === 'index.js' ? 'no `include` line matches it' : undefined,
    }
    const look = () => {
      checkEntrypoint({ runtime: 'nodejs22', entrypoint: 'index.handler' }, packed)
    }
    expect(look).toThrow(/; `index\.js` is in the workspace, but no `include` line matches it$/)
  })
})
