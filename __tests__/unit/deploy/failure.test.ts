/** What is found out when a version did not come to be: the build log, the cancellation. */

import { describe, expect, test } from '@jest/globals'
import { DeployError } from '../../../src/errors.ts'
import { explainFailure, type Attempt } from '../../../src/deploy/failure.ts'
import type { PackedCode } from '../../../src/deploy/package.ts'
import { rolesOf } from '../../../src/deploy/roles.ts'
import { ApiError } from '../../../src/yandex/http/api-error.ts'
import { OperationError } from '../../../src/yandex/functions/operations.ts'
import { readOperation } from '../../../src/yandex/wire.ts'
import {
  answer,
  connectionError,
  fakeCloud,
  FakeRunner,
  json,
  refusal,
  type Step,
} from '../../support/fakes.ts'
import { inputsOf } from '../../support/inputs.ts'

const OPERATION = readOperation({ id: 'op1', metadata: { functionVersionId: 'v1' } })
const PACKED: PackedCode = {
  archive: { chunks: [], sizeBytes: 0, unpackedBytes: 0, sha256: '', entries: [] },
  selection: {
    files: [{ name: 'main.go', path: '/work/fn/main.go', sizeBytes: 1, executable: false }],
    excluded: [],
    warnings: [],
  },
}
const LINK = 'https://storage.yandexcloud.net/build.output?sig=hunter2hunter2hunter2'

function explain(thrown: unknown, steps: readonly Step[] = [], given: Partial<Attempt> = {}) {
  const fake = fakeCloud(steps)
  const runner = new FakeRunner()
  const attempt: Attempt = {
    stage: 'version',
    functionId: 'd4e1',
    operation: OPERATION,
    packed: PACKED,
    roles: [],
    timeoutSeconds: 900,
    ...given,
  }
  return {
    ...fake,
    runner,
    result: explainFailure({ thrown, attempt }, { cloud: fake.cloud, runner }),
  }
}

const failed = (message: string): OperationError =>
  new OperationError({ ...OPERATION, error: { code: 13, message, details: [] } }, 'the build')

describe('a cancelled run', () => {
  const thrown = new DeployError('CANCELLED', 'The run was cancelled (SIGINT).')

  test('has asked to cancel the operation, and says that the cloud agreed', async () => {
    const { result, transport } = explain(thrown, [json({ id: 'op1', done: true })])
    expect(await result).toMatchObject({
      code: 'CANCELLED',
      message:
        'The run was cancelled (SIGINT). The operation op1 was under way. Yandex Cloud was asked to cancel it and agreed; the version may still appear if the build was faster.',
      details: { 'operation id': 'op1' },
    })
    expect(transport.lines).toEqual(['GET /operations/op1:cancel'])
  })

  test.each<[string, Step]>([
    ['a refusal', answer(400)],
    ['no answer', connectionError('ECONNRESET')],
  ])('says that the build goes on after %s', async (_, step) => {
    const error = (await explain(thrown, [step]).result) as DeployError
    expect(error.code).toBe('CANCELLED')
    expect(error.message).toContain('did not agree to cancel it: the build may go on')
    expect(error.details).toEqual({ 'operation id': 'op1' })
    expect(error.cause).toBe(thrown)
  })
})

describe('a failed build', () => {
  test('shows the tail of its log and points to the lines in the repository', async () => {
    const log = [
      ...Array.from({ length: 60 }, (_, i) => `line ${i}`),
      './main.go:3:1: undefined: x',
    ]
    const thrown = failed(`see ${LINK}`)
    const { result, runner } = explain(thrown, [answer(200, `${log.join('\r\n')}\n\n`)])
    const error = (await result) as DeployError
    expect(error).toMatchObject({
      code: 'OPERATION_FAILED',
      message: thrown.message,
      hint: thrown.hint,
      details: thrown.details,
      sourceLines: [{ file: 'fn/main.go', line: 3, message: 'undefined: x' }],
    })
    expect(error.cause).toBe(thrown)
    expect(runner.groups).toEqual([{ title: 'Build log', lines: log.slice(-50) }])
    expect(runner.masked).toEqual(['sig=hunter2hunter2hunter2'])
  })

  test.each([
    'npm error signal SIGKILL',
    'FATAL ERROR: JavaScript heap out of memory',
    'go build: compile: signal: killed',
  ])('whose log says %j has the advice for a builder without memory', async (line) => {
    const thrown = failed(`see ${LINK}`)
    const log = [line, ...Array.from({ length: 99 }, () => 'npm timing')].join('\n')
    const error = (await explain(thrown, [answer(200, log)]).result) as DeployError
    expect(error.hint).toContain('1 GB of memory')
    expect(thrown.hint).not.toContain('1 GB of memory')
  })

  test.each<[string, string, readonly Step[]]>([
    ['without a link', 'npm ci failed', []],
    ['whose log is gone', `see ${LINK}`, [answer(404)]],
  ])('is told as it is %s', async (_, message, steps) => {
    const thrown = failed(message)
    const { result, runner } = explain(thrown, steps)
    expect(await result).toBe(thrown)
    expect(runner.groups).toEqual([])
  })
})

describe('before the cloud has said that it took the version', () => {
  const unanswered = { operation: undefined }

  test.each(['CANCELLED', 'API_UNREACHABLE', 'API_UNEXPECTED'] as const)(
    '%s leaves open whether it is building, and says where to look',
    async (code) => {
      const thrown = new DeployError(code, 'It broke.', { details: { 'HTTP status': '502' } })
      const { result, transport } = explain(thrown, [], unanswered)
      const error = (await result) as DeployError
      expect(error.code).toBe(code)
      expect(error.message).toBe(
        'It broke.\nThe request for a version of the function d4e1 was under way: it may be building.',
      )
      expect(error.hint).toBe(
        'See `yc serverless function list-operations d4e1` before you deploy again.',
      )
      expect(error.details).toEqual({ 'function id': 'd4e1', 'HTTP status': '502' })
      expect(error.cause).toBe(thrown)
      expect(transport.requests).toEqual([])
    },
  )

  test.each([
    ['function', 'The function may have been created or updated; no version was.'],
    ['upload', 'No version was created.'],
  ] as const)('at the stage %s says that it is safe to deploy again', async (stage, state) => {
    const thrown = new DeployError('API_UNREACHABLE', 'It broke.')
    const error = (await explain(thrown, [], { ...unanswered, stage }).result) as DeployError
    expect(error.message).toBe(`It broke.\n${state} It is safe to deploy again.`)
    expect(error.hint).toBe(thrown.hint)
  })

  test.each([
    new DeployError('API_REJECTED', 'x'),
    new DeployError('AUTH_FAILED', 'x'),
    new TypeError('bug'),
  ])('any other failure is told as it is: %p', async (thrown) => {
    expect(await explain(thrown, [], unanswered).result).toBe(thrown)
  })
})

test.each(['API_UNREACHABLE', 'API_UNEXPECTED', 'API_REJECTED', 'AUTH_FAILED'] as const)(
  '%s during the build says that the version may still appear',
  async (code) => {
    const details = { 'HTTP status': '403' }
    const thrown = new DeployError(code, 'It broke.', { hint: 'Mend it.', details })
    const { result, transport } = explain(thrown)
    const error = (await result) as DeployError
    expect(error.code).toBe(code)
    expect(error.message).toBe(
      'It broke.\nThe build of the version was accepted and may still finish.',
    )
    expect(error.hint).toBe(
      'Look it up with `yc operation get op1` before you deploy again. Mend it.',
    )
    expect(error.details).toEqual({ 'operation id': 'op1', ...details })
    expect(error.cause).toBe(thrown)
    expect(transport.requests).toEqual([])
  },
)

test.each([new TypeError('bug'), 'odd', undefined])(
  'any other failure is told as it is: %p',
  async (thrown) => {
    const { result, transport } = explain(thrown)
    expect(await result).toBe(thrown)
    expect(transport.requests).toEqual([])
  },
)

test.each<[number, Partial<Attempt>, string]>([
  [900, {}, '15m'],
  [7200, {}, '2h'],
  [90, { operation: undefined }, '90s'],
  [60, { operation: undefined, stage: 'function' }, '1m'],
])('a time-out tells `wait-timeout` with its value: %d s', async (timeoutSeconds, given, told) => {
  const details = { 'operation id': 'op1' }
  const thrown = new DeployError('OPERATION_TIMEOUT', 'It took long.', { hint: 'Wait.', details })
  const { result, transport } = explain(thrown, [], { timeoutSeconds, ...given })
  const error = (await result) as DeployError
  expect(error).toMatchObject({
    code: 'OPERATION_TIMEOUT',
    message: `It took long.\n\`wait-timeout\` is ${told}.`,
    hint: 'Wait.',
    details,
  })
  expect(error.cause).toBe(thrown)
  expect(transport.requests).toEqual([])
})

describe('a version that is forbidden', () => {
  const roles = rolesOf(inputsOf({ 'network-id': 'enp1' }), 'b1g1')
  const refused = new ApiError(refusal(7, 'Permission denied'), { what: 'create a version' })
  const unanswered = { operation: undefined, roles }

  test.each<[string, DeployError, Partial<Attempt>]>([
    ['at once', refused, unanswered],
    [
      'as its operation',
      new OperationError({ ...OPERATION, error: { code: 7, message: 'no', details: [] } }, 'x'),
      { roles },
    ],
  ])('has the roles of the step told with their commands: %s', async (_, thrown, given) => {
    const error = (await explain(thrown, [], given).result) as DeployError
    expect(error).toMatchObject({
      code: thrown.code,
      message: thrown.message,
      details: thrown.details,
    })
    expect(error.cause).toBe(thrown)
    expect(error.hint.split('\n').slice(1)).toEqual([
      '- `functions.editor` for the deployer: `yc resource-manager folder add-access-binding b1g1 --role functions.editor --subject serviceAccount:$DEPLOYER_ID`',
      '- `vpc.user` for the deployer: `yc resource-manager folder add-access-binding b1g1 --role vpc.user --subject serviceAccount:$DEPLOYER_ID`',
    ])
  })

  test.each<[string, DeployError, Partial<Attempt>]>([
    ['before the version', refused, { ...unanswered, stage: 'function' }],
    [
      'for another reason',
      new ApiError(refusal(3, 'bad'), { what: 'create a version' }),
      unanswered,
    ],
  ])('is not what was refused %s', async (_, thrown, given) => {
    expect(await explain(thrown, [], given).result).toBe(thrown)
  })

  test('is not one whose operation may not be read', async () => {
    const error = (await explain(refused, [], { roles }).result) as DeployError
    expect(error.hint).not.toContain('vpc.user')
  })
})
