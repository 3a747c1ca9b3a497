/** Functions: found by exact name, created once though jobs race, changed only where asked. */

import { describe, expect, test } from '@jest/globals'
import type { DeployError } from '../../../../src/errors.ts'
import { advise } from '../../../../src/report/advice.ts'
import {
  createFunction,
  findFunction,
  getFunction,
  updateFunction,
} from '../../../../src/yandex/functions/functions.ts'
import { fakeCloud, json, refusal, rejection, thrown, type Step } from '../../../support/fakes.ts'
import { createVersion, versionIdOf } from '../../../../src/yandex/functions/versions.ts'
import { readOperation } from '../../../../src/yandex/functions/operation.ts'

const FN = {
  id: 'd4e1',
  folderId: 'b1g1',
  name: 'hello',
  description: 'd',
  labels: { a: 'b', n: 1 },
  httpInvokeUrl: 'https://functions.example/d4e1',
  status: 'ACTIVE',
}
const READ = { ...FN, labels: { a: 'b', n: '1' } }

describe('a function', () => {
  test('is read by its id', async () => {
    const { cloud, transport } = fakeCloud([json(FN)])
    expect(await getFunction('d4e1', cloud)).toEqual(READ)
    expect(transport.lines).toEqual(['GET /functions/v1/functions/d4e1'])
  })

  test('is not read from an answer about another one', async () => {
    const { cloud } = fakeCloud([json({ ...FN, id: 'd4e2' })])
    expect(await rejection(getFunction('d4e1', cloud))).toMatchObject({ code: 'API_UNEXPECTED' })
  })

  test('is found by exactly its name, over all pages', async () => {
    const { cloud, transport } = fakeCloud([
      json({ functions: [{ ...FN, id: 'd4e0', name: 'hello-2' }], nextPageToken: 'p' }),
      json({ functions: [FN] }),
    ])
    expect(await findFunction({ folderId: 'b1g1', name: 'hello' }, cloud)).toEqual(READ)
    expect(transport.lines[0]).toBe(
      'GET /functions/v1/functions?folderId=b1g1&filter=name%3D%22hello%22&pageSize=1000',
    )
  })

  test('may not be there', async () => {
    const { cloud } = fakeCloud([json({})])
    expect(await findFunction({ folderId: 'b1g1', name: 'hello' }, cloud)).toBeUndefined()
  })
})

describe('creating a function', () => {
  const create = (
    steps: readonly Step[],
    { description, labels }: { description?: string; labels?: Record<string, string> } = {},
    budgetMs = 60_000,
  ) => {
    const fake = fakeCloud(steps)
    const deadlineMs = fake.clock.now() + budgetMs
    const spec = { folderId: 'b1g1', name: 'hello', description, labels, deadlineMs }
    return { ...fake, result: createFunction(spec, fake.cloud) }
  }
  const PENDING = { id: 'op1', metadata: { functionId: 'd4e1' } }
  const EXISTS = refusal(6, 'Function with the same name already exists')

  test('waits for its operation and reads the function', async () => {
    const { result, transport } = create([
      json(PENDING),
      json({ ...PENDING, done: true, response: FN }),
      json(FN),
    ])
    expect(await result).toEqual({ function: READ, created: true })
    expect(transport.lines).toEqual([
      'POST /functions/v1/functions',
      'GET /operations/op1',
      'GET /functions/v1/functions/d4e1',
    ])
    expect(transport.body(0)).toEqual({ folderId: 'b1g1', name: 'hello' })
  })

  test('sends description and labels when given', async () => {
    const { result, transport } = create(
      [json({ id: 'op1', done: true, response: { id: 'd4e1' } }), json(FN)],
      { description: 'd', labels: { a: 'b' } },
    )
    expect(await result).toEqual({ function: READ, created: true })
    expect(transport.body(0)).toEqual({
      folderId: 'b1g1',
      name: 'hello',
      description: 'd',
      labels: { a: 'b' },
    })
  })

  test('reads the function when the operation has no response', async () => {
    const { result, transport } = create([json({ ...PENDING, done: true }), json(FN)])
    expect(await result).toEqual({ function: READ, created: true })
    expect(transport.lines[1]).toBe('GET /functions/v1/functions/d4e1')
  })

  test.each<[string, readonly Step[]]>([
    ['at once', [EXISTS]],
    ['by its operation', [json({ ...PENDING, error: { code: 6, message: 'exists' } })]],
  ])('takes the function of a job that was faster, told %s', async (_, steps) => {
    const { result, clock } = create([
      ...steps,
      json({}),
      json({ functions: [{ ...FN, status: 'CREATING' }] }),
      json(FN),
    ])
    expect(await result).toEqual({ function: READ, created: false })
    expect(clock.sleeps).toEqual([500, 500])
  })

  test('gives up on the other job at the deadline, with the first refusal', async () => {
    const { result, clock } = create([EXISTS, json({})], {}, 1_200)
    const error = (await rejection(result)) as DeployError
    expect(error.code).toBe('API_REJECTED')
    expect(advise(error).hint).toContain('cannot see')
    expect(clock.sleeps).toEqual([500, 500, 500])
  })

  test('gives up on a function that another job never finishes', async () => {
    const creating = { ...FN, status: 'CREATING' }
    const { result } = create([EXISTS, json({ functions: [creating] }), json(creating)], {}, 1_200)
    expect(await rejection(result)).toMatchObject({ code: 'OPERATION_TIMEOUT' })
  })

  test.each<[string, Step, string]>([
    ['a refusal', refusal(7, 'no'), 'API_REJECTED'],
    ['a quota', refusal(8, 'serverless.functions.count'), 'API_REJECTED'],
    ['a failed operation', json({ ...PENDING, error: { code: 13 } }), 'OPERATION_FAILED'],
  ])('fails by %s', async (_, step, code) => {
    expect(await rejection(create([step]).result)).toMatchObject({ code })
  })

  test('waits for the quota of operations within the deadline', async () => {
    const { result, clock } = create([refusal(8, 'operations')], {}, 3_000)
    expect(await rejection(result)).toMatchObject({ code: 'API_REJECTED' })
    expect(clock.sleeps).toEqual([250, 500, 1000])
  })
})

describe('updating a function', () => {
  test('sends a mask of exactly what changes, and waits', async () => {
    const { cloud, transport, clock } = fakeCloud([
      json({ id: 'op1' }),
      json({ id: 'op1', done: true, response: FN }),
    ])
    const changes = { description: 'new', labels: { a: 'c' } }
    await updateFunction({ id: 'd4e/1', changes, deadlineMs: clock.now() + 60_000 }, cloud)
    expect(transport.lines).toEqual([
      'PATCH /functions/v1/functions/d4e%2F1',
      'GET /operations/op1',
    ])
    expect(transport.body(0)).toEqual({ updateMask: 'description,labels', ...changes })
  })

  test('fails when its operation does', async () => {
    const { cloud, clock } = fakeCloud([json({ id: 'op1', error: { code: 9, message: 'busy' } })])
    const update = { id: 'd4e1', changes: {}, deadlineMs: clock.now() + 60_000 }
    expect(await rejection(updateFunction(update, cloud))).toMatchObject({
      message: 'The update of the function failed: busy',
    })
  })
})

describe('creating a version', () => {
  test('sends the request and gives the operation', async () => {
    const { cloud, transport, clock } = fakeCloud([
      json({ id: 'op1', metadata: { functionVersionId: 'v1' } }),
    ])
    const request = {
      functionId: 'd4e1',
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      description: '',
      resources: { memory: '1' },
      executionTimeout: '5s',
      content: 'UEs=',
    }
    const operation = await createVersion({ request, deadlineMs: clock.now() + 1 }, cloud)
    expect(operation).toMatchObject({ id: 'op1', done: false })
    expect(transport.lines).toEqual(['POST /functions/v1/versions'])
    expect(transport.body(0)).toEqual(request)
  })
})

describe('the id of a version', () => {
  test.each([
    [{ response: { id: 'r' }, metadata: { functionVersionId: 'm' } }, 'm'],
    [{ response: { id: 'r' }, metadata: { functionVersionId: '' } }, 'r'],
    [{ response: { id: 'r' }, metadata: { functionVersionId: 5 } }, 'r'],
    [{ response: { id: 'r' } }, 'r'],
    [{ metadata: { functionVersionId: 'm' } }, 'm'],
  ])('in %j is %s', (operation, id) => {
    expect(versionIdOf(readOperation({ id: 'op1', ...operation }))).toBe(id)
  })

  test.each([{}, { metadata: { functionVersionId: 5 } }, { response: [], metadata: 'x' }])(
    'may be missing: %j',
    (parts) => {
      const operation = readOperation({ id: 'op1', ...parts })
      expect(thrown(() => versionIdOf(operation))).toMatchObject({
        code: 'API_UNEXPECTED',
        message: expect.stringContaining('The operation op1 has neither'),
      })
    },
  )
})
