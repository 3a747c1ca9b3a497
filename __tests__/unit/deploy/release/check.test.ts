import { describe, expect, test } from '@jest/globals'
import { runCheck } from '../../../../src/deploy/release/check.ts'
import { DeployError } from '../../../../src/errors.ts'
import type { HttpRequest, HttpResponse } from '../../../../src/ports.ts'
import {
  answer,
  connectionError,
  fakeCloud,
  json,
  refusal,
  rejection,
  type FakeCloud,
} from '../../../support/fakes.ts'
import { inputsOf } from '../../../support/inputs.ts'
import { readFunction } from '../../../../src/yandex/functions/functions.ts'
import { readVersion } from '../../../../src/yandex/functions/versions.ts'

const OURS = { 'x-function-version-id': 'd4e2' }
const PASS = answer(200, 'fine', OURS)
const CRASH = answer(502, '{"errorMessage":"boom","errorType":"Error"}', {
  ...OURS,
  'x-function-error': 'true',
})
const ANYBODY = {
  accessBindings: [
    { roleId: 'functions.functionInvoker', subject: { id: 'allUsers', type: 'system' } },
  ],
}

/** The version that had the tag before. */
const OLDER = json({ id: 'd4e1', functionId: 'd4f1', createdAt: '2025-12-31T00:00:00Z' })

/** The version of a step with these inputs, as it is checked; the function answers at that address. */
function checking(
  given: Readonly<Record<string, string>> = {},
  httpInvokeUrl = 'https://functions.yandexcloud.net/d4f1',
): Parameters<typeof runCheck>[0] {
  const inputs = inputsOf({ check: 'true', ...given })
  const { check } = inputs.release
  if (!check) throw new TypeError('no check')
  const former = readVersion({ id: 'd4e1', createdAt: '2026-01-01T00:00:00Z' })
  const target = readFunction({ id: 'd4f1', httpInvokeUrl })
  const released = { inputs, function: target, versionId: 'd4e2', liveId: undefined, former }
  return { released: { ...released, origin: 'created' }, check }
}

/** The tokens that the function was called with. */
const tokensOf = ({ transport }: FakeCloud): readonly (string | undefined)[] =>
  transport.requests
    .filter(({ url }) => url.hostname.startsWith('functions.'))
    .map(({ headers }) => headers.authorization)

/** The answers of each kind of call, one after the other; the last one is repeated. */
interface Script {
  readonly calls: readonly (HttpResponse | Error)[]
  readonly holders?: readonly (string | HttpResponse)[]
  readonly bindings?: HttpResponse
  /** How long each call takes. */
  readonly callMs?: number
}

function play<T>(script: readonly T[]): () => T {
  let index = 0
  return () => {
    const step = script[Math.min(index++, script.length - 1)]
    if (step === undefined) throw new TypeError('the script is empty')
    return step
  }
}

function scripted({
  calls,
  holders = ['d4e2'],
  bindings = json(ANYBODY),
  callMs = 0,
}: Script): FakeCloud {
  const nextCall = play(calls)
  const nextHolder = play(holders)
  const respond = ({ url }: HttpRequest): HttpResponse => {
    if (url.pathname.endsWith(':listAccessBindings')) return bindings
    if (url.pathname.endsWith(':byTag')) {
      const holder = nextHolder()
      return typeof holder === 'string' ? json({ id: holder, functionId: 'd4f1' }) : holder
    }
    const call = nextCall()
    fake.clock.advance(callMs)
    if (!('status' in call)) throw call
    return call
  }
  const fake: FakeCloud = fakeCloud([respond], { retry: { totalMs: 0 } })
  return fake
}

async function checked(
  script: Script,
  inputs: Readonly<Record<string, string>> = {},
): Promise<{ end: Awaited<ReturnType<typeof runCheck>>; calls: number; fake: FakeCloud }> {
  const fake = scripted(script)
  const end = await runCheck(checking({ environment: 'A=hunter2secret', ...inputs }), fake.cloud)
  const calls = fake.transport.lines.filter((line) => line.includes('/d4f1?tag=candidate'))
  return { end, calls: calls.length, fake }
}

describe('a check', () => {
  test('passes at the first good answer, after a look at the tag', async () => {
    const { end, fake } = await checked({ calls: [PASS] })
    expect(end).toEqual({
      kind: 'passed',
      tag: 'candidate',
      status: 200,
      calls: 1,
      isProven: true,
    })
    const byTag = 'GET /functions/v1/versions:byTag?functionId=d4f1&tag=candidate'
    const bindings = 'GET /functions/v1/functions/d4f1:listAccessBindings?pageSize=1000'
    expect(fake.transport.lines.slice(0, 2).sort()).toEqual([bindings, byTag])
    expect(fake.transport.lines.slice(2)).toEqual(['GET /d4f1?tag=candidate'])
  })

  test('looks at the tag again where the answer does not name its version', async () => {
    const { end, fake } = await checked({ calls: [answer(200)] })
    expect(end).toMatchObject({ kind: 'passed', isProven: false })
    const byTag = 'GET /functions/v1/versions:byTag?functionId=d4f1&tag=candidate'
    expect(fake.transport.lines.slice(2)).toEqual(['GET /d4f1?tag=candidate', byTag])
  })

  const TROUBLE: readonly (readonly [string, HttpResponse | Error])[] = [
    ['no connection', connectionError('ECONNREFUSED')],
    ['404 for the tag', answer(404)],
    ['403 of a new binding', answer(403)],
    ['429', answer(429)],
    ['503', answer(503)],
    ['another version', answer(200, '', { 'x-function-version-id': 'd4e1' })],
  ]

  test.each(TROUBLE)('is not failed by trouble that passes: %s', async (_, trouble) => {
    const { end, calls } = await checked(
      { calls: [...Array<typeof trouble>(8).fill(trouble), PASS] },
      { 'check-attempts': '1' },
    )
    expect(end.kind).toBe('passed')
    expect(calls).toBe(9)
  })

  test.each(TROUBLE)('is failed by trouble that lasts as long as its timeout: %s', async (_, t) => {
    const { end, calls, fake } = await checked({ calls: [t] }, { 'check-timeout': '20s' })
    expect(end).toMatchObject({ kind: 'failed', fault: 'call', calls })
    expect(fake.clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(20_000)
    expect(Math.max(...fake.clock.sleeps)).toBeLessThanOrEqual(5_000)
  })

  test.each([
    ['one call that takes longer than its timeout', 31_000, 1, ''],
    ['calls, with the time that they took', 4_000, 2, ', for 9 s'],
  ])('is failed by trouble of %s', async (_, callMs, calls, told) => {
    const trouble = connectionError('ECONNRESET', 'gone')
    const { end } = await checked({ calls: [trouble], callMs }, { 'check-timeout': '5s' })
    expect(end).toMatchObject({ fault: 'call', calls, reason: `ECONNRESET: gone${told}` })
  })

  test.each([1, 2, 3])(
    'is failed by %i bad answers of the function and not before',
    async (max) => {
      const attempts = { 'check-attempts': String(max) }
      const bad = await checked({ calls: [CRASH] }, attempts)
      expect(bad.calls).toBe(max)
      expect(bad.end).toMatchObject({
        kind: 'failed',
        fault: 'function',
        calls: max,
        error: { message: 'Error: boom', trace: [] },
      })
      const good = await checked(
        { calls: [...Array<HttpResponse>(max - 1).fill(CRASH), PASS] },
        attempts,
      )
      expect(good.end).toMatchObject({ kind: 'passed', calls: max })
    },
  )

  test('counts trouble and bad answers apart', async () => {
    const { end, calls } = await checked({
      calls: [answer(404), CRASH, answer(503), answer(404), CRASH, answer(429), PASS],
    })
    expect(end.kind).toBe('passed')
    expect(calls).toBe(7)
  })

  test('is not prolonged by the time that the function itself takes', async () => {
    const { end } = await checked({ calls: [CRASH, CRASH, PASS] }, { 'check-timeout': '1s' })
    expect(end.kind).toBe('passed')
  })

  test.each([
    ['before the call', ['d4e9'], 0],
    ['during the call', ['d4e2', 'd4e9'], 1],
  ])('is failed by a tag that is taken %s', async (_, holders, calls) => {
    const taken = await checked({ calls: [answer(200)], holders })
    expect(taken.end).toMatchObject({ kind: 'failed', fault: 'tag', calls })
    expect(taken.end).toHaveProperty('reason', expect.stringContaining('d4e9'))
    expect(taken.calls).toBe(calls)
  })

  test('is failed at once when the version that answers has taken the tag', async () => {
    const other = answer(200, '', { 'x-function-version-id': 'd4e9' })
    const { end, calls } = await checked({ calls: [other], holders: ['d4e2', 'd4e9'] })
    expect(end).toMatchObject({ kind: 'failed', fault: 'tag' })
    expect(calls).toBe(1)
  })

  test('is failed by a tag that is gone', async () => {
    const { end } = await checked({ calls: [PASS], holders: [refusal(5, 'not found')] })
    expect(end).toHaveProperty('reason', expect.stringContaining('is on no version now:'))
  })

  test.each([
    ['the version before', [OLDER, OLDER, 'd4e2']],
    ['no version', [refusal(5, 'not found'), 'd4e2']],
    ['the version before for longer', [...Array<HttpResponse>(40).fill(OLDER), 'd4e2']],
  ])('waits for an API that is behind and shows %s', async (_, holders) => {
    const { end } = await checked({ calls: [PASS], holders })
    expect(end.kind).toBe('passed')
  })

  test.each([
    ['private', json({})],
    ['not shown to the account', refusal(7, 'Permission denied')],
  ])('sends the token to a function that is %s, once the service wants it', async (_, bindings) => {
    const { end, fake } = await checked({ calls: [answer(403), PASS], bindings })
    expect(end).toMatchObject({ kind: 'passed', calls: 1 })
    expect(tokensOf(fake)).toEqual([undefined, 'Bearer t1.given'])
  })

  test('calls with the token at once where the function has answered such a call before', async () => {
    const calls = [answer(403), CRASH, PASS]
    const { end, fake } = await checked({ calls, bindings: json({}) })
    expect(end).toMatchObject({ kind: 'passed', calls: 2 })
    expect(tokensOf(fake)).toEqual([undefined, 'Bearer t1.given', 'Bearer t1.given'])
  })

  test.each([
    ['public by its own bindings', json(ANYBODY), [answer(403), PASS]],
    ['public by a right on its folder', json({}), [answer(503), PASS]],
  ])('sends no token to a function that is %s', async (_, bindings, calls) => {
    const { end, fake } = await checked({ calls, bindings })
    expect(end).toMatchObject({ kind: 'passed', calls: 2 })
    expect(tokensOf(fake)).toEqual([undefined, undefined])
  })

  test('gives no token to a function that itself answers 403', async () => {
    const bindings = refusal(7, 'Permission denied')
    const { fake } = await checked({ calls: [answer(403, '', OURS)], bindings })
    expect(new Set(tokensOf(fake))).toEqual(new Set([undefined]))
  })

  test('shows no value of the environment that an error of the function repeats', async () => {
    const body = JSON.stringify({
      errorType: 'hunter2secret',
      errorMessage: 'no way with hunter2secret',
      stackTrace: ['at hunter2secret:1'],
    })
    const { end, fake } = await checked({ calls: [answer(502, body, OURS)] })
    expect(end).toHaveProperty('error', {
      message: '***: no way with ***',
      trace: ['at ***:1'],
    })
    expect(fake.logged.join()).not.toContain('hunter2')
  })

  test('takes an answer that is too large for one of the function', async () => {
    const tooLarge = new RangeError('the answer is larger than 4194304 bytes')
    const { end, calls } = await checked({ calls: [tooLarge] })
    expect(end).toMatchObject({ kind: 'failed', fault: 'function' })
    expect(end).toHaveProperty('reason', expect.stringContaining('4194304'))
    expect(calls).toBe(3)
  })

  test('fails where the API refuses to say who has the tag', async () => {
    const { end, calls } = await checked({ calls: [PASS], holders: [refusal(7, 'denied')] })
    expect(end).toMatchObject({ kind: 'failed', fault: 'call' })
    expect(end).toHaveProperty('reason', expect.stringContaining('denied'))
    expect(calls).toBe(0)
  })

  test('fails without a call where the address of the function is not safe', async () => {
    const fake = scripted({ calls: [PASS] })
    const checked = checking({}, 'http://functions.yandexcloud.net/d4f1')
    const end = await runCheck(checked, fake.cloud)
    expect(end).toMatchObject({ kind: 'failed', fault: 'call', calls: 0 })
    expect(fake.transport.requests).toEqual([])
  })

  test('that is cancelled throws the reason', async () => {
    const reason = new DeployError('CANCELLED', 'The run was cancelled.')
    const cancellation = new AbortController()
    const fake = fakeCloud(
      [
        ({ url }) => {
          if (url.pathname.endsWith(':byTag')) return json({ id: 'd4e2' })
          if (url.pathname.endsWith(':listAccessBindings')) return json({})
          cancellation.abort(reason)
          return answer(404)
        },
      ],
      { signal: cancellation.signal },
    )
    expect(await rejection(runCheck(checking(), fake.cloud))).toBe(reason)
  })

  test('logs why it calls again, with the error of the function on one line', async () => {
    const { fake } = await checked({ calls: [answer(404), CRASH, PASS] })
    expect(fake.logged).toEqual([
      'Check: the service answered HTTP 404; calling again in 0.5 s',
      'Check: the function failed: HTTP 502 (Error: boom); calling again in 1 s',
    ])
  })
})
