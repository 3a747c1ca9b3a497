/** Clean-ups against an emulator: what is gone afterwards, what is left, and what is said. */

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { DeployError } from '../../src/errors.ts'
import { mutations, useEmulator } from '../support/cloud.ts'
import { cleanUp, NETWORK, type Outcome } from '../support/faults.ts'
import { PastFunction } from '../support/history.ts'

const cloud = useEmulator({ buildMs: 20 })

let names = 0
const past = () => PastFunction.create(cloud(), `cleanup-${++names}`)

function step(of: PastFunction, inputs: Readonly<Record<string, string>>): Promise<Outcome> {
  return cleanUp({ ...of.inputs, ...inputs }, { emulator: cloud() })
}

const codeOf = ({ errors }: Outcome) => errors.map(({ title }) => title.split(':')[0])
const functionIds = () =>
  cloud()
    .functions()
    .map(({ id }) => id)

describe('tags', () => {
  test('are removed, and the versions and the other tags stay', async () => {
    const hello = await past()
    const v1 = await hello.version({ tag: ['pr-1', 'stable'] })
    const v2 = await hello.version({ tag: ['pr-2', 'pr-12'] })
    const outcome = await step(hello, { 'remove-tags': 'pr-1\npr-2' })
    expect(outcome.exitCode).toBe(0)
    expect(outcome.outputs).toEqual({
      'function-id': hello.id,
      'removed-tags': 'pr-1\npr-2',
      deleted: 'false',
    })
    expect(cloud().versions(hello.id)).toMatchObject([
      { id: v1, tags: ['stable'] },
      { id: v2, tags: ['$latest', 'pr-12'] },
    ])
  })

  test('that no version holds are no error, and are told', async () => {
    const hello = await past()
    await hello.version({ tag: ['pr-1'] })
    const outcome = await step(hello, { 'remove-tags': 'pr-9\npr-1' })
    expect([outcome.exitCode, outcome.outputs['removed-tags']]).toEqual([0, 'pr-1'])
    expect(outcome.log.join('\n')).toContain('tag pr-9: no version holds it')
    expect(outcome.summary).toContain('no version holds it')
    const again = await step(hello, { 'remove-tags': 'pr-9\npr-1' })
    expect([again.exitCode, again.outputs['removed-tags']]).toEqual([0, ''])
  })

  test.each([
    ['moves meanwhile is removed from where it is then', true],
    ['is removed meanwhile counts as gone', false],
  ])('one that %s', async (_, moves) => {
    const hello = await past()
    const v1 = await hello.version({ tag: ['pr-1'] })
    const v2 = await hello.version()
    let isFirst = true
    const outcome = await cleanUp(
      { ...hello.inputs, 'remove-tags': 'pr-1' },
      {
        emulator: cloud(),
        transport: async (request) => {
          if (isFirst && request.url.pathname.endsWith(':removeTag')) {
            isFirst = false
            await (moves ? hello.setTag(v2, 'pr-1') : hello.removeTag(v1, 'pr-1'))
          }
          return NETWORK(request)
        },
      },
    )
    expect([outcome.exitCode, isFirst]).toEqual([0, false])
    expect(hello.holderOf('pr-1')).toBeUndefined()
    expect(outcome.outputs['removed-tags']).toBe(moves ? 'pr-1' : '')
    expect(outcome.summary).toContain(moves ? `removed from <code>${v2}` : 'no version holds it')
  })

  test('that were removed before a failure are told', async () => {
    const hello = await past()
    await hello.version({ tag: ['pr-1', 'pr-2'] })
    cloud().fault({
      method: 'POST',
      path: /:removeTag$/,
      skip: 1,
      effect: { kind: 'status', status: 403 },
    })
    const outcome = await step(hello, { 'remove-tags': 'pr-1\npr-2' })
    expect(codeOf(outcome)).toEqual(['API_REJECTED'])
    expect(outcome.outputs).toMatchObject({ 'removed-tags': 'pr-1', deleted: 'false' })
    expect(outcome.summary).toContain('not removed, on')
    expect(hello.holderOf('pr-2')).toBeDefined()
  })
})

describe('a function', () => {
  test.each([
    ['name', (hello: PastFunction) => hello.inputs],
    [
      'id',
      (hello: PastFunction) => ({
        ...hello.inputs,
        'function-id': hello.id,
        'function-name': '',
        'folder-id': '',
      }),
    ],
  ])('is deleted by its %s, with its tagged versions, and no other one', async (_, inputsOf) => {
    const hello = await past()
    await hello.version({ tag: ['stable'] })
    const like = await PastFunction.create(cloud(), `${hello.name}-other`)
    const outcome = await cleanUp(
      { ...inputsOf(hello), 'delete-function': 'true' },
      { emulator: cloud() },
    )
    expect(outcome.exitCode).toBe(0)
    expect(outcome.outputs).toEqual({
      'function-id': hello.id,
      'removed-tags': '',
      deleted: 'true',
    })
    expect(functionIds()).not.toContain(hello.id)
    expect(functionIds()).toContain(like.id)
    expect(
      cloud()
        .requests.filter(({ method }) => method === 'DELETE')
        .at(-1)?.query,
    ).toEqual(new URLSearchParams())
  })

  test.each(['delete-function', 'remove-tags'])(
    'that is gone is no error, but a notice: %s',
    async (input) => {
      const hello = await past()
      await step(hello, { 'delete-function': 'true' })
      const value = input === 'remove-tags' ? 'pr-1' : 'true'
      for (const target of [
        {},
        { 'function-id': hello.id, 'function-name': '', 'folder-id': '' },
      ]) {
        const outcome = await step(hello, { ...target, [input]: value })
        expect(outcome.exitCode).toBe(0)
        expect(outcome.outputs).toEqual({ 'removed-tags': '', deleted: 'false' })
        expect(outcome.notices).toEqual([
          { title: 'No function', message: expect.stringContaining('There is no function') },
        ])
      }
    },
  )

  test('that another run deletes meanwhile is gone, and no error', async () => {
    const hello = await past()
    let isFirst = true
    const outcome = await cleanUp(
      { ...hello.inputs, 'delete-function': 'true' },
      {
        emulator: cloud(),
        transport: async (request) => {
          if (isFirst && request.method === 'DELETE') {
            isFirst = false
            await step(hello, { 'delete-function': 'true' })
          }
          return NETWORK(request)
        },
      },
    )
    expect([outcome.exitCode, outcome.outputs.deleted]).toEqual([0, 'false'])
    expect(outcome.log.join('\n')).toContain('The function is gone already')
    expect(outcome.summary).toContain('Gone already')
    expect(outcome.summary).not.toContain('console.yandex.cloud')
  })

  test('is deleted by this run, though the answer was lost and the next one is that it is gone', async () => {
    const hello = await past()
    let deletions = 0
    const outcome = await cleanUp(
      { ...hello.inputs, 'delete-function': 'true' },
      {
        emulator: cloud(),
        transport: async (request) => {
          if (request.method !== 'DELETE') return NETWORK(request)
          // A cloud that does not know the key of the first try again.
          const headers = { ...request.headers, 'idempotency-key': randomUUID() }
          const answer = await NETWORK({ ...request, headers })
          if (++deletions > 1) return answer
          throw new Error('socket hang up')
        },
      },
    )
    expect([outcome.exitCode, outcome.outputs.deleted]).toEqual([0, 'true'])
    expect(deletions).toBe(2)
  })

  test('is deleted by this run, though the end of the deletion may not be seen', async () => {
    const hello = await past()
    cloud().fault({ path: /^\/operations\//, effect: { kind: 'status', status: 400 } })
    const outcome = await step(hello, { 'delete-function': 'true' })
    expect([outcome.exitCode, outcome.outputs.deleted]).toEqual([0, 'true'])
  })

  test('that may not be deleted is an error', async () => {
    const hello = await past()
    cloud().fault({ method: 'DELETE', times: Infinity, effect: { kind: 'status', status: 403 } })
    const outcome = await step(hello, { 'delete-function': 'true' })
    expect(codeOf(outcome)).toEqual(['API_REJECTED'])
    expect(outcome.outputs.deleted).toBeUndefined()
    expect(functionIds()).toContain(hello.id)
  })

  const RATE_LIMIT = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const

  test.each([
    ['its deletion is refused for now', /\/functions\//, 'is not deleted'],
    [
      'its deletion runs, and is asked after too often',
      /\/operations\//,
      'may be deleted, now or soon',
    ],
  ])('is told to be as it is when a run is cancelled while %s', async (_, path, fate) => {
    const hello = await past()
    const controller = new AbortController()
    const outcome = await cleanUp(
      { ...hello.inputs, 'delete-function': 'true' },
      {
        emulator: cloud(),
        signal: controller.signal,
        transport: async (request) => {
          const isMeant = path.test(request.url.pathname)
          if (!isMeant || (request.method === 'GET' && path.source.includes('functions'))) {
            return NETWORK(request)
          }
          cloud().fault({ path, effect: RATE_LIMIT })
          const answer = await NETWORK(request)
          controller.abort(new DeployError('CANCELLED', 'The run was cancelled.'))
          return answer
        },
      },
    )
    expect(codeOf(outcome)).toEqual(['CANCELLED'])
    expect(outcome.errors[0]?.message).toContain(`The function ${hello.id} ${fate}.`)
  })

  test('in a folder that cannot be seen is an error, since nothing is known of it', async () => {
    const hello = await past()
    const outcome = await step(hello, {
      'folder-id': 'b1g0000000000000none',
      'delete-function': 'true',
    })
    expect(outcome.exitCode).toBe(1)
  })
})

describe('a dry run', () => {
  test.each([
    ['of tags', { 'remove-tags': 'pr-1\npr-2' }, '- tag pr-1 of the version'],
    ['of a function', { 'delete-function': 'true' }, '- function cleanup-'],
  ])('%s says what would be done, and changes nothing', async (_, inputs, line) => {
    const hello = await past()
    await hello.version({ tag: ['pr-1'] })
    const before = mutations(cloud()).length
    const outcome = await step(hello, { ...inputs, 'dry-run': 'true' })
    expect(outcome.exitCode).toBe(0)
    expect(outcome.log.join('\n')).toContain(line)
    expect(outcome.outputs).toEqual({ 'function-id': hello.id })
    expect(mutations(cloud()).slice(before)).toEqual([])
  })
})
