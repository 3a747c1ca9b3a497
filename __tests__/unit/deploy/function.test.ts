/** The function that is deployed to: found, created when it is new, changed only where asked and different. */

import { describe, expect, test } from '@jest/globals'
import type { HttpResponse } from '../../../src/ports.ts'
import { ensureFunction, findTarget, type FoundTarget } from '../../../src/deploy/function.ts'
import { fakeCloud, json, refusal, rejection, type Step } from '../../support/fakes.ts'
import { inputsOf } from '../../support/inputs.ts'
import { readFunction } from '../../../src/yandex/functions/functions.ts'

const FN = { id: 'd4e1', folderId: 'b1g1', name: 'hello', description: 'old', labels: { a: '1' } }
const EXISTING: FoundTarget = { function: readFunction(FN), folderId: 'b1g1', name: 'hello' }
const MISSING: FoundTarget = { ...EXISTING, function: undefined }
const NAMED = { 'function-id': '', 'folder-id': 'b1g1', 'function-name': 'hello' }
const DONE = { id: 'op1', done: true, response: FN }

const find = (given: Record<string, string>, ...steps: Step[]) => {
  const fake = fakeCloud(steps)
  return { ...fake, result: findTarget(inputsOf(given).function, fake.cloud) }
}

describe('finding', () => {
  test('reads a function by its id', async () => {
    const { result, transport } = find({ 'function-id': 'd4e1' }, json(FN))
    expect(await result).toEqual(EXISTING)
    expect(transport.lines).toEqual(['GET /functions/v1/functions/d4e1'])
  })

  test('tells an unknown id by its input', async () => {
    const { result } = find({ 'function-id': 'd4e1' }, refusal(5, 'no such function'))
    expect(await rejection(result)).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/^`function-id`: .*HTTP 404 NOT_FOUND: no such function$/),
      hint: expect.stringContaining('`functions.editor`'),
      details: { 'HTTP status': '404', 'gRPC code': 'NOT_FOUND' },
      cause: { httpStatus: 404 },
    })
  })

  test('passes on any other refusal of an id', async () => {
    const { result } = find({ 'function-id': 'd4e1' }, refusal(7, 'no'))
    expect(await rejection(result)).toMatchObject({ code: 'API_REJECTED', httpStatus: 403 })
  })

  test('looks for a function by its name', async () => {
    const { result } = find(NAMED, json({ functions: [FN] }))
    expect(await result).toEqual(EXISTING)
  })

  test('finds that one is to be created, and where', async () => {
    expect(await find(NAMED, json({})).result).toEqual(MISSING)
  })

  test('fails when none may be created', async () => {
    const { result } = find({ ...NAMED, 'create-function': 'false' }, json({}))
    expect(await rejection(result)).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('there is no function "hello" in the folder b1g1'),
      hint: expect.stringContaining('`create-function`'),
    })
  })

  test('fails with the names near it when none may be created', async () => {
    const list = json({
      functions: [
        { ...FN, name: 'helo' },
        { ...FN, name: 'other-one' },
      ],
    })
    const { result } = find({ ...NAMED, 'create-function': 'false' }, json({}), list)
    expect(await rejection(result)).toMatchObject({
      message:
        '`function-name`: there is no function "hello" in the folder b1g1, and `create-function` is false. Did you mean "helo"?',
    })
  })
})

describe('ensuring', () => {
  const ensure = (found: FoundTarget, given: Record<string, string>, ...steps: Step[]) => {
    const fake = fakeCloud(steps)
    const { function: inputs, wait } = inputsOf({ ...NAMED, ...given })
    return { ...fake, result: ensureFunction({ found, inputs, wait }, fake.cloud) }
  }

  test.each([
    {},
    { 'function-description': 'old' },
    { 'function-labels': 'a=1' },
    { 'function-description': 'old', 'function-labels': 'a=1' },
  ])('sends nothing when nothing differs: %j', async (given) => {
    const { result, transport } = ensure(EXISTING, given)
    expect(await result).toEqual({ function: readFunction(FN), origin: 'found' })
    expect(transport.requests).toEqual([])
  })

  test.each<[Record<string, string>, object]>([
    [{ 'function-description': 'new' }, { updateMask: 'description', description: 'new' }],
    [{ 'function-labels': 'a=2' }, { updateMask: 'labels', labels: { a: '2' } }],
    [{ 'function-labels': 'b=1' }, { updateMask: 'labels', labels: { b: '1' } }],
    [{ 'function-labels': 'a=1\nb=1' }, { updateMask: 'labels', labels: { a: '1', b: '1' } }],
    [
      { 'function-description': 'new', 'function-labels': 'a=1' },
      { updateMask: 'description', description: 'new' },
    ],
    [
      { 'function-description': 'new', 'function-labels': 'a=3' },
      { updateMask: 'description,labels', description: 'new', labels: { a: '3' } },
    ],
  ])('changes only what differs: %j', async (given, body) => {
    const { result, transport } = ensure(EXISTING, given, json(DONE))
    expect((await result).origin).toBe('found')
    expect(transport.lines).toEqual(['PATCH /functions/v1/functions/d4e1'])
    expect(transport.body(0)).toEqual(body)
  })

  /** A folder with these functions, in which one can be created. */
  const folder =
    (
      names: readonly string[],
      listed: () => HttpResponse = () =>
        json({ functions: names.map((name) => ({ ...FN, name })) }),
    ): Step =>
    ({ method, url }) => {
      if (method === 'POST') return json(DONE)
      return url.pathname.endsWith('/functions') ? listed() : json(FN)
    }

  test('creates with all that was given, and has it told', async () => {
    const given = { 'function-description': 'd', 'function-labels': 'a=1' }
    const { result, transport } = ensure(MISSING, given, folder(['hello', 'unlike']))
    expect(await result).toEqual({
      function: readFunction(FN),
      origin: 'created',
      notice: 'There was no function "hello" in the folder b1g1, so it was created.',
    })
    const creation = transport.requests.findIndex(({ method }) => method === 'POST')
    expect(transport.body(creation)).toMatchObject({ description: 'd', labels: { a: '1' } })
    expect(transport.lines.toSorted()).toEqual([
      'GET /functions/v1/functions/d4e1',
      'GET /functions/v1/functions?folderId=b1g1&pageSize=1000',
      'POST /functions/v1/functions',
    ])
  })

  test('has the names told that were perhaps meant instead', async () => {
    const { result } = ensure(MISSING, {}, folder(['helo', 'hello', 'hello-2', 'unlike']))
    expect((await result).notice).toBe(
      'There was no function "hello" in the folder b1g1, so it was created. Did you mean "helo" or "hello-2"?',
    )
  })

  test('needs no list of names to create', async () => {
    const { result } = ensure(
      MISSING,
      {},
      folder([], () => refusal(7, 'no')),
    )
    expect(await result).toMatchObject({
      origin: 'created',
      notice: 'There was no function "hello" in the folder b1g1, so it was created.',
    })
  })

  test('brings the function of a faster job up to date', async () => {
    const { result, transport } = ensure(
      MISSING,
      { 'function-description': 'new' },
      ({ method }) => {
        if (method === 'POST') return refusal(6, 'exists')
        return json(method === 'GET' ? { functions: [FN] } : DONE)
      },
    )
    expect(await result).toEqual({
      function: readFunction(FN),
      origin: 'created meanwhile by another job',
    })
    const update = transport.requests.findIndex(({ method }) => method === 'PATCH')
    expect(transport.body(update)).toEqual({ updateMask: 'description', description: 'new' })
  })
})
