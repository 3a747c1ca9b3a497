/** What is found out when a version did not come to be: the build log, the cancellation. */

import { describe, expect, test } from '@jest/globals'
import { DeployError } from '../../../src/errors.ts'
import { explainFailure } from '../../../src/deploy/failure.ts'
import type { KnownFacts } from '../../../src/deploy/progress.ts'
import { ApiError } from '../../../src/yandex/http/api-error.ts'
import { OperationError } from '../../../src/yandex/functions/operation.ts'
import { createVersion } from '../../../src/yandex/functions/versions.ts'
import { FACTS } from '../../support/facts.ts'
import {
  answer,
  connectionError,
  fakeCloud,
  json,
  refusal,
  rejection,
  type Step,
} from '../../support/fakes.ts'
import { inputsOf } from '../../support/inputs.ts'
import { specOf } from '../../support/versions.ts'

/** How far a deployment may have come. */
const PREPARED = { inputs: FACTS.inputs, package: FACTS.package }
const ENSURED = { ...PREPARED, function: FACTS.function }
const UPLOADED = { ...ENSURED, code: FACTS.code }
const BUILDING = { ...UPLOADED, build: FACTS.build }

const OPERATION = FACTS.build.operation
const LINK = 'https://storage.yandexcloud.net/build.output?sig=hunter2hunter2hunter2'

/** Explains a failure that came when this much was known; the build was under way when left out. */
function explain(
  thrown: unknown,
  { steps = [], known = BUILDING }: { steps?: readonly Step[]; known?: KnownFacts } = {},
) {
  const fake = fakeCloud(steps)
  const deps = { known: { inputs: FACTS.inputs, ...known }, folderId: 'b1g1', cloud: fake.cloud }
  return { ...fake, result: explainFailure(thrown, deps) }
}

const failed = (message: string): OperationError =>
  new OperationError(
    { ...OPERATION, error: { code: 13, message, details: [] } },
    { what: 'the build' },
  )

describe('a cancelled run', () => {
  const thrown = new DeployError('CANCELLED', 'The run was cancelled (SIGINT).')

  test('has asked to cancel the operation, and says that the cloud accepted', async () => {
    const { result, transport } = explain(thrown, {
      steps: [json({ id: 'op1', done: true })],
    })
    expect(await result).toMatchObject({
      code: 'CANCELLED',
      message:
        'The run was cancelled (SIGINT). The operation op1 was under way. Yandex Cloud accepted the cancellation; the version may still appear if the build was faster.',
      details: { 'operation id': 'op1' },
    })
    expect(transport.lines).toEqual(['GET /operations/op1:cancel'])
  })

  test.each<[string, Step]>([
    ['a refusal', answer(400)],
    ['no answer', connectionError('ECONNRESET')],
  ])('says that the build goes on after %s', async (_, step) => {
    const error = (await explain(thrown, { steps: [step] }).result) as DeployError
    expect(error.code).toBe('CANCELLED')
    expect(error.message).toContain('did not confirm that it is cancelled: the build may go on')
    expect(error.details).toEqual({ 'operation id': 'op1' })
    expect(error.cause).toBe(thrown)
  })
})

describe('a failed build', () => {
  test('comes with its log as it was read', async () => {
    const thrown = failed(`see ${LINK}`)
    const { result, masked } = explain(thrown, { steps: [answer(200, 'a\r\nb\n')] })
    const error = (await result) as DeployError
    expect(error).toMatchObject({
      code: 'OPERATION_FAILED',
      message: thrown.message,
      hint: thrown.hint,
      details: thrown.details,
      evidence: { kind: 'build log', text: 'a\r\nb\n' },
    })
    expect(error.cause).toBe(thrown)
    expect(masked).toEqual(['sig=hunter2hunter2hunter2'])
  })

  test.each<[string, string, readonly Step[]]>([
    ['without a link', 'npm ci failed', []],
    ['whose log is gone', `see ${LINK}`, [answer(404)]],
  ])('is told as it is %s', async (_, message, steps) => {
    const thrown = failed(message)
    expect(await explain(thrown, { steps }).result).toBe(thrown)
  })
})

describe('before the cloud has said that it took the version', () => {
  test.each(['CANCELLED', 'API_UNREACHABLE', 'API_UNEXPECTED'] as const)(
    '%s leaves open whether it is building, and says where to look',
    async (code) => {
      const thrown = new DeployError(code, 'It broke.', { details: { 'HTTP status': '502' } })
      const { result, transport } = explain(thrown, { known: UPLOADED })
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

  test('a run that is cancelled while the API refuses the version says that none was created', async () => {
    const cancellation = new AbortController()
    const thrown = new DeployError('CANCELLED', 'The run was cancelled (SIGINT).')
    const refuse: Step = () => {
      cancellation.abort(thrown)
      return refusal(8, 'too many requests')
    }
    const { cloud } = fakeCloud([refuse], { signal: cancellation.signal })
    const request = { ...specOf(), functionId: 'd4e1', description: '', content: '' }
    const refused = await rejection(createVersion({ request, deadlineMs: Infinity }, cloud))
    const error = (await explain(refused, { known: UPLOADED }).result) as DeployError
    expect(error.message).toBe(
      'The run was cancelled (SIGINT).\nNo version was created. It is safe to deploy again.',
    )
    expect(error.details).toEqual({ 'function id': 'd4e1' })
  })

  test.each<[string, KnownFacts, string]>([
    ['function', PREPARED, 'The function may have been created or updated; no version was.'],
    ['upload', ENSURED, 'No version was created.'],
  ])('a failure of the %s says that it is safe to deploy again', async (_, known, state) => {
    const thrown = new DeployError('API_UNREACHABLE', 'It broke.')
    const error = (await explain(thrown, { known }).result) as DeployError
    expect(error.message).toBe(`It broke.\n${state} It is safe to deploy again.`)
    expect(error.hint).toBe(thrown.hint)
  })

  test.each([
    new DeployError('API_REJECTED', 'x'),
    new DeployError('AUTH_FAILED', 'x'),
    new TypeError('bug'),
  ])('any other failure is told as it is: %p', async (thrown) => {
    expect(await explain(thrown, { known: UPLOADED }).result).toBe(thrown)
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
      'It broke.\nThe build of the version was accepted and may still finish: look it up with `yc operation get op1` before you deploy again.',
    )
    expect(error.hint).toBe('Mend it.')
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

test.each<[string, KnownFacts, string]>([
  ['900s', BUILDING, '15m'],
  ['120m', BUILDING, '2h'],
  ['90s', UPLOADED, '90s'],
  ['1m', PREPARED, '1m'],
])('a time-out tells `wait-timeout` with its value: %s', async (given, known, told) => {
  const details = { 'operation id': 'op1' }
  const thrown = new DeployError('OPERATION_TIMEOUT', 'It took long.', { hint: 'Wait.', details })
  const inputs = inputsOf({ 'wait-timeout': given })
  const { result, transport } = explain(thrown, { known: { ...known, inputs } })
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
  const inputs = inputsOf({ 'network-id': 'enp1' })
  const refused = new ApiError(refusal(7, 'Permission denied'), { what: 'create a version' })

  test.each<[string, DeployError, KnownFacts]>([
    ['at once', refused, UPLOADED],
    [
      'as its operation',
      new OperationError(
        { ...OPERATION, error: { code: 7, message: 'no', details: [] } },
        { what: 'x' },
      ),
      BUILDING,
    ],
  ])('has the roles of the step told with their commands: %s', async (_, thrown, known) => {
    const error = (await explain(thrown, { known: { ...known, inputs } }).result) as DeployError
    expect(error).toMatchObject({
      code: thrown.code,
      message: thrown.message,
      details: thrown.details,
    })
    expect(error.cause).toBe(thrown)
    expect(error.hint?.split('\n').slice(1)).toEqual([
      '- `functions.editor` for the deployer: `yc resource-manager folder add-access-binding b1g1 --role functions.editor --subject serviceAccount:$DEPLOYER_ID`',
      '- `vpc.user` for the deployer: `yc resource-manager folder add-access-binding b1g1 --role vpc.user --subject serviceAccount:$DEPLOYER_ID`',
    ])
  })

  test.each<[string, DeployError, KnownFacts]>([
    ['before the version', refused, PREPARED],
    ['for another reason', new ApiError(refusal(3, 'bad'), { what: 'create a version' }), UPLOADED],
  ])('is not what was refused %s', async (_, thrown, known) => {
    expect(await explain(thrown, { known }).result).toBe(thrown)
  })

  test('is not one whose operation may not be read', async () => {
    const error = (await explain(refused, { known: { ...BUILDING, inputs } }).result) as DeployError
    expect(error.hint ?? '').not.toContain('vpc.user')
  })
})
