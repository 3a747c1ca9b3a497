import { describe, expect, test } from '@jest/globals'
import { writeComment, type CommentDeps } from '../../../src/github/comment.ts'
import type { PullRequest } from '../../../src/github/pull-request.ts'
import type { CommentOutcome, HttpRequest, HttpResponse } from '../../../src/ports.ts'
import { Secret } from '../../../src/secret.ts'
import { answer, connectionError, FakeClock, json } from '../../support/fakes.ts'
import { FakeGitHub, GITHUB_TOKEN, refusal, type Fault } from '../../support/github.ts'

const PULL_REQUEST: PullRequest = {
  number: 7,
  repository: 'octo-org/hello',
  apiUrl: 'https://api.github.com',
  sha: '0123456789abcdef',
  runId: '42',
  runUrl: 'https://github.com/octo-org/hello/actions/runs/42',
  workflow: 'octo-org/hello/.github/workflows/deploy.yml',
  job: 'deploy',
}
const LIST = 'GET /repos/octo-org/hello/issues/7/comments'
const CREATE = 'POST /repos/octo-org/hello/issues/7/comments'
const BOT = 'github-actions[bot]'

function write(
  github: FakeGitHub,
  {
    markdown = 'the plan',
    key = 'd4e00000000000000001',
    pullRequest = {},
    ...deps
  }: {
    markdown?: string
    key?: string
    pullRequest?: Partial<PullRequest>
  } & Partial<CommentDeps> = {},
): Promise<CommentOutcome> {
  return writeComment(
    { pullRequest: { ...PULL_REQUEST, ...pullRequest }, key, markdown },
    {
      transport: github.send,
      clock: new FakeClock(),
      token: new Secret(GITHUB_TOKEN),
      signal: new AbortController().signal,
      hide: (text) => text,
      ...deps,
    },
  )
}

/** What a comment of ours begins with. */
async function markerOf(options: Parameters<typeof write>[1] = {}): Promise<string> {
  const github = new FakeGitHub()
  await write(github, options)
  return github.comments[0]?.body.split('\n')[0] ?? ''
}

const urlOf = (id: number | undefined): string =>
  `https://github.com/octo-org/hello/pull/7#issuecomment-${String(id)}`

const isWrite = ({ method }: HttpRequest): boolean => method !== 'GET'

describe('the comment', () => {
  test('is created where there is none', async () => {
    const github = new FakeGitHub()
    github.seed('octocat', 'nice')
    const outcome = await write(github)
    const [, ours] = github.comments
    expect(ours?.body).toMatch(/^<!-- deploy-yandex-cloud-function [0-9a-f]{16} -->\nthe plan$/)
    expect(outcome).toEqual({ url: urlOf(ours?.id) })
  })

  test('is updated by every later run', async () => {
    const github = new FakeGitHub()
    const first = await write(github)
    github.seed('octocat', 'nice')
    const second = await write(github, { markdown: 'another plan' })
    expect(github.comments.map(({ author }) => author)).toEqual([BOT, 'octocat'])
    expect(github.comments[0]?.body).toContain('another plan')
    expect(second).toEqual(first)
  })

  test.each(['the plan', 'ends in a line feed\n'])(
    'is not written again when nothing is new: %j',
    async (markdown) => {
      const github = new FakeGitHub()
      const first = await write(github, { markdown })
      const [comment] = github.comments
      if (comment) comment.body = comment.body.trimEnd().replaceAll('\n', '\r\n')
      const { length } = github.writes
      expect(await write(github, { markdown })).toEqual(first)
      expect(github.writes).toHaveLength(length)
    },
  )

  test('of a person’s own token is found again', async () => {
    const github = new FakeGitHub()
    github.account = 'octocat'
    await write(github)
    await write(github, { markdown: 'another plan' })
    expect(github.comments).toHaveLength(1)
  })

  test('of a GitHub App that cannot ask who it is is updated by every later run', async () => {
    const github = new FakeGitHub()
    github.account = 'deployer[bot]'
    const first = await write(github)
    const second = await write(github, { markdown: 'another plan' })
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]?.body).toContain('another plan')
    expect(second).toEqual(first)
  })

  test('of a GitHub App that may not change the one of the job’s token is kept beside it', async () => {
    const github = new FakeGitHub()
    const marker = await markerOf()
    const own = github.seed('deployer[bot]', `${marker}\nold`)
    const other = github.seed(BOT, `${marker}\nof the job`)
    github.account = 'deployer[bot]'
    expect(await write(github)).toEqual({ url: urlOf(own.id) })
    expect(own.body).toBe(`${marker}\nthe plan`)
    expect(other.body).toBe(`${marker}\nof the job`)
    expect(github.writes).toHaveLength(2)
    github.comments.splice(github.comments.indexOf(own), 1)
    expect(await write(github)).toEqual({ url: urlOf(github.comments[1]?.id) })
    expect(github.comments.map(({ author }) => author)).toEqual([BOT, 'deployer[bot]'])
  })

  test('is found on the last of many pages', async () => {
    const github = new FakeGitHub()
    const marker = await markerOf()
    for (let count = 0; count < 2_499; count++) github.seed('octocat', `comment ${count}`)
    const ours = github.seed(BOT, `${marker}\nold`)
    expect(await write(github)).toEqual({ url: urlOf(ours.id) })
    expect(github.comments).toHaveLength(2_500)
    expect(ours.body).toBe(`${marker}\nthe plan`)
    const pages = github.requests.filter(({ url }) => url.pathname.endsWith('/issues/7/comments'))
    expect(pages).toHaveLength(25)
  })

  test('is created beside many without reading all of them again', async () => {
    const github = new FakeGitHub()
    for (let count = 0; count < 2_499; count++) github.seed('octocat', `comment ${count}`)
    github.nowMs += 3_600_000
    await write(github)
    const lists = github.requests.filter(({ url }) => url.pathname === LIST.slice('GET '.length))
    expect(lists.filter(isWrite)).toHaveLength(1)
    expect(lists.filter((request) => !isWrite(request))).toHaveLength(26)
  })

  test.each([
    ['without the time of a comment', (comment: object) => ({ ...comment, created_at: null })],
    ['with a time that is none', (comment: object) => ({ ...comment, created_at: 'now' })],
  ])('is one of all that are read again: %s', async (_, shown) => {
    const github = new FakeGitHub()
    const marker = await markerOf()
    github.fault = (request) => {
      if (!isWrite(request) || request.method === 'PATCH') return undefined
      github.seed(BOT, `${marker}\nof another job`)
      const { id, author, body } = github.seed(BOT, `${marker}\nthe plan`)
      const answered = { id, body, html_url: urlOf(id), user: { login: author, type: 'Bot' } }
      return json(shown(answered), { status: 201 })
    }
    const outcome = await write(github)
    const [other, ours] = github.comments
    expect(outcome).toEqual({ url: urlOf(ours?.id) })
    expect(other?.body).toMatch(/^Replaced by/)
    expect(github.requests.at(-2)?.url.searchParams.has('since')).toBe(false)
  })

  const FORGED: [string, string, (marker: string) => string][] = [
    ['of a person', 'octocat', (marker) => `${marker}\nforged`],
    ['of another app', 'evil[bot]', (marker) => `${marker}\nforged`],
    ['of an account that is gone', '', (marker) => `${marker}\nforged`],
    ['of our account that only quotes it', BOT, (marker) => `> ${marker}\nquoted`],
  ]

  test.each(FORGED)('leaves a marker alone %s', async (_, author, forge) => {
    const github = new FakeGitHub()
    const forged = github.seed(author, forge(await markerOf()))
    const before = forged.body
    const outcome = await write(github)
    expect(forged.body).toBe(before)
    expect(outcome).toEqual({ url: urlOf(github.comments[1]?.id) })
    expect(github.comments).toHaveLength(2)
  })

  test.each([
    ...FORGED.filter(([, author]) => author !== 'evil[bot]').map((one) => [BOT, ...one] as const),
    ...FORGED.map((one) => ['maintainer', ...one] as const),
  ])('as %s does not even try to change a marker %s', async (account, _, author, forge) => {
    const github = new FakeGitHub()
    github.account = account
    github.seed(author, forge(await markerOf()))
    await write(github)
    expect(github.writes).toEqual([CREATE])
  })

  test.each([
    ['function', { key: 'd4e00000000000000002' }],
    ['job', { pullRequest: { job: 'preview' } }],
    ['workflow', { pullRequest: { workflow: 'octo-org/hello/.github/workflows/other.yml' } }],
  ])('is another one for another %s', async (_, other) => {
    const github = new FakeGitHub()
    await write(github)
    await write(github, other)
    await write(github)
    await write(github, other)
    expect(github.comments).toHaveLength(2)
    expect(github.writes).toEqual([CREATE, CREATE])
  })

  test('shows nothing of what tells it apart', async () => {
    const marker = await markerOf({ key: 'b1g00000000000000001/hello' })
    expect(marker).not.toMatch(/b1g|hello|deploy\.yml/)
  })

  test('holds no secret that is known', async () => {
    const github = new FakeGitHub()
    await write(github, {
      markdown: 'the word is sesame',
      hide: (text) => text.replaceAll('sesame', '***'),
    })
    expect(github.comments[0]?.body).toMatch(/\nthe word is \*\*\*$/)
  })
})

describe('jobs that write at the same time', () => {
  test('leave the newest of two comments, which the older one points to', async () => {
    const github = new FakeGitHub()
    const marker = await markerOf()
    const older = github.seed(BOT, `${marker}\nolder`)
    const newer = github.seed(BOT, `${marker}\nnewer`)
    expect(await write(github)).toEqual({ url: urlOf(newer.id) })
    expect(newer.body).toBe(`${marker}\nthe plan`)
    expect(older.body).toBe(`Replaced by [a newer comment](#issuecomment-${newer.id}).`)
    await write(github, { markdown: 'another plan' })
    expect(older.body).toBe(`Replaced by [a newer comment](#issuecomment-${newer.id}).`)
  })

  test('agree on one when both have found none', async () => {
    const github = new FakeGitHub()
    const outcomes = await Promise.all([write(github), write(github, { markdown: 'the other' })])
    const [first, second] = github.comments
    expect(github.comments).toHaveLength(2)
    expect(first?.body).toBe(`Replaced by [a newer comment](#issuecomment-${String(second?.id)}).`)
    expect(outcomes.map(({ trouble }) => trouble)).toEqual([undefined, undefined])
    expect(outcomes.map(({ url }) => url)).toContain(urlOf(second?.id))
  })

  test('create it anew, once, when it is deleted before it is updated', async () => {
    const github = new FakeGitHub()
    await write(github)
    github.fault = ({ method }) => {
      if (method === 'PATCH') github.comments.splice(0)
      return undefined
    }
    const outcome = await write(github, { markdown: 'another plan' })
    expect(github.comments).toHaveLength(1)
    expect(outcome).toEqual({ url: urlOf(github.comments[0]?.id) })
    expect(github.writes.filter((line) => line === CREATE)).toHaveLength(2)
  })

  test('do not mind an older comment that is gone already', async () => {
    const github = new FakeGitHub()
    const marker = await markerOf()
    const older = github.seed(BOT, `${marker}\nolder`)
    const newer = github.seed(BOT, `${marker}\nnewer`)
    github.fault = ({ method, url }) => {
      if (method === 'PATCH' && url.pathname.endsWith(`/${newer.id}`)) {
        github.comments.splice(github.comments.indexOf(older), 1)
      }
      return undefined
    }
    expect(await write(github)).toEqual({ url: urlOf(newer.id) })
  })

  test('tell the address of the comment even when the older one cannot be changed', async () => {
    const github = new FakeGitHub()
    const marker = await markerOf()
    const older = github.seed(BOT, `${marker}\nolder`)
    const newer = github.seed(BOT, `${marker}\nnewer`)
    github.fault = ({ method, url }) =>
      method === 'PATCH' && url.pathname.endsWith(`/${older.id}`)
        ? refusal({ status: 502, message: 'Bad Gateway' })
        : undefined
    const outcome = await write(github)
    expect(outcome.url).toBe(urlOf(newer.id))
    expect(outcome.trouble).toContain('HTTP 502')
  })
})

describe('trouble with the comment', () => {
  const NO_RIGHT = /pull-requests: write.*fork/

  test.each([
    [401, 'Bad credentials', /HTTP 401: Bad credentials.*check `github-token`/],
    [403, 'Resource not accessible by integration', NO_RIGHT],
    [404, 'Not Found', NO_RIGHT],
    [410, 'This issue was deleted', /HTTP 410: This issue was deleted/],
    [422, 'Validation Failed', /HTTP 422: Validation Failed/],
    [429, 'You have exceeded a secondary rate limit', /HTTP 429: You have exceeded/],
    [500, 'Server Error', /HTTP 500: Server Error/],
    [502, 'Bad Gateway', /HTTP 502: Bad Gateway/],
    [503, 'Service Unavailable', /HTTP 503: Service Unavailable/],
  ])('is told, not thrown: %d', async (status, message, expected) => {
    for (const fails of [isWrite, (request: HttpRequest) => !isWrite(request)]) {
      const github = new FakeGitHub()
      github.fault = (request) => (fails(request) ? refusal({ status, message }) : undefined)
      const outcome = await write(github)
      expect(outcome.url).toBeUndefined()
      expect(outcome.trouble).toMatch(expected)
    }
  })

  test.each([
    'You have exceeded a secondary rate limit',
    'Unable to edit comment because issue is locked.',
  ])(
    'is a 403 to the update that is not about the account, and adds no comment: %s',
    async (message) => {
      const github = new FakeGitHub()
      const marker = await markerOf()
      const older = github.seed(BOT, `${marker}\nolder`)
      const newer = github.seed(BOT, `${marker}\nnewer`)
      github.fault = ({ method }) =>
        method === 'PATCH' ? refusal({ status: 403, message }) : undefined
      const outcome = await write(github)
      expect(outcome.url).toBeUndefined()
      expect(outcome.trouble).toContain(message)
      expect(github.comments).toEqual([older, newer])
      expect(github.writes).toHaveLength(1)
    },
  )

  test.each<[string, Fault, RegExp, Partial<CommentDeps>]>([
    [
      'refused',
      () => refusal({ status: 500, message: 'Server Error' }),
      /^GitHub answered HTTP 500: Server Error/,
      {},
    ],
    [
      'not answered',
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error)
          })
        }),
      /^GitHub did not answer within 0\.1 s$/,
      { deadlineMs: 100 },
    ],
  ])(
    'after the comment is created keeps its address: the list is %s',
    async (_, fault, expected, deps) => {
      const github = new FakeGitHub()
      github.fault = (request) =>
        request.method === 'GET' && github.writes.length > 0 ? fault(request) : undefined
      expect(await write(github, deps)).toEqual({
        url: urlOf(github.comments[0]?.id),
        trouble: expect.stringMatching(expected),
      })
    },
  )

  test('with too many requests does not blame the rights of the job', async () => {
    const github = new FakeGitHub()
    github.fault = () => refusal({ status: 403, message: 'API rate limit exceeded' })
    const { trouble } = await write(github)
    expect(trouble).toContain('API rate limit exceeded')
    expect(trouble).not.toMatch(NO_RIGHT)
  })

  test.each<[string, Fault, RegExp]>([
    [
      'no connection',
      () => Promise.reject(connectionError('ECONNREFUSED', 'connect ECONNREFUSED')),
      /no usable answer: connect ECONNREFUSED/,
    ],
    ['a page of HTML', () => answer(502, '<html>\n::error::forged'), /HTTP 502: <html> ::error/],
    [
      'HTML as a success',
      () => answer(200, '<html>', { 'content-type': 'text/html' }),
      /no usable answer/,
    ],
    ['an empty success', () => answer(200), /it sent nothing/],
    ['JSON of another shape', () => json({ items: [] }), /no usable answer: it has another form/],
    ['a list of anything', () => json([null]), /no usable answer/],
    [
      'a redirect',
      () => answer(301, '', { location: 'https://evil.example/' }),
      /it redirects \(HTTP 301\)/,
    ],
  ])('is told in words: %s', async (_, fault, expected) => {
    const github = new FakeGitHub()
    github.fault = fault
    const { trouble } = await write(github)
    expect(trouble).toMatch(expected)
    expect(trouble).not.toContain('\n')
    expect(github.writes).toEqual([])
  })

  test('is a list of comments that does not end', async () => {
    const github = new FakeGitHub()
    github.fault = ({ method, url }) =>
      method === 'GET' && url.pathname !== '/user'
        ? json([], { headers: { link: `<${url.href}>; rel="next"` } })
        : undefined
    expect((await write(github)).trouble).toContain('30 pages')
    expect(github.requests.length).toBeLessThanOrEqual(32)
  })

  test('is an answer that does not come in time', async () => {
    const github = new FakeGitHub()
    github.fault = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error)
        })
      })
    expect(await write(github, { deadlineMs: 20 })).toEqual({
      trouble: 'GitHub did not answer within 0.02 s',
    })
  })

  test('is a run that is cancelled', async () => {
    const github = new FakeGitHub()
    const outcome = await write(github, { signal: AbortSignal.abort(new Error('stop')) })
    expect(outcome).toEqual({ trouble: 'the run was cancelled' })
    expect(github.requests).toEqual([])
  })

  test('is a token that is empty', async () => {
    const github = new FakeGitHub()
    expect(await write(github, { token: new Secret('') })).toEqual({
      trouble: '`github-token` is empty',
    })
    expect(github.requests).toEqual([])
  })
})

describe('a request that fails', () => {
  const BAD_GATEWAY = refusal({ status: 502, message: 'Bad Gateway' })
  const limited = (seconds: string): HttpResponse =>
    json({ message: 'rate limit' }, { status: 429, headers: { 'retry-after': seconds } })
  const reset = (): Promise<never> => Promise.reject(connectionError('ECONNRESET'))
  const untrusted = (): Promise<never> =>
    Promise.reject(connectionError('DEPTH_ZERO_SELF_SIGNED_CERT'))

  /** One comment to update; the first requests of a kind fail. */
  async function disturbed(options: {
    readonly method: string
    readonly failure: Fault
    readonly times: number
  }) {
    const github = new FakeGitHub()
    await write(github)
    if (options.method === 'POST') github.comments.splice(0)
    github.requests.splice(0)
    let { times } = options
    github.fault = (request) =>
      request.method === options.method && request.url.pathname !== '/user' && times-- > 0
        ? options.failure(request)
        : undefined
    const clock = new FakeClock()
    const outcome = await write(github, { markdown: 'another plan', clock })
    const { length } = github.requests.filter(
      ({ method, url }) => method === options.method && url.pathname !== '/user',
    )
    return { outcome, github, sleeps: clock.sleeps, requests: length }
  }

  const PASSING: [string, Fault, number[]][] = [
    ['a connection that breaks', reset, [500, 1_000]],
    ['HTTP 500', () => refusal({ status: 500, message: 'Server Error' }), [500, 1_000]],
    ['HTTP 502', () => BAD_GATEWAY, [500, 1_000]],
    ['HTTP 503', () => refusal({ status: 503, message: 'Service Unavailable' }), [500, 1_000]],
    ['HTTP 504', () => refusal({ status: 504, message: 'Gateway Timeout' }), [500, 1_000]],
    ['HTTP 429 that tells how long', () => limited('2'), [2_000, 2_000]],
  ]

  test.each(
    ['GET', 'PATCH'].flatMap((method) => PASSING.map((passing) => [method, ...passing] as const)),
  )('is sent again twice where it is a %s: %s', async (method, _, failure, sleeps) => {
    const mended = await disturbed({ method, failure, times: 2 })
    expect(mended.outcome).toEqual({ url: urlOf(mended.github.comments[0]?.id) })
    expect(mended.github.comments).toHaveLength(1)
    expect(mended.sleeps).toEqual(sleeps)
    const lasting = await disturbed({ method, failure, times: Infinity })
    expect(lasting.outcome.trouble).toMatch(/^GitHub/)
    expect(lasting.requests).toBe(3)
  })

  test.each(PASSING)('is never sent again where it creates a comment: %s', async (_, failure) => {
    const { outcome, requests, sleeps } = await disturbed({ method: 'POST', failure, times: 1 })
    expect(outcome).toEqual({ trouble: expect.stringMatching(/^GitHub/) })
    expect([requests, sleeps]).toEqual([1, []])
  })

  test.each<[string, Fault]>([
    ['a certificate that is not trusted', untrusted],
    ['an answer that is too large', () => Promise.reject(new RangeError('too large'))],
    ['HTTP 429 that does not tell how long', () => refusal({ status: 429, message: 'no' })],
    ['HTTP 429 for longer than there is time', () => limited('60')],
    ['HTTP 422', () => refusal({ status: 422, message: 'Validation Failed' })],
  ])('is not sent again after %s', async (_, failure) => {
    for (const method of ['GET', 'PATCH']) {
      const { outcome, requests, sleeps } = await disturbed({ method, failure, times: 1 })
      expect(outcome).toEqual({ trouble: expect.stringMatching(/^GitHub/) })
      expect([requests, sleeps]).toEqual([1, []])
    }
  })

  test('does not go on when the other one has failed for good', async () => {
    const github = new FakeGitHub()
    const clock = new FakeClock()
    let slept: unknown
    clock.sleep = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          slept = signal.reason
          reject(signal.reason as Error)
        })
      })
    github.fault = ({ url }) =>
      url.pathname === '/user' ? refusal({ status: 401, message: 'Bad credentials' }) : BAD_GATEWAY
    const { trouble } = await write(github, { clock })
    expect(trouble).toContain('HTTP 401')
    expect(slept).toBeDefined()
  })
})

describe('the token', () => {
  test.each(['http://github.example/api/v3', 'ftp://127.0.0.1', 'github', ''])(
    'is not sent to %j',
    async (apiUrl) => {
      const github = new FakeGitHub()
      const outcome = await write(github, { pullRequest: { apiUrl } })
      expect(outcome.trouble).toContain('GITHUB_API_URL')
      expect(github.requests).toEqual([])
    },
  )

  test.each([
    'https://github.example/api/v3',
    'http://127.0.0.1:8080',
    'http://localhost:8080/api/v3',
    'http://[::1]:8080',
  ])('is sent to %j', async (apiUrl) => {
    const github = new FakeGitHub(apiUrl)
    const outcome = await write(github, { pullRequest: { apiUrl: `${apiUrl}/` } })
    expect(outcome.trouble).toBeUndefined()
    expect(github.requests.every(({ url }) => url.href.startsWith(`${apiUrl}/`))).toBe(true)
  })

  test.each([
    'https://evil.example/page',
    'http://api.github.com/page',
    'https://api.github.com:444/',
  ])('does not follow the link to a next page at %s', async (link) => {
    const github = new FakeGitHub()
    github.fault = ({ url }) =>
      url.pathname.endsWith('/comments')
        ? json([], { headers: { link: `<${link}>; rel="next"` } })
        : undefined
    const { trouble } = await write(github)
    expect(trouble).toContain('another host')
    expect(new Set(github.requests.map(({ url }) => url.host))).toEqual(new Set(['api.github.com']))
  })

  test.each([200, 401, 500])('is in no outcome and on no screen, with HTTP %d', async (status) => {
    const printed: string[] = []
    const stdout = process.stdout.write.bind(process.stdout)
    const { warn, error } = console
    const keep = (text: unknown): boolean => printed.push(String(text)) > 0
    process.stdout.write = keep
    console.warn = console.error = keep
    try {
      const github = new FakeGitHub()
      github.fault = () =>
        status === 200
          ? undefined
          : json(
              { message: 'no' },
              { status, headers: { deprecation: 'true', sunset: 'tomorrow', link: '<x>' } },
            )
      const outcome = await write(github)
      expect(JSON.stringify([outcome, printed])).not.toContain(GITHUB_TOKEN)
      expect(printed).toEqual([])
    } finally {
      process.stdout.write = stdout
      console.warn = warn
      console.error = error
    }
  })

  test('is asked for its account and its comments at once', async () => {
    const github = new FakeGitHub()
    await write(github)
    expect(github.requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'GET /user',
      LIST,
      CREATE,
      LIST,
    ])
    expect(github.requests[1]?.url.searchParams.get('per_page')).toBe('100')
  })
})
