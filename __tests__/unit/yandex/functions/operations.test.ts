/** Waiting for operations, and asking to cancel them. */

import { describe, expect, test } from '@jest/globals'
import { advise } from '../../../../src/report/advice.ts'
import { DeployError } from '../../../../src/errors.ts'
import type { Api } from '../../../../src/yandex/http/api.ts'
import { OperationError, readOperation } from '../../../../src/yandex/functions/operation.ts'
import { cancelOperation, waitForOperation } from '../../../../src/yandex/functions/operations.ts'
import {
  answer,
  connectionError,
  fakeCloud,
  json,
  refusal,
  rejection,
  type FakeCloud,
  type Step,
} from '../../../support/fakes.ts'

const PENDING = { id: 'op1', done: false, metadata: { functionVersionId: 'v1' } }
const DONE = { ...PENDING, done: true, response: { id: 'v1' } }
const FAILED = { ...PENDING, error: { code: 13, message: 'npm ci failed' } }

const WHAT = 'the build of the version'

function wait(
  steps: readonly Step[],
  {
    started = PENDING,
    budgetMs = 900_000,
    signal,
  }: { started?: unknown; budgetMs?: number; signal?: AbortSignal } = {},
): FakeCloud & { result: ReturnType<typeof waitForOperation> } {
  const fake = fakeCloud(steps, { ...(signal && { signal }) })
  const wait = { what: WHAT, deadlineMs: fake.clock.now() + budgetMs }
  const result = waitForOperation({ operation: readOperation(started), ...wait }, fake.cloud)
  return { ...fake, result }
}

describe('an operation', () => {
  test('is not ended by an answer about another one', async () => {
    const other = json({ ...DONE, id: 'op2', metadata: { functionVersionId: 'v2' } })
    const late = await wait([other, other, json(PENDING), json(DONE)]).result
    expect(late.metadata).toEqual({ functionVersionId: 'v1' })
    expect(await rejection(wait([other], { budgetMs: 20_000 }).result)).toMatchObject({
      code: 'OPERATION_TIMEOUT',
      cause: { code: 'API_UNEXPECTED' },
    })
  })

  test('that is done at once is not asked for', async () => {
    const { result, transport } = wait([json(DONE)], { started: DONE })
    expect((await result).response).toEqual({ id: 'v1' })
    expect(transport.requests).toEqual([])
  })

  test('is polled at its own address with the token', async () => {
    const { result, transport } = wait([json(DONE)])
    await result
    const [request] = transport.requests
    expect(request?.method).toBe('GET')
    expect(request?.url.href).toBe('https://operation.api.cloud.yandex.net/operations/op1')
    expect(request?.headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer t1.given',
    })
  })

  test('is polled often at first, then more and more rarely', async () => {
    const steps = [...Array.from({ length: 6 }, () => json(PENDING)), json(DONE)]
    const { result, clock } = wait(steps)
    await result
    expect(clock.sleeps).toEqual([250, 300, 350, 70, 73, 77, 81])
  })

  test('is polled at the pace that the fastest answer allows', async () => {
    const fake: FakeCloud = fakeCloud(
      [1_000, 80, 300].map((ms, at) => () => {
        fake.clock.advance(ms)
        return json(at === 2 ? DONE : PENDING)
      }),
    )
    const wait = { what: WHAT, deadlineMs: fake.clock.now() + 900_000 }
    await waitForOperation({ operation: readOperation(PENDING), ...wait }, fake.cloud)
    // After 1250 ms half of an answer's second is more than 5 %; after 1340 ms half of 80 ms is not.
    expect(fake.clock.sleeps).toEqual([250, 13, 27])
  })

  test('fails as soon as an error is set, though it is not done', async () => {
    const { result, transport } = wait([json(FAILED), json(DONE)])
    const error = (await rejection(result)) as OperationError
    expect(error).toBeInstanceOf(OperationError)
    expect(transport.requests).toHaveLength(1)
  })

  test('keeps the metadata that was known once', async () => {
    const { result } = wait([
      json({ id: 'op1', metadata: { other: 1 } }),
      json({ id: 'op1', metadata: { other: 2 } }),
      json({ id: 'op1', done: true, response: {} }),
    ])
    expect((await result).metadata).toEqual({ functionVersionId: 'v1', other: 2 })
  })

  test('that fails at once is not asked for', async () => {
    const { result, transport } = wait([], { started: { ...FAILED, done: true } })
    expect(await rejection(result)).toBeInstanceOf(OperationError)
    expect(transport.requests).toEqual([])
  })
})

describe('progress', () => {
  test('is told about every ten seconds', async () => {
    const steps = [...Array.from({ length: 66 }, () => json(PENDING)), json(DONE)]
    const { result, logged } = wait(steps)
    await result
    expect(logged).toEqual([
      `Still waiting for ${WHAT} (10 s)`,
      `Still waiting for ${WHAT} (21 s)`,
      `Still waiting for ${WHAT} (31 s)`,
    ])
  })

  test('is told once after a long silence', async () => {
    const fake = fakeCloud([
      () => {
        fake.clock.advance(45_000)
        return json(PENDING)
      },
      json(PENDING),
      json(PENDING),
      json(DONE),
    ])
    const deadlineMs = fake.clock.now() + 900_000
    await waitForOperation(
      { operation: readOperation(PENDING), what: WHAT, deadlineMs },
      fake.cloud,
    )
    expect(fake.logged).toEqual([`Still waiting for ${WHAT} (45 s)`])
  })
})

describe('a poll that fails', () => {
  test.each<[string, Step]>([
    ['an unreachable API', connectionError('ECONNRESET')],
    ['HTTP 503', answer(503)],
    ['HTML', answer(200, '<html>')],
    ['an operation without an id', json({ done: true })],
    ['too many reads', refusal(8, 'Quota limit: too many operation reads')],
    ['a rate limit', refusal(8, 'too many requests')],
  ])('does not end the wait, even when trying again does not help: %s', async (_, fault) => {
    const faults = Array.from({ length: 30 }, () => fault)
    const { result, logged, clock } = wait([...faults, json(DONE)])
    const startedAt = clock.now()
    expect((await result).done).toBe(true)
    expect(clock.now() - startedAt).toBeGreaterThan(20_000)
    expect(
      logged.filter((line) => line.startsWith('Could not read the operation op1 yet: ')),
    ).not.toEqual([])
  })

  test.each([
    [403, refusal(7, 'no access')],
    [401, refusal(16, 'token is invalid')],
    [400, refusal(3, 'bad id')],
  ])('ends it when it is refused for good: HTTP %i', async (httpStatus, refused) => {
    const { result, transport } = wait([refused, json(DONE)])
    expect(await rejection(result)).toMatchObject({ httpStatus })
    expect(transport.requests).toHaveLength(1)
  })

  test('does not end it when the operation is not known yet', async () => {
    const unknown = refusal(5, 'no such operation')
    const { result, transport } = wait([unknown, unknown, json(DONE)])
    expect((await result).done).toBe(true)
    expect(transport.requests).toHaveLength(3)
  })

  test('ends it when the operation is still not known after ten seconds', async () => {
    const afterMs = (ms: number) => {
      const fake: FakeCloud = fakeCloud([
        () => {
          fake.clock.advance(ms - 250)
          return refusal(5, 'no such operation')
        },
        json(DONE),
      ])
      const deadlineMs = fake.clock.now() + 900_000
      return waitForOperation(
        { operation: readOperation(PENDING), what: WHAT, deadlineMs },
        fake.cloud,
      )
    }
    expect((await afterMs(9_999)).done).toBe(true)
    expect(await rejection(afterMs(10_000))).toMatchObject({ httpStatus: 404 })
  })

  test('is followed by longer and longer pauses, until a poll succeeds', async () => {
    const faults = Array.from({ length: 6 }, () => answer(503))
    const { result, clock } = wait([...faults, json(PENDING), json(DONE)])
    await result
    expect(clock.sleeps).toEqual([250, 300, 500, 1_000, 2_000, 4_000, 8_000, 827])
  })

  test('slows down all others when it comes too often', async () => {
    const often = refusal(8, 'too many requests')
    const pending = Array.from({ length: 3 }, () => json(PENDING))
    const { result, clock } = wait([
      ...pending,
      often,
      json(PENDING),
      often,
      json(PENDING),
      json(DONE),
    ])
    await result
    expect(clock.sleeps).toEqual([250, 300, 350, 70, 250, 172, 376, 452])
  })

  test.each([429, 503])(
    'is followed by the pause that the cloud asks for: HTTP %i',
    async (status) => {
      const busy = answer(status, '', { 'retry-after': '40' })
      const { result, clock } = wait([busy, json(PENDING), json(DONE)])
      await result
      expect(clock.sleeps).toEqual([250, 40_000, 403])
    },
  )

  test('does not delay the deadline, whatever the cloud asks for', async () => {
    const busy = answer(429, '', { 'retry-after': '40' })
    const { result, clock } = wait([busy], { budgetMs: 30_000 })
    expect(await rejection(result)).toMatchObject({ code: 'OPERATION_TIMEOUT' })
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(30_000)
    expect(clock.sleeps.length).toBeLessThan(12)
  })
})

describe('the deadline', () => {
  test.each([
    [60_000, { attemptMs: 10_000, totalMs: 0, askedMs: 59_750 }],
    [5_250, { attemptMs: 5_000, totalMs: 0, askedMs: 5_000 }],
    [350, { attemptMs: 1_000, totalMs: 0, askedMs: 100 }],
  ])('bounds each look, though the last one gets a chance: %i ms', async (budgetMs, retry) => {
    const { cloud, clock } = fakeCloud([json(DONE)])
    const retries: unknown[] = []
    const api: Api = {
      ...cloud.api,
      call: (request) => {
        retries.push(request.retry)
        return cloud.api.call(request)
      },
    }
    const wait = { what: WHAT, deadlineMs: clock.now() + budgetMs }
    await waitForOperation({ operation: readOperation(PENDING), ...wait }, { ...cloud, api })
    expect(retries).toEqual([retry])
  })

  test('ends the wait with the id of the operation', async () => {
    const { result, clock } = wait([json(PENDING)], { budgetMs: 3_000 })
    const error = (await rejection(result)) as DeployError
    expect(error.code).toBe('OPERATION_TIMEOUT')
    expect(error.message).toBe(
      'The build of the version did not end in time; the operation op1 may still finish.',
    )
    expect(advise(error).hint).toBe(
      'Look it up with `yc operation get op1`, or raise `wait-timeout`.',
    )
    expect(error.details).toEqual({ 'operation id': 'op1' })
    expect(error.cause).toBeUndefined()
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(3_000)
  })

  test('does not come sooner when the clock of the runner is set forward', async () => {
    const { result, clock } = wait([json(PENDING), json(DONE)], { budgetMs: 60_000 })
    clock.setForwardMs = 2 * 3_600_000
    expect((await result).done).toBe(true)
  })

  test('has a last look at its very end', async () => {
    const { result, clock } = wait([json(PENDING), json(DONE)], { budgetMs: 400 })
    expect((await result).done).toBe(true)
    expect(clock.sleeps).toEqual([250, 150])
  })

  test('that has passed already leaves no time for a look', async () => {
    const { result, transport } = wait([json(DONE)], { budgetMs: 0 })
    expect(await rejection(result)).toMatchObject({ code: 'OPERATION_TIMEOUT' })
    expect(transport.requests).toEqual([])
  })

  test('says why the last look failed', async () => {
    const { result } = wait([answer(503)], { budgetMs: 1_000 })
    const error = (await rejection(result)) as DeployError
    expect(error).toMatchObject({
      code: 'OPERATION_TIMEOUT',
      message: expect.stringMatching(
        /may still finish\. The last look at it failed: Could not read the operation op1: .*HTTP 503/,
      ),
      cause: {
        code: 'API_UNREACHABLE',
        message: expect.stringContaining('Could not read the operation op1: '),
      },
    })
  })

  test('has no cause when a later look succeeded', async () => {
    const faults = Array.from({ length: 6 }, () => answer(503))
    const { result } = wait([...faults, json(PENDING)], { budgetMs: 20_000 })
    expect(((await rejection(result)) as DeployError).cause).toBeUndefined()
  })
})

test('a cancelled run stops waiting at once', async () => {
  const reason = new DeployError('CANCELLED', 'The run was cancelled.')
  const controller = new AbortController()
  const { result, transport } = wait(
    [
      () => {
        controller.abort(reason)
        return json(PENDING)
      },
      json(DONE),
    ],
    { signal: controller.signal },
  )
  expect(await rejection(result)).toBe(reason)
  expect(transport.requests).toHaveLength(1)
})

describe('the error of an operation', () => {
  const errorOf = async (error: unknown): Promise<OperationError> =>
    (await rejection(wait([], { started: { ...PENDING, error } }).result)) as OperationError

  test('tells what failed, the reason, the code and the id', async () => {
    const error = await errorOf({ code: 3, message: 'no such entrypoint' })
    expect(error.code).toBe('OPERATION_FAILED')
    expect(error.message).toBe('The build of the version failed: no such entrypoint')
    expect(error.grpcCode).toBe('INVALID_ARGUMENT')
    expect(error.details).toEqual({ 'operation id': 'op1', 'gRPC code': 'INVALID_ARGUMENT' })
    expect(advise(error).hint).toContain('`entrypoint`')
    expect(error.status).toEqual({ code: 3, message: 'no such entrypoint', details: [] })
  })

  test.each(['3', 'INVALID_ARGUMENT'])('may have its code as the text %j', async (code) => {
    const { result, transport } = wait([json({ ...PENDING, error: { code, message: 'no' } })])
    expect(await rejection(result)).toMatchObject({ grpcCode: 'INVALID_ARGUMENT' })
    expect(transport.requests).toHaveLength(1)
  })

  test('may have no reason and an unknown code', async () => {
    const error = await errorOf({ code: 99 })
    expect(error.message).toBe('The build of the version failed: no reason was given')
    expect(error.details).toStrictEqual({ 'operation id': 'op1' })
  })

  test('has its details as lines of their own, and no query of a link', async () => {
    const error = await errorOf({
      code: 13,
      message: 'see https://storage.example/build.output?X-Amz-Signature=abc for more',
      details: [
        { fieldViolations: [{ field: 'content', description: 'https://x.example/log?sig=def' }] },
        'text',
      ],
    })
    expect(error.message.split('\n')).toEqual([
      'The build of the version failed: see https://storage.example/build.output?*** for more',
      '- content: https://x.example/log?***',
    ])
  })
})

describe('cancelling', () => {
  const cancel = (steps: readonly Step[]) => {
    const fake = fakeCloud(steps)
    return { ...fake, result: cancelOperation('op1', fake.cloud) }
  }

  test('asks with GET, as the published proto has it', async () => {
    const { result, transport } = cancel([json(DONE)])
    expect(await result).toBe(true)
    expect(transport.lines).toEqual(['GET /operations/op1:cancel'])
  })

  test('falls back to POST, as the design guide has it', async () => {
    const { result, transport } = cancel([answer(405), json(DONE)])
    expect(await result).toBe(true)
    expect(transport.lines).toEqual(['GET /operations/op1:cancel', 'POST /operations/op1:cancel'])
  })

  test('does not take an answer about another operation for an agreement', async () => {
    expect(await cancel([json({ ...DONE, id: 'op2' })]).result).toBe(false)
  })

  test('says that it was refused both ways', async () => {
    const { result, transport } = cancel([refusal(9, 'cannot be cancelled')])
    expect(await result).toBe(false)
    expect(transport.requests).toHaveLength(2)
  })

  test.each<[string, Step]>([
    ['an unreachable API', connectionError('ECONNREFUSED')],
    ['HTTP 503', answer(503)],
    ['HTML', answer(200, '<html>')],
  ])('does not insist: %s', async (_, fault) => {
    const { result, transport, clock } = cancel([fault])
    expect(await result).toBe(false)
    expect(transport.requests).toHaveLength(1)
    expect(clock.sleeps).toEqual([])
  })
})
