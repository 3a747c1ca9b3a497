/** Sending a call until it is answered for good: what is tried again, for how long, and how it is told. */

import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { advise } from '../../../../src/report/advice.ts'
import { causesOf, DeployError } from '../../../../src/errors.ts'
import type { HttpResponse } from '../../../../src/ports.ts'
import { ApiError } from '../../../../src/yandex/http/api-error.ts'
import {
  createHttp,
  isUncertain,
  NothingDone,
  RETRY_POLICY,
  type Call,
  type RetryPolicy,
} from '../../../../src/yandex/http/http.ts'
import {
  answer,
  connectionError,
  FakeClock,
  FakeTransport,
  json,
  refusal,
  rejection,
  type Step,
} from '../../../support/fakes.ts'
import { readJson } from '../../../../src/yandex/http/answer.ts'

const OK = json({ ok: true })

interface Setup {
  readonly policy?: Partial<RetryPolicy>
  readonly signal?: AbortSignal
  readonly call?: Partial<Call<unknown>>
  readonly isSecret?: boolean
  /** Time that each exchange takes. */
  readonly exchangeMs?: number
}

function send(
  steps: readonly Step[],
  { policy, signal, call, isSecret, exchangeMs = 0 }: Setup = {},
) {
  const transport = new FakeTransport(...steps)
  const clock = new FakeClock()
  const logged: string[] = []
  const http = createHttp({
    transport: (request) => {
      clock.advance(exchangeMs)
      return transport.send(request)
    },
    clock,
    signal: signal ?? new AbortController().signal,
    log: (message) => logged.push(message),
    retry: policy,
  })
  const result = http<unknown>({
    what: 'read the thing',
    method: 'GET',
    url: new URL('https://api.example/things?secret=1'),
    headers: { accept: 'application/json' },
    ...(isSecret !== true && { isPublic: true }),
    read: readJson,
    refuse: (answer) => new ApiError(answer, { what: 'read the thing' }),
    ...call,
  })
  return { result, transport, clock, logged }
}

async function failure(run: { result: Promise<unknown> }): Promise<DeployError> {
  const error = await rejection(run.result)
  expect(error).toBeInstanceOf(DeployError)
  return error as DeployError
}

describe('an answer that may hold a secret', () => {
  const TOKEN = `t1.${'Ab1_-x'.repeat(30)}`
  const bodies: [string, number, string][] = [
    ['JSON that is cut', 200, `{"iamToken":"${TOKEN}`],
    ['JSON after a mark', 200, `)]}'{"iamToken":"${TOKEN}"}`],
    ['JSON without quotes, which the parser quotes', 200, `{"iamToken":${TOKEN.slice(3)}}`],
    ['the token alone', 200, TOKEN],
    ['another status', 500, `{"iamToken":"${TOKEN}","code":"x"}`],
    ['another status, cut', 400, `{"iamToken":"${TOKEN}`],
    ['another status, alone', 403, TOKEN],
    ['a refusal without words', 400, `{"code":3,"message":"","iamToken":"${TOKEN}"}`],
  ]

  test.each(bodies)('is told by its status, type and length: %s', async (_, status, body) => {
    const answers = [answer(status, body, { 'content-type': 'text/plain' })]
    const run = send(answers, { isSecret: true, policy: { totalMs: 1_000 } })
    const error = await failure(run)
    const told = causesOf(error).map((cause) => inspect(cause, { depth: 9 }))
    expect([...told, ...run.logged].join()).not.toContain('Ab1')
    expect(error.message).toContain(`text/plain, ${body.length} bytes`)
    expect(error.details['HTTP status']).toBe(String(status))
  })

  test.each([
    [json({ code: 16, message: 'The key is unknown' }, { status: 401 }), 'The key is unknown'],
    [json({ error: 'bad', error_description: 'worse' }, { status: 400 }), 'bad: worse'],
    [answer(403, 'go away'), 'go away'],
  ])('has its refusals quoted: %#', async (step, message) => {
    const error = await failure(send([step], { isSecret: true }))
    expect(error.message).toContain(message)
  })
})

describe('an answer', () => {
  test.each([200, 201, 204, 299])('of HTTP %i is read', async (status) => {
    const run = send([json({ ok: true }, { status })])
    expect(await run.result).toEqual({ ok: true })
    expect(run.transport.requests).toHaveLength(1)
    expect(run.logged).toEqual([])
  })

  test('of a status that is expected is read, whatever it is', async () => {
    const read = ({ status }: HttpResponse): number => status
    expect(await send([answer(404)], { call: { read, expect: [403, 404] } }).result).toBe(404)
    expect(await send([answer(503)], { call: { read, expect: [503] } }).result).toBe(503)
  })

  test('is asked for as the call says, with a limit of size', async () => {
    const body = [Buffer.from('x')]
    const call = { method: 'PUT', body, direct: true, connectTimeoutMs: 7 } as const
    const run = send([OK], { call })
    await run.result
    expect(run.transport.requests[0]).toMatchObject({
      ...call,
      headers: { accept: 'application/json' },
      maxResponseBytes: 8 * 1024 * 1024,
    })
  })
})

describe('a final refusal', () => {
  test.each([
    [100, answer(100)],
    [199, answer(199)],
    [300, answer(300)],
    [301, answer(301)],
    [400, refusal(3, 'bad memory')],
    [401, refusal(16, 'token is invalid')],
    [403, refusal(7, 'no')],
    [404, refusal(5, 'no such')],
    [409, refusal(6, 'exists')],
    [412, answer(412)],
    [413, answer(413)],
    [422, answer(422)],
    [499, refusal(1, 'cancelled')],
    [501, refusal(12, 'unimplemented')],
    [505, answer(505)],
  ])('of HTTP %i is not tried again', async (status, refused) => {
    const run = send([refused, OK])
    const error = await failure(run)
    expect(error).toMatchObject({ httpStatus: status })
    expect(run.transport.requests).toHaveLength(1)
    expect(run.clock.sleeps).toEqual([])
  })

  test.each([
    'The limit on number of functions serverless.functions.count is exceeded',
    'Quota: 10 functions per cloud',
    'too many tags',
    'trying to send message larger than max (5 vs. 4)',
    'Превышено число функций',
    'Слишком много тегов',
    'too many provisioned instances',
  ])('is a quota that does not pass by itself: %s', async (message) => {
    const run = send([refusal(8, message), OK])
    const error = await failure(run)
    expect(error.code).toBe('API_REJECTED')
    expect(error.message).toContain(message)
    expect(run.transport.requests).toHaveLength(1)
  })

  test.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('is a certificate that is not accepted: %s', async (code) => {
    const run = send([connectionError(code), OK])
    const error = await failure(run)
    expect(error.code).toBe('API_UNREACHABLE')
    expect(error.message).toBe(
      `Could not read the thing: GET https://api.example/things: ${code}: socket trouble.`,
    )
    expect(error.cause).toBeDefined()
    expect(run.transport.requests).toHaveLength(1)
  })

  test('of the transport itself is passed on as it is', async () => {
    const error = new DeployError('INPUT_INVALID', 'https_proxy is no address')
    const { result, transport } = send([error])
    expect(await rejection(result)).toBe(error)
    expect(transport.requests).toHaveLength(1)
  })

  test('that the reader of an answer throws is passed on as it is', async () => {
    const own = new RangeError('mine')
    const read = (): never => {
      throw own
    }
    const run = send([OK], { call: { read } })
    expect(await rejection(run.result)).toBe(own)
    expect(run.transport.requests).toHaveLength(1)
  })
})

describe('a fault that passes', () => {
  test.each<[string, Step, string]>([
    ['HTTP 408', answer(408), 'HTTP 408: no text in the body'],
    ['HTTP 425', answer(425), 'HTTP 425: no text in the body'],
    ['HTTP 429', answer(429, 'slow down'), 'HTTP 429: slow down'],
    ['HTTP 500', refusal(13, 'internal'), 'HTTP 500: internal'],
    ['HTTP 502', answer(502, '<html>\n bad  gateway'), 'HTTP 502: bad gateway'],
    ['HTTP 503', answer(503), 'HTTP 503: no text in the body'],
    ['HTTP 504', answer(504), 'HTTP 504: no text in the body'],
    ['a rate limit', refusal(8, 'too many requests'), 'HTTP 429: too many requests'],
    [
      'UNAVAILABLE under another status',
      json({ code: 14, message: 'later' }, { status: 400 }),
      'HTTP 400: later',
    ],
    [
      'UNAVAILABLE in the wrapped form',
      json({ error: { grpcCode: 14, message: 'later' } }, { status: 400 }),
      'HTTP 400: later',
    ],
    [
      'a request that Object Storage waited too long for',
      answer(400, '<Error><Code>RequestTimeout</Code><Message>slow</Message></Error>'),
      'HTTP 400: slow',
    ],
    ['a reset connection', connectionError('ECONNRESET'), 'ECONNRESET: socket trouble'],
    [
      'an unknown host',
      connectionError('ENOTFOUND', 'getaddrinfo ENOTFOUND x'),
      'getaddrinfo ENOTFOUND x',
    ],
    ['an error without a code', new Error('terminated'), 'terminated'],
    ['HTML with 200', answer(200, '<html>hello'), 'HTTP 200 with an unreadable body: hello'],
    ['an empty body', answer(200), 'HTTP 200 with an unreadable body: no text in the body'],
    ['truncated JSON', answer(200, '{"a":'), 'HTTP 200 with an unreadable body: {"a":'],
  ])('is tried again: %s', async (_, fault, reason) => {
    const run = send([fault, OK])
    expect(await run.result).toEqual({ ok: true })
    expect(run.transport.requests).toHaveLength(2)
    expect(run.logged).toEqual([`Could not read the thing yet (${reason}); trying again in 0.3 s`])
  })

  test('is an answer of another shape than the reader wants', async () => {
    const read = (): never => {
      throw new TypeError('no id')
    }
    const error = await failure(send([OK], { call: { read } }))
    expect(error.code).toBe('API_UNEXPECTED')
    expect(error.message).toBe(
      'Could not read the thing: GET https://api.example/things: HTTP 200 with an unreadable body: {"ok":true}.',
    )
    expect(error.details).toEqual({ 'HTTP status': '200' })
    expect((error.cause as Error).message).toBe('no id')
  })

  test('quotes a foreign body only by its beginning', async () => {
    const run = send([answer(200, 'x'.repeat(1000)), OK])
    await run.result
    expect(run.logged[0]).toContain(`${'x'.repeat(200)}...)`)
  })
})

describe('the time that is spent on retries', () => {
  test('grows exponentially to its largest step, and ends with the total', async () => {
    const run = send([answer(503, '', { 'x-request-id': 'r1', 'x-server-trace-id': 't1' })])
    const error = await failure(run)
    expect(run.clock.sleeps).toEqual([
      250,
      500,
      1000,
      2000,
      4000,
      8000,
      ...Array<number>(10).fill(10_000),
    ])
    expect(error.code).toBe('API_UNREACHABLE')
    expect(error.message).toBe(
      'Could not read the thing: GET https://api.example/things: HTTP 503: no text in the body (17 attempts in 115.8 s).',
    )
    expect(error.details).toEqual({
      'HTTP status': '503',
      'x-request-id': 'r1',
      'x-server-trace-id': 't1',
    })
  })

  test.each([
    [0, [125, 250, 500, 1000, 2000]],
    [0.5, [188, 375, 750, 1500, 3000]],
    [1, [250, 500, 1000, 2000, 4000]],
  ])('has the upper half of each step jittered: %d', async (jitter, steps) => {
    const run = send([connectionError('ECONNRESET')])
    run.clock.jitter = jitter
    await failure(run)
    expect(run.clock.sleeps.slice(0, 5)).toEqual(steps)
  })

  test('counts the time of the attempts', async () => {
    const run = send([answer(503)], { exchangeMs: 30_000 })
    const error = await failure(run)
    expect(run.transport.requests).toHaveLength(4)
    expect(error.message).toContain('(4 attempts in 121.8 s)')
  })

  test('with a damaged body ends after 15 s, since more time rarely cures it', async () => {
    const run = send([answer(200, '<html>')])
    expect((await failure(run)).code).toBe('API_UNEXPECTED')
    expect(run.clock.sleeps).toEqual([250, 500, 1000, 2000, 4000])
    const exactly = send([answer(200, '<html>', { 'retry-after': '15' }), OK])
    expect(await exactly.result).toEqual({ ok: true })
    const beyond = send([answer(200, '<html>', { 'retry-after': '16' }), OK])
    expect((await failure(beyond)).code).toBe('API_UNEXPECTED')
  })

  test('with a damaged body is never longer than the total', async () => {
    const run = send([answer(200, '<html>')], { policy: { totalMs: 749 } })
    await failure(run)
    expect(run.clock.sleeps).toEqual([250])
  })

  test('with a rate limit ends as the refusal that it is', async () => {
    const run = send([answer(429, 'slow down')])
    const error = await failure(run)
    expect(run.transport.requests).toHaveLength(17)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'API_REJECTED', httpStatus: 429 })
    expect(error.message).toBe('Could not read the thing: HTTP 429: slow down')
  })

  test.each([
    [249, 'no text in the body.'],
    [250, 'no text in the body (2 attempts in 0.3 s).'],
  ])('is told from the second attempt on: with a total of %i ms', async (totalMs, told) => {
    const error = await failure(send([answer(503)], { policy: { totalMs } }))
    expect(error.message).toBe(
      `Could not read the thing: GET https://api.example/things: HTTP 503: ${told}`,
    )
  })

  test('is exactly the total: a wait that ends with it still counts', async () => {
    const policy = { totalMs: 750, firstDelayMs: 250 }
    const run = send([answer(503)], { policy })
    await failure(run)
    expect(run.clock.sleeps).toEqual([250, 500])
    const less = send([answer(503)], { policy: { ...policy, totalMs: 749 } })
    await failure(less)
    expect(less.clock.sleeps).toEqual([250])
  })

  test('of a call overrides the usual one, and that of the connection overrides both', async () => {
    const ofCall = send([answer(503)], { call: { retry: { totalMs: 0 } } })
    await failure(ofCall)
    expect(ofCall.clock.sleeps).toEqual([])
    const policy = { totalMs: 5_000, firstDelayMs: 1_000 }
    const ofDeps = send([answer(503)], { policy, call: { retry: { totalMs: 0 } } })
    await failure(ofDeps)
    expect(ofDeps.clock.sleeps).toEqual([1_000, 2_000])
  })

  test('is that of the yc CLI', () => {
    expect(RETRY_POLICY).toEqual({
      attemptMs: 30_000,
      totalMs: 120_000,
      firstDelayMs: 250,
      maxDelayMs: 10_000,
      askedMs: 0,
    })
  })
})

describe('Retry-After', () => {
  const START = Date.UTC(2026, 0, 1)

  test.each([
    ['3', 3000],
    [' 3 ', 3000],
    [new Date(START + 7000).toUTCString(), 7000],
    ['2026-01-01T00:00:05+00:00', 5000],
  ])('is obeyed, and told as a wish: %j', async (value, delayMs) => {
    const run = send([answer(429, 'slow', { 'retry-after': value }), OK])
    await run.result
    expect(run.clock.sleeps).toEqual([delayMs])
    const wait = `${delayMs / 1000} s`
    expect(run.logged).toEqual([
      `Could not read the thing yet (HTTP 429: slow (asks to wait ${wait})); trying again in ${wait}`,
    ])
  })

  test.each([
    '0',
    '-5',
    'soon',
    '',
    new Date(START).toUTCString(),
    new Date(START - 1e6).toUTCString(),
  ])(
    'without a time to wait leaves it to us, so that no server is asked without a pause: %j',
    async (value) => {
      const run = send([answer(429, '', { 'retry-after': value }), OK])
      await run.result
      expect(run.clock.sleeps).toEqual([250])
      expect(run.logged[0]).not.toContain('asks to wait')
    },
  )

  test.each(['121', '9'.repeat(400)])(
    'beyond the budget ends the call at once: %s',
    async (value) => {
      const run = send([answer(503, '', { 'retry-after': value }), OK])
      const error = await failure(run)
      expect(error.code).toBe('API_UNREACHABLE')
      expect(error.message).toMatch(/no text in the body \(asks to wait (121|Infinity) s\)\.$/)
      expect(run.clock.sleeps).toEqual([])
    },
  )

  test.each([
    ['40', [40_000]],
    ['41', []],
  ])('beyond the budget is obeyed as far as the call allows: %s', async (value, sleeps) => {
    const run = send([answer(429, '', { 'retry-after': value }), OK], {
      policy: { totalMs: 0, askedMs: 40_000 },
    })
    await run.result.catch(() => undefined)
    expect(run.clock.sleeps).toEqual(sleeps)
  })

  test('as a date is read by the clock that tells the date', async () => {
    const date = new Date(START + 2 * 3_600_000 + 7000).toUTCString()
    const run = send([answer(429, 'slow', { 'retry-after': date }), OK])
    run.clock.setForwardMs = 2 * 3_600_000
    await run.result
    expect(run.clock.sleeps).toEqual([7000])
  })

  test('counts for an unreadable answer too', async () => {
    const run = send([answer(200, '<html>', { 'retry-after': '2' }), OK])
    await run.result
    expect(run.clock.sleeps).toEqual([2000])
  })
})

describe('the quota of operations that run at once', () => {
  const OVER = refusal(8, 'Quota limit: 10 concurrent operations')
  const RUSSIAN = refusal(8, 'Слишком много операций')

  test.each([OVER, RUSSIAN])('is waited for as long as the call allows', async (over) => {
    const steps = [...Array<HttpResponse>(40).fill(over), OK]
    const run = send(steps, { call: { quotaMs: 900_000 } })
    expect(await run.result).toEqual({ ok: true })
    expect(run.clock.now() - Date.UTC(2026, 0, 1)).toBeGreaterThan(RETRY_POLICY.totalMs)
    expect(run.logged[0]).toMatch(/^Could not read the thing yet \(.+\); trying again in 0\.3 s$/)
  })

  test('ends as the refusal that it is', async () => {
    const run = send([OVER], { call: { quotaMs: 400 } })
    const error = await failure(run)
    expect(run.clock.sleeps).toEqual([250])
    expect(error).toBeInstanceOf(ApiError)
    expect(error.code).toBe('API_REJECTED')
    expect(advise(error).hint).toContain('max-parallel')
  })

  test('is the usual one where the call sets none', async () => {
    const run = send([OVER])
    await failure(run)
    expect(run.clock.now() - Date.UTC(2026, 0, 1)).toBe(115_750)
  })

  test('has none when the time is over already', async () => {
    const run = send([OVER, OK], { call: { quotaMs: -1 } })
    await failure(run)
    expect(run.transport.requests).toHaveLength(1)
  })

  test('obeys Retry-After', async () => {
    const over = json(
      { code: 8, message: 'operations' },
      { status: 429, headers: { 'retry-after': '4' } },
    )
    const run = send([over, OK])
    await run.result
    expect(run.clock.sleeps).toEqual([4000])
  })

  test('does not use up the time for retries', async () => {
    const steps = [
      ...Array<HttpResponse>(40).fill(OVER),
      answer(503),
      connectionError('ECONNRESET'),
      OK,
    ]
    const run = send(steps, { call: { quotaMs: 900_000 } })
    expect(await run.result).toEqual({ ok: true })
  })

  test('does not make a fault after it last for ever', async () => {
    const steps = [...Array<HttpResponse>(10).fill(OVER), answer(503)]
    const run = send(steps, { call: { quotaMs: 900_000 } })
    const error = await failure(run)
    expect(error.code).toBe('API_UNREACHABLE')
    expect(error.message).toContain('in 120 s')
  })

  test('is no reason to wait on another code', async () => {
    const run = send([refusal(3, 'bad operation'), OK])
    await failure(run)
    expect(run.transport.requests).toHaveLength(1)
  })
})

describe('the time limit of an attempt', () => {
  /** Answers only by giving up. */
  const silence: Step = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
    })

  test('ends it, and the next one may be answered', async () => {
    const run = send([silence, OK], { policy: { attemptMs: 5 } })
    expect(await run.result).toEqual({ ok: true })
    expect(run.logged[0]).toContain('(no answer within 0 s)')
  })

  test('may be a fraction of a millisecond, as a size divided by a speed is', async () => {
    expect(await send([OK], { call: { retry: { attemptMs: 30_000.25 } } }).result).toEqual({
      ok: true,
    })
  })

  test('is named when it was the reason', async () => {
    const error = await failure(send([silence], { policy: { attemptMs: 100, totalMs: 0 } }))
    expect(error.code).toBe('API_UNREACHABLE')
    expect(error.message).toBe(
      'Could not read the thing: GET https://api.example/things: no answer within 0.1 s.',
    )
    expect((error.cause as Error).name).toBe('TimeoutError')
  })
})

describe('a cancelled run', () => {
  const reason = new DeployError('CANCELLED', 'The run was cancelled.')

  test('sends nothing', async () => {
    const run = send([OK], { signal: AbortSignal.abort(reason) })
    expect(await rejection(run.result)).toBe(reason)
    expect(run.transport.requests).toEqual([])
  })

  test('ends during an attempt with the reason of the signal, whatever the transport says', async () => {
    const controller = new AbortController()
    const abort: Step = () => {
      controller.abort(reason)
      throw new Error('aborted')
    }
    const run = send([abort, OK], { signal: controller.signal })
    expect(await rejection(run.result)).toBe(reason)
    expect(run.transport.requests).toHaveLength(1)
  })

  test('ends the last attempt with that reason too', async () => {
    const controller = new AbortController()
    const abort: Step = () => {
      controller.abort(reason)
      throw new Error('aborted')
    }
    const run = send([abort], { signal: controller.signal, policy: { totalMs: 0 } })
    expect(await rejection(run.result)).toBe(reason)
  })

  test('reaches the transport', async () => {
    const controller = new AbortController()
    const waiting: Step = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
        controller.abort(reason)
      })
    expect(await rejection(send([waiting], { signal: controller.signal }).result)).toBe(reason)
  })

  test('ends between attempts', async () => {
    const controller = new AbortController()
    const abort: Step = () => {
      controller.abort(reason)
      return answer(503)
    }
    const run = send([abort, OK], { signal: controller.signal })
    expect(await rejection(run.result)).toBe(reason)
    expect(run.clock.sleeps).toEqual([])
    expect(isUncertain(reason)).toBe(true)
  })

  test.each<[string, HttpResponse]>([
    ['a rate limit', answer(429)],
    ['too many operations', refusal(8, 'operations')],
  ])('has done nothing where each try was refused: %s', async (_, refused) => {
    const controller = new AbortController()
    const abort: Step = () => {
      controller.abort(reason)
      return refused
    }
    const { signal } = controller
    const call = { isChange: true } as const
    const error = await rejection(send([refused, abort], { signal, call }).result)
    expect(error).toBeInstanceOf(NothingDone)
    expect(error).toMatchObject({ code: 'CANCELLED', message: reason.message, cause: reason })
    expect(isUncertain(error)).toBe(false)
  })

  test.each<[string, Step]>([
    ['no answer', connectionError('ECONNRESET')],
    ['an answer that tells nothing', answer(503)],
    ['an answer that cannot be read', answer(200, '<html>')],
  ])('may have done something where a try before had %s', async (_, uncertain) => {
    const controller = new AbortController()
    const abort: Step = () => {
      controller.abort(reason)
      return answer(429)
    }
    const run = send([uncertain, abort], { signal: controller.signal, call: { isChange: true } })
    expect(await rejection(run.result)).toBe(reason)
  })

  test('tells nothing of what a mere look is about', async () => {
    const controller = new AbortController()
    const abort: Step = () => {
      controller.abort(reason)
      return answer(429)
    }
    expect(await rejection(send([abort], { signal: controller.signal }).result)).toBe(reason)
  })
})

describe('a value of the request that is not to be seen', () => {
  const VALUE = 'a "value"\\\u00e9 <x>'
  const call = { hides: [VALUE] }
  const MANY = 5_000

  test.each<[string, Step]>([
    ['a refusal', refusal(3, `not ${VALUE}`)],
    [
      'the details of a refusal',
      refusal(3, 'no', [{ fieldViolations: [{ field: 'f', description: VALUE }] }]),
    ],
    ['JSON that writes it in another way', answer(400, `{"code":3,"message":"${escaped(VALUE)}"}`)],
    ['a text', answer(400, `what is ${VALUE}?`)],
    [
      'JSON that is nested too deep',
      answer(400, `${'['.repeat(MANY)}"${VALUE}"${']'.repeat(MANY)}`),
    ],
    ['trouble that does not pass', answer(503, VALUE)],
  ])('is not in what is shown of %s', async (_, step) => {
    const { result, logged } = send([step], { call, policy: { totalMs: 1000 } })
    const error = await rejection(result)
    const shown = inspect([error, logged], { depth: 9 })
    expect(shown).toContain('HTTP')
    for (const text of [VALUE, JSON.stringify(VALUE).slice(1, -1)]) {
      expect(shown).not.toContain(text)
    }
    expect(String(error)).not.toContain('value')
  })
})

/** Every character as JSON may write it. */
function escaped(text: string): string {
  return Array.from(text)
    .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
