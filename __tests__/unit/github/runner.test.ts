/** The real runner, read as GitHub's runner reads it: commands on standard output, outputs and summary in files. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createRunner, rawInputs } from '../../../src/github/runner.ts'
import { markdownText } from '../../../src/text.ts'
import { HOSTILE } from '../../support/hostile.ts'

const VARIABLES = [
  'GITHUB_OUTPUT',
  'GITHUB_STEP_SUMMARY',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
]
const write = process.stdout.write.bind(process.stdout)
let kept: Record<string, string | undefined> = {}
let folder = ''
let printed = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'))
  kept = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]))
  process.env.GITHUB_OUTPUT = join(folder, 'output')
  process.env.GITHUB_STEP_SUMMARY = join(folder, 'summary')
  for (const file of ['output', 'summary']) writeFileSync(join(folder, file), '')
  printed = ''
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    printed += String(chunk)
    return true
  }
})

afterEach(() => {
  process.stdout.write = write
  for (const [name, value] of Object.entries(kept)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
  rmSync(folder, { recursive: true })
})

/** The commands that GitHub's runner would find in what was printed. */
function commands(): string[] {
  return printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('::') || line.includes('##['))
}

describe('raw inputs', () => {
  test('are those of the environment, by their names in action.yml', () => {
    expect(
      rawInputs({
        'INPUT_FUNCTION-NAME': 'hello',
        INPUT_RUNTIME: 'nodejs22',
        INPUT_EMPTY: undefined,
        OTHER: 'x',
        input_small: 'x',
      }),
    ).toEqual({ 'function-name': 'hello', runtime: 'nodejs22', empty: '' })
  })
})

describe('the context', () => {
  test('comes from the environment', () => {
    const { context } = createRunner({
      GITHUB_WORKSPACE: '/w',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_SHA: 'abc',
      GITHUB_RUN_ID: '1',
      GITHUB_ACTION_REPOSITORY: 'o/action',
      GITHUB_ACTION_REF: 'v1',
    })
    expect(context).toEqual({
      workspace: '/w',
      repository: 'o/r',
      sha: 'abc',
      runId: '1',
      actionRoot: 'https://github.com/o/action/blob/v1',
    })
  })

  test('is that of another server when there is one', () => {
    const env = {
      GITHUB_ACTION_REPOSITORY: 'o/a',
      GITHUB_ACTION_REF: 'v1',
      GITHUB_SERVER_URL: 'https://ghe.example',
    }
    expect(createRunner(env).context.actionRoot).toBe('https://ghe.example/o/a/blob/v1')
  })

  test.each([
    {},
    { GITHUB_ACTION_REPOSITORY: 'o/a' },
    { GITHUB_ACTION_REPOSITORY: '', GITHUB_ACTION_REF: 'v1' },
  ])('has the folder of the action where it is a local one: %j', (env) => {
    const { context } = createRunner(env)
    const folder = resolve(process.argv[1] ?? '', '../..').replaceAll('\\', '/')
    expect([context.actionRoot, context.workspace]).toEqual([folder, process.cwd()])
  })

  test.each([
    ['feature/a', 'feature/a'],
    ['fix(#1)', 'fix%28%231%29'],
    ['a b?c', 'a%20b%3Fc'],
  ])('leads to a revision of any name: %s', (ref, encoded) => {
    const env = { GITHUB_ACTION_REPOSITORY: 'o/a', GITHUB_ACTION_REF: ref }
    expect(createRunner(env).context.actionRoot).toBe(`https://github.com/o/a/blob/${encoded}`)
  })
})

describe('what is printed', () => {
  test('are lines and commands', () => {
    const runner = createRunner({})
    runner.info('hello')
    runner.debug('detail')
    runner.group('Group\n1', ['a', 'b'])
    runner.mask('hunter2')
    runner.notice({ title: 'New function', message: 'n' })
    runner.warning({ title: 'Inputs', message: 'w' })
    runner.error({ title: 'T: x', message: 'a\nb', file: 'src/a.js', line: 3 })
    expect(printed.split('\n').slice(0, -1)).toEqual([
      'hello',
      '::debug::detail',
      '::group::Group 1',
      'a',
      'b',
      '::endgroup::',
      '::add-mask::hunter2',
      '::notice title=New function::n',
      '::warning title=Inputs::w',
      '::error title=T%3A x,file=src/a.js,line=3::a%0Ab',
    ])
  })

  test('leaves nothing of a secret that begins with another one', () => {
    const runner = createRunner({})
    for (const secret of ['t1.short', 't1.short.and.longer']) runner.mask(secret)
    runner.info('token t1.short.and.longer, or t1.short')
    expect(printed).toContain('token ***, or ***\n')
  })

  test('has nothing of a link that gives access', () => {
    const runner = createRunner({})
    const text = 'see https://u:hunter2@x.example/a?Sig=hunter2&amp;b=hunter2'
    runner.info(text)
    runner.debug(text)
    runner.group('Group', [text])
    expect(printed).not.toContain('hunter2')
    expect(runner.hide(text)).toBe('see https://***@x.example/a?***')
  })

  test('has stars in place of what is masked', () => {
    const runner = createRunner({})
    runner.info('before hunter+2')
    runner.mask('hunter+2')
    runner.mask('p4ss')
    const text = 'a hunter+2 b p4ss c hunter+2'
    runner.info(text)
    runner.debug(text)
    runner.group('Group', [text])
    runner.notice({ title: 'N', message: text })
    runner.warning({ title: 'W', message: text })
    runner.error({ title: 'E', message: text })
    const shown = 'a *** b *** c ***'
    expect(printed.split('\n').slice(0, -1)).toEqual([
      'before hunter+2',
      '::add-mask::hunter+2',
      '::add-mask::p4ss',
      shown,
      `::debug::${shown}`,
      '::group::Group',
      shown,
      '::endgroup::',
      `::notice title=N::${shown}`,
      `::warning title=W::${shown}`,
      `::error title=E::${shown}`,
    ])
  })

  test.each(HOSTILE)('holds no command but those meant: %j', (text) => {
    const runner = createRunner({})
    runner.info(text)
    runner.debug(text)
    runner.group(text, [text, text])
    runner.warning({ title: text, message: text })
    runner.error({ title: text, message: text, file: text, line: 1 })
    expect(commands().map((line) => /^::(\w+)/.exec(line)?.[1])).toEqual([
      'debug',
      'group',
      'endgroup',
      'warning',
      'error',
    ])
  })
})

describe('an output', () => {
  test.each(HOSTILE)('holds its value and forges no other: %j', (text) => {
    createRunner({}).setOutput('version-id', text)
    const written = readFileSync(join(folder, 'output'), 'utf8')
    const delimiter = /^version-id<<(\S+)/.exec(written)?.[1] ?? '(none)'
    expect(written).toBe(`version-id<<${delimiter}\n${text}\n${delimiter}\n`)
    expect(text).not.toContain(delimiter)
  })
})

describe('the summary', () => {
  test('is written to its file, with stars in place of what is masked', async () => {
    const runner = createRunner({})
    runner.mask('hunter+2')
    await runner.writeSummary(`### Done\nhunter+2, ${markdownText('hunter+2')}, hunter+`)
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toBe('### Done\n***, ***, hunter+\n')
  })
})

describe('the right to an OIDC token', () => {
  test.each([
    {},
    { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example' },
    { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' },
  ])('is missing without the permission: %j', (env) => {
    expect(createRunner(env).idTokenRequest).toBeUndefined()
  })

  test('is the address and the token of the job', () => {
    const request = createRunner({
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't',
    }).idTokenRequest
    expect(request?.url).toBe('https://x.example')
    expect(request?.token.reveal()).toBe('t')
  })
})
