/** Text that others choose, made to look like commands and markup: it is shown, and nothing else. */

import { readFileSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import type { Emulator } from '../../../emulator/index.ts'
import { readManifest } from '../../../scripts/docs/manifest.ts'
import { runStep, type StepResult } from '../../../scripts/step.ts'
import { helloInputs, helloWorkspace, startRichEmulator, type Texts } from '../../support/faults.ts'
import { readCommands } from '../../support/faults-commands.ts'
import { Client } from '../../emulator/harness.ts'

const COMMANDS = [
  '::set-output name=version-id::forged',
  '  ::error::forged',
  '\u00a0\u3000::warning title=forged::forged',
  '::add-mask::forged',
  '::stop-commands::forged',
  '##[error]forged',
  'innocent ##[warning]forged',
  '::error file=a.js,line=1::forged%0A::error::forged',
]
const MARKUP = [
  '# forged',
  '</pre></details></code></td></table>',
  '<script>forged()</script><img src=x onerror="forged()">',
  '[forged](javascript:forged) ![forged](https://evil.test/x.png) https://evil.test @everyone',
  '| forged | `forged` **forged** ~~forged~~ \\',
  '',
  '    forged',
  '- forged\n1. forged\n> forged',
]
const HOSTILE =
  ['x', ...COMMANDS, ...MARKUP].join('\n') + COMMANDS.join('\r') + COMMANDS.join('\u2028')

/** Of a function in the emulator. */
const ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/d4e[0-9a-v]{17}$/

const OUTPUTS = readManifest(readFileSync('action.yml', 'utf8')).outputs.map(({ name }) => name)

let emulator: Emulator
const workspaces: string[] = []

beforeAll(async () => {
  emulator = await startRichEmulator()
})
afterEach(() => {
  emulator.clearFaults()
})
afterAll(async () => {
  await emulator.close()
  for (const workspace of workspaces) rmSync(workspace, { recursive: true })
})

/** A disturbance that brings hostile text in, and how the run then ends. */
interface Way {
  readonly way: string
  readonly exitCode: 0 | 1
  readonly prepare?: (emulator: Emulator) => Promise<Texts> | Texts
  readonly files?: Texts
}

const answerTo = (path: RegExp, body: object, status = 200): Texts => {
  emulator.fault({ path, times: Infinity, effect: { kind: 'status', status, body } })
  return {}
}

const WAYS: readonly Way[] = [
  {
    way: 'the function as the server describes it',
    exitCode: 0,
    prepare: async () => {
      const id = await new Client(emulator).createFunction(`described-${emulator.requests.length}`)
      const described = { id, folderId: HOSTILE, name: HOSTILE, httpInvokeUrl: HOSTILE }
      answerTo(new RegExp(`/functions/${id}$`), { ...described, description: HOSTILE })
      return { 'function-id': id, 'function-name': '', 'folder-id': '' }
    },
  },
  {
    way: 'the ids of operation and version',
    exitCode: 1,
    prepare: () => {
      const metadata = { functionVersionId: HOSTILE }
      return answerTo(/^\/functions\/v1\/versions$/, { id: HOSTILE, done: true, metadata })
    },
  },
  {
    way: 'the message of a refusal and its details',
    exitCode: 1,
    prepare: () =>
      answerTo(
        /^\/functions\/v1\/versions$/,
        {
          code: 3,
          message: HOSTILE,
          details: [
            {
              '@type': 'google.rpc.BadRequest',
              fieldViolations: [{ field: HOSTILE, description: HOSTILE }],
            },
            { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: HOSTILE },
            { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', message: HOSTILE },
          ],
        },
        400,
      ),
  },
  {
    way: 'the answer of something that is not the API',
    exitCode: 1,
    prepare: () => {
      emulator.fault({
        path: /^\/endpoints$/,
        effect: { kind: 'status', status: 418, body: HOSTILE },
      })
      return {}
    },
  },
  {
    way: 'what is said of a call that is tried again',
    exitCode: 0,
    prepare: () => {
      emulator.fault({ path: /versions$/, effect: { kind: 'status', status: 503, body: HOSTILE } })
      emulator.fault({
        path: /^\/operations\//,
        effect: { kind: 'status', status: 503, body: { code: 14, message: HOSTILE } },
      })
      return {}
    },
  },
  {
    way: 'the error of the build and its log',
    exitCode: 1,
    prepare: () => {
      const lines = COMMANDS.flatMap((command) => [command, `index.js:1:1: ${command}`])
      emulator.buildLogs.set('hostile.log', [...lines, ...MARKUP, HOSTILE].join('\n'))
      const link = `${emulator.storageEndpoint}/build-logs/hostile.log?${encodeURIComponent(HOSTILE)}`
      emulator.failNextBuild({ code: 3, message: `${HOSTILE}\n${link}` })
      return {}
    },
  },
  {
    way: 'the names of files',
    exitCode: 0,
    files: Object.fromEntries(
      [...COMMANDS, ...MARKUP]
        .flatMap((text) => text.split('\n'))
        .map((name) => name.replaceAll('/', '_').replaceAll('\\', '_').trim())
        .filter((name) => name !== '' && !name.includes('https:'))
        .map((name) => [`${name}/${name}.txt`, 'x'.repeat(50)]),
    ),
  },
  {
    way: 'a file name with a line break',
    exitCode: 1,
    files: { 'a\n::error::forged\n##[error]forged.txt': 'x' },
  },
  {
    way: 'the values of inputs',
    exitCode: 1,
    prepare: () => ({
      'function-name': HOSTILE,
      memory: HOSTILE,
      'execution-timeout': HOSTILE,
      tags: HOSTILE,
      secrets: HOSTILE,
      mounts: HOSTILE,
      'api-endpoint': HOSTILE,
      'function-labels': HOSTILE,
      entrypoint: HOSTILE,
      package: HOSTILE,
      [HOSTILE.replaceAll('=', '-')]: 'x',
    }),
  },
  {
    way: 'an entrypoint that leads nowhere',
    exitCode: 1,
    prepare: () => ({ entrypoint: '::error::forged/<script>.handler' }),
  },
]

describe('hostile text', () => {
  test.each(WAYS)('in $way forges nothing', async ({ exitCode, prepare, files }) => {
    const workspace = helloWorkspace(files)
    workspaces.push(workspace)
    for (const env of [{}, { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' }]) {
      const inputs = { ...helloInputs(emulator, 'hello'), ...(await prepare?.(emulator)) }
      const step = await runStep(inputs, { workspace, env })
      expect(step.exitCode).toBe(exitCode)
      expect(step.stderr).toBe('')
      expectOwnCommands(step)
      expect(Object.keys(step.outputs).filter((name) => !OUTPUTS.includes(name))).toEqual([])
      expect(step.outputs['version-id'] ?? '').not.toBe('forged')
      expectPlainSummary(step)
    }
  })
})

/** Commands are of the kinds that the action prints, and none of them begins as a forged one does. */
function expectOwnCommands({ stdout, exitCode, annotations }: StepResult): void {
  const commands = readCommands(stdout)
  const names = new Set(commands.map(({ name }) => name))
  const own = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice']
  expect([...names].filter((name) => !own.includes(name))).toEqual([])
  expect(commands.filter(({ data }) => data.trim().startsWith('forged'))).toEqual([])
  const notices = commands.filter(({ name }) => name === 'notice')
  expect(notices.filter(({ data }) => !data.startsWith('There was no function'))).toEqual([])
  const top = annotations.filter(({ properties }) => properties.file === undefined)
  expect(top).toHaveLength(exitCode === 0 ? 0 : 1)
}

/** Headings and elements are those that the action makes, and no others. */
function expectPlainSummary({ summary, outputs }: StepResult): void {
  const html = marked.parse(summary, { async: false, gfm: true })
  const [title = '', ...sections] = html.match(/<h\d>[^<]*/g) ?? []
  expect(title).toMatch(/^<h3>/)
  expect(sections.filter((section) => section !== '<h4>What changed')).toEqual([])
  const elements = new Set([...html.matchAll(/<([a-z]+\d?)[\s>]/g)].map(([, name]) => name))
  const known = 'h3 h4 p pre br code a ul li table thead tbody tr th td details summary'.split(' ')
  expect([...elements].filter((name) => !known.includes(name ?? ''))).toEqual([])
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to ?? '')
  expect(
    links
      .filter((to) => !/^https:\/\/(console\.yandex\.cloud|github\.com)\//.test(to))
      // The function's address is a link only where it is no more than an address.
      .filter((to) => to !== outputs['function-url'] || !ADDRESS.test(to)),
  ).toEqual([])
  expect(html).not.toMatch(/<li>\s*forged|<th>\s*forged|<td>\s*forged/)
}
