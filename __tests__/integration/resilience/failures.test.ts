/** Failures told well: the reason, the log behind it, the advice, whatever was thrown. */

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator, FaultEffect, Status } from '../../../emulator/index.ts'
import type { Transport } from '../../../src/ports.ts'
import {
  deploy,
  helloInputs,
  helloWorkspace,
  NETWORK,
  startRichEmulator,
  type DeployOptions,
  type Outcome,
  type Texts,
} from '../../support/faults.ts'
import { answer, json } from '../../support/fakes.ts'

let emulator: Emulator
let names = 0

beforeAll(async () => {
  emulator = await startRichEmulator()
})
afterEach(() => {
  emulator.clearFaults()
})
afterAll(() => emulator.close())

function run(inputs: Texts = {}, options: DeployOptions = {}) {
  const name = `hello-${names++}`
  return deploy({ ...helloInputs(emulator, name), ...inputs }, { emulator, ...options })
}

/** The annotation of the run as a whole; there is exactly one. */
function failure({ exitCode, errors }: Outcome): { code: string; message: string } {
  expect(exitCode).toBe(1)
  const top = errors.filter(({ file }) => file === undefined)
  expect(top).toHaveLength(1)
  const [error] = top
  return { code: error?.title.split(':')[0] ?? '', message: error?.message ?? '' }
}

const SIGNATURE = "X-Amz-Signature=0123456789abcdef(')&X-Amz-Credential=YCAJEexample"

describe('the log of a failed build', () => {
  const LOG = [
    ...Array.from({ length: 60 }, (_, index) => `step ${index}`),
    './main.go:7:2: undefined: Handle',
    'go: not a place of the repository: other.go:1:1: x',
  ]

  function failWith(status: (link: string) => Status): void {
    emulator.buildLogs.set('1.log', LOG.join('\n'))
    emulator.failNextBuild(status(`${emulator.storageEndpoint}/build-logs/1.log?${SIGNATURE}`))
  }

  const help = (url: string) => [
    { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description: 'Log', url }] },
  ]

  test.each<[string, (link: string) => Status]>([
    ['in the message', (link) => ({ code: 3, message: `Build failed, see ${link}` })],
    ['in the details', (link) => ({ code: 3, message: 'Build failed', details: help(link) })],
  ])('whose link is %s is shown, and its error lines at their places', async (_, status) => {
    const workspace = helloWorkspace()
    mkdirSync(path.join(workspace, 'src'))
    writeFileSync(path.join(workspace, 'src/index.js'), '')
    writeFileSync(path.join(workspace, 'src/main.go'), '')
    failWith(status)
    const before = emulator.requests.length
    const outcome = await run({ 'source-root': 'src' }, { workspace })

    const { code, message } = failure(outcome)
    expect(code).toBe('OPERATION_FAILED')
    expect(message).toContain('Build failed')
    expect(outcome.errors[0]).toMatchObject({ file: 'src/main.go', line: 7 })
    expect(outcome.errors).toHaveLength(2)
    expect(outcome.log).toEqual(expect.arrayContaining(['Build log', 'step 59', LOG[60]]))
    expect(outcome.log).not.toContain('step 0')
    const [fetched, ...more] = emulator.requests
      .slice(before)
      .filter(({ service }) => service === 'build-logs')
    expect(more).toEqual([])
    expect(fetched?.headers).not.toHaveProperty('authorization')

    expect(outcome.masks.some((mask) => SIGNATURE.startsWith(mask))).toBe(true)
    const shown = JSON.stringify([outcome.log, outcome.errors, outcome.summary, outcome.outputs])
    for (const secret of ['0123456789abcdef', 'YCAJEexample']) expect(shown).not.toContain(secret)
  })

  test.each<[string, FaultEffect]>([
    ['is gone', { kind: 'status', status: 404 }],
    ['is forbidden', { kind: 'status', status: 403 }],
    ['cannot be reached', { kind: 'drop' }],
    ['never comes', { kind: 'delay', ms: 2_000 }],
    ['is on a server in trouble', { kind: 'status', status: 503 }],
    ['is larger than any log', { kind: 'raw', body: 'x'.repeat(9 * 1024 ** 2) }],
  ])('that %s makes no difference to the failure', async (_, effect) => {
    failWith((link) => ({ code: 3, message: `Build failed, see ${link}` }))
    emulator.fault({ path: /^\/build-logs\//, times: Infinity, effect })
    const startedAt = performance.now()
    const { code, message } = failure(await run())
    expect(code).toBe('OPERATION_FAILED')
    expect(message).toContain('Build failed')
    expect(performance.now() - startedAt).toBeLessThan(15_000)
  })

  test('is not fetched in the open from another machine', async () => {
    emulator.failNextBuild({ code: 3, message: 'See http://logs.test/build.log?sig=1' })
    const { message } = failure(await run())
    expect(message).toContain('http://logs.test/build.log?***')
  })
})

describe('an operation', () => {
  test('that has an error has failed, though it is not done', async () => {
    const inputs = { 'function-name': 'rolled-back' }
    await run(inputs)
    const transport: Transport = async (request) => {
      const [, id] = /^\/operations\/(\w+)$/.exec(request.url.pathname) ?? []
      const error = { code: 9, message: 'rolling back' }
      return id === undefined ? NETWORK(request) : json({ id, done: false, error })
    }
    const { code, message } = failure(await run(inputs, { transport }))
    expect(code).toBe('OPERATION_FAILED')
    expect(message).toContain('rolling back')
    expect(message).toContain('FAILED_PRECONDITION')
  })

  test('with details deeper than the stack keeps its reason and its log', async () => {
    const inputs = { 'function-name': 'deep' }
    await run(inputs)
    const depth = 20_000
    const link = `${emulator.storageEndpoint}/build-logs/deep.log`
    emulator.buildLogs.set('deep.log', 'the last line')
    const details = `${'['.repeat(depth)}"${link}"${']'.repeat(depth)}`
    const transport: Transport = async (request) => {
      const [, id] = /^\/operations\/(\w+)$/.exec(request.url.pathname) ?? []
      if (id === undefined) return NETWORK(request)
      const error = `{"code":3,"message":"out of luck","details":[${details}]}`
      return answer(200, `{"id":"${id}","done":true,"error":${error}}`)
    }
    const outcome = await run(inputs, { transport })
    const { code, message } = failure(outcome)
    expect(code).toBe('OPERATION_FAILED')
    expect(message).toContain('out of luck')
    expect(outcome.log.join('\n')).toContain('the last line')
  })

  test('of somebody else is not taken for this one', async () => {
    const response = { id: 'd4eothers', status: 'ACTIVE' }
    const metadata = { functionVersionId: 'd4eothers' }
    emulator.fault({
      path: /^\/operations\/\w+$/,
      skip: 1,
      times: 2,
      effect: { kind: 'status', status: 200, body: { id: 'd4e1', done: true, metadata, response } },
    })
    const { exitCode, outputs } = await run()
    expect(exitCode).toBe(0)
    expect(outputs['version-id']).not.toBe('d4eothers')
  })
})

describe('a known case', () => {
  const VERSIONS = /^\/functions\/v1\/versions$/
  const grpc = (code: number, status: number, message: string): FaultEffect => ({
    kind: 'status',
    status,
    body: { code, message },
  })
  const xml = (status: number, code: string): FaultEffect => ({
    kind: 'status',
    status,
    body: `<Error><Code>${code}</Code><Message>m</Message></Error>`,
  })

  test.each<[string, RegExp, FaultEffect, string, RegExp]>([
    [
      'an account that may not be used',
      VERSIONS,
      grpc(3, 400, 'Service account aje1 is not available'),
      'API_REJECTED',
      /iam\.serviceAccounts\.user/,
    ],
    [
      'a name for a folder',
      /functions$/,
      grpc(5, 404, 'Folder with id my-folder not found'),
      'API_REJECTED',
      /b1g/,
    ],
    [
      'a token that is none',
      /functions$/,
      grpc(16, 401, 'The token is invalid'),
      'AUTH_FAILED',
      /t1\./,
    ],
    [
      'a broken JWT',
      /tokens$/,
      grpc(16, 401, "The required field 'kid' is missing"),
      'AUTH_FAILED',
      /yc iam key/,
    ],
    [
      'a body too large for the gateway',
      VERSIONS,
      { kind: 'status', status: 413, body: '<html>Too large</html>' },
      'API_REJECTED',
      /"bucket"/,
    ],
    [
      'a message too large for gRPC',
      VERSIONS,
      grpc(8, 429, 'Received message larger than max (5 vs. 4)'),
      'API_REJECTED',
      /"bucket"/,
    ],
    [
      'a package too large to send inline',
      VERSIONS,
      grpc(3, 400, 'zip archive content exceeds the maximum size 3.5 MB'),
      'API_REJECTED',
      /"bucket"/,
    ],
    [
      'a package that is no zip, in Russian',
      VERSIONS,
      grpc(3, 400, 'Исходный архив не является валидным ZIP архивом'),
      'API_REJECTED',
      /"include"/,
    ],
    [
      'too many functions',
      /functions$/,
      grpc(8, 429, 'Quota limit serverless.functions.count exceeded'),
      'API_REJECTED',
      /serverless\.functions\.count/,
    ],
    [
      'too many tags',
      VERSIONS,
      grpc(8, 429, 'Quota limit serverless.functionTags.count exceeded'),
      'API_REJECTED',
      /10 tags/,
    ],
    [
      'too large an environment',
      VERSIONS,
      grpc(3, 400, 'environment size exceeds 4096 bytes'),
      'API_REJECTED',
      /4 KB/,
    ],
    [
      'memory out of steps',
      VERSIONS,
      grpc(3, 400, 'resources.memory: must be a multiple of 134217728'),
      'API_REJECTED',
      /128 MiB/,
    ],
    [
      'a secret without rights',
      VERSIONS,
      grpc(3, 400, 'Secret e6q1 cannot be read'),
      'API_REJECTED',
      /lockbox\.payloadViewer/,
    ],
    [
      'a function that may not be changed',
      VERSIONS,
      grpc(7, 403, 'Permission denied'),
      'API_REJECTED',
      /functions\.editor/,
    ],
    [
      'an upload without rights',
      /^\/packages\//,
      xml(403, 'AccessDenied'),
      'API_REJECTED',
      /storage\.uploader/,
    ],
    [
      'a bucket that is elsewhere',
      /^\/packages\//,
      xml(404, 'NoSuchBucket'),
      'API_REJECTED',
      /"bucket"/,
    ],
  ])('of %s has its advice', async (_, at, effect, code, hint) => {
    emulator.fault({ path: at, times: Infinity, effect })
    const told = failure(await run({ bucket: String(at).includes('packages') ? 'packages' : '' }))
    expect(told.code).toBe(code)
    expect(told.message).toMatch(hint)
  })

  test('of a version that is forbidden lists the roles that the inputs need', async () => {
    emulator.fault({ method: 'POST', path: VERSIONS, effect: grpc(7, 403, 'Permission denied') })
    const { code, message } = failure(await run({ 'service-account-name': 'runtime' }))
    expect(code).toBe('API_REJECTED')
    const folder = `yc resource-manager folder add-access-binding ${emulator.folderId}`
    for (const command of [
      `${folder} --role functions.editor --subject serviceAccount:aje`,
      `yc iam service-account add-access-binding --name runtime --folder-id ${emulator.folderId} --role iam.serviceAccounts.user --subject serviceAccount:aje`,
    ]) {
      expect(message).toContain(command)
    }
    expect(message).not.toContain('vpc.user')
  })

  test.each<[string, string, RegExp]>([
    [
      'dependencies without a lock file',
      '`npm ci` can only install with an existing package-lock.json',
      /package-lock\.json/,
    ],
    ['a Go module named main', 'go.mod: module main is not allowed', /module/],
    ['a handler that is not there', 'handler function not found', /"entrypoint"/],
  ])('of %s in a build has its advice', async (_, message, hint) => {
    emulator.failNextBuild({ code: 3, message })
    const told = failure(await run())
    expect(told.code).toBe('OPERATION_FAILED')
    expect(told.message.replace(message, '')).toMatch(hint)
  })

  test('of a subject that the federation does not know shows what the token says', async () => {
    emulator.fault({
      path: /^\/oauth\/token$/,
      effect: {
        kind: 'status',
        status: 400,
        body: { error: 'invalid_grant', error_description: 'no' },
      },
    })
    const outcome = await run({
      'yc-sa-json-credentials': '',
      'yc-sa-id': emulator.serviceAccountId,
    })
    const { code, message } = failure(outcome)
    expect(code).toBe('AUTH_FAILED')
    expect(message).toContain(emulator.githubOidc.subject)
    expect(message).toContain(emulator.githubOidc.issuer)
  })
})

describe('whatever is thrown', () => {
  const NOTHING: unknown = Object.create(null)
  test.each<[string, unknown]>([
    ['a text', 'something odd'],
    ['null', null],
    ['undefined', undefined],
    ['a number', 42],
    ['a symbol', Symbol('odd')],
    ['an object without a prototype', NOTHING],
    [
      'an object that cannot be printed',
      {
        toString: () => {
          throw new Error('no')
        },
      },
    ],
    ['a function', () => undefined],
    [
      'an error whose message is no text',
      Object.assign(new Error('x'), { message: { odd: true } }),
    ],
    ['an error that is its own cause', circular()],
    ['a TypeError', new TypeError('x is not a function')],
  ])('%s ends in one annotation, a summary and exit code 1', async (_, thrown) => {
    const outcome = await run(
      {},
      {
        runner: {
          group: () => {
            throw thrown
          },
        },
      },
    )
    const { code, message } = failure(outcome)
    expect(code).toBe('INTERNAL_ERROR')
    expect(message).toMatch(/bug of the action/)
    expect(message).not.toMatch(/^\s+at /m)
    expect(outcome.summary).toContain('INTERNAL_ERROR')
  })

  test('a summary that cannot be written leaves a success a success', async () => {
    const outcome = await run(
      {},
      {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        runner: { writeSummary: () => Promise.reject('disk full') },
      },
    )
    expect(outcome).toMatchObject({ exitCode: 0, errors: [] })
  })
})

function circular(): Error {
  const error = new Error('round and round')
  error.cause = error
  return error
}
