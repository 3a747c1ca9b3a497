/** The stand-in for GitHub's API: comments of pull requests, as REST gives and takes them. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startGithub, type Github } from '../../emulator/index.ts'
import { list, object, type Json } from './harness.ts'

let github: Github
beforeEach(async () => {
  github = await startGithub({ issues: [7] })
})
afterEach(() => github.close())

interface Sent {
  readonly method?: string
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function send(path: string, { method = 'GET', body, token, headers }: Sent = {}) {
  const url = path.startsWith('http') ? path : github.apiUrl + path
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token ?? github.token}`, 'user-agent': 'test', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const json: unknown = await answer.json()
  return { status: answer.status, headers: answer.headers, json }
}

const COMMENTS = '/repos/octo-org/hello/issues/7/comments'
const comment = (id: unknown) => `/repos/octo-org/hello/issues/comments/${String(id)}`
const BOT = 'github-actions[bot]'

describe('comments', () => {
  test('are created, read and changed', async () => {
    const created = await send(COMMENTS, { method: 'POST', body: { body: 'first' } })
    expect(created.status).toBe(201)
    const { id } = object(created.json)
    expect(created.json).toMatchObject({
      body: 'first',
      user: { login: BOT, type: 'Bot' },
      url: github.apiUrl + comment(id),
      html_url: `https://github.com/octo-org/hello/pull/7#issuecomment-${String(id)}`,
    })
    const changed = await send(comment(id), { method: 'PATCH', body: { body: 'second' } })
    expect({ status: changed.status, json: changed.json }).toMatchObject({
      status: 200,
      json: { id, body: 'second' },
    })
    expect((await send(comment(id))).json).toMatchObject({ body: 'second' })
    expect((await send(COMMENTS)).json).toMatchObject([{ id, body: 'second' }])
    expect(github.comments(7)).toMatchObject([{ id, issue: 7, login: BOT, body: 'second' }])
  })

  test('come 30 at a time, and at most 100, oldest first, with links to the other pages', async () => {
    for (let count = 0; count < 205; count++) github.addComment({ issue: 7, body: String(count) })
    expect(list((await send(COMMENTS)).json)).toHaveLength(30)
    const first = await send(`${COMMENTS}?per_page=1000`)
    expect(list(first.json)).toHaveLength(100)
    const bodies = list(first.json)
    let { headers } = first
    const rels = [relsOf(headers)]
    for (let next = linkTo(headers, 'next'); next !== undefined; next = linkTo(headers, 'next')) {
      const page = await send(next)
      bodies.push(...list(page.json))
      headers = page.headers
      rels.push(relsOf(headers))
    }
    expect(bodies.map(({ body }: Json) => body)).toEqual(
      Array.from({ length: 205 }, (_, index) => String(index)),
    )
    expect(rels).toEqual([
      ['next', 'last'],
      ['prev', 'next', 'last', 'first'],
      ['prev', 'first'],
    ])
  })

  test('on one page have no links', async () => {
    github.addComment({ issue: 7, body: 'only' })
    expect((await send(COMMENTS)).headers.get('link')).toBeNull()
  })

  test('of others are listed, and are not ours to change', async () => {
    const other = github.addComment({ issue: 7, body: 'theirs', login: 'octocat' })
    expect((await send(COMMENTS)).json).toMatchObject([
      { user: { login: 'octocat', type: 'User' } },
    ])
    const body = { body: 'ours' }
    expect((await send(comment(other.id), { method: 'PATCH', body })).status).toBe(403)
    expect(github.comments(7)).toMatchObject([{ body: 'theirs' }])
  })

  test('that were deleted are not found', async () => {
    const { id } = github.addComment({ issue: 7, body: 'gone' })
    github.deleteComment(id)
    const { status, json } = await send(comment(id), { method: 'PATCH', body: { body: 'x' } })
    expect({ status, json }).toMatchObject({ status: 404, json: { message: 'Not Found' } })
  })

  test('have at most 65 536 characters', async () => {
    const post = (text: string) => send(COMMENTS, { method: 'POST', body: { body: text } })
    expect((await post('🚀'.repeat(65_536))).status).toBe(201)
    const { status, json } = await post('x'.repeat(65_537))
    expect({ status, json }).toMatchObject({
      status: 422,
      json: {
        message: 'Validation Failed',
        errors: [{ message: expect.stringContaining('65536 characters') }],
      },
    })
    expect(github.comments(7)).toHaveLength(1)
  })

  test.each([{}, { body: '' }, { body: ' ' }, { body: 7 }])('need a text: %j', async (body) => {
    expect((await send(COMMENTS, { method: 'POST', body })).status).toBe(422)
  })

  test.each(['/repos/octo-org/other/issues/7/comments', '/repos/octo-org/hello/issues/8/comments'])(
    'are not found at %s',
    async (path) => {
      expect((await send(path)).status).toBe(404)
      expect((await send(path, { method: 'POST', body: { body: 'x' } })).status).toBe(404)
    },
  )

  test('of a locked conversation cannot be added', async () => {
    github.lockIssue(7)
    const { status, json } = await send(COMMENTS, { method: 'POST', body: { body: 'x' } })
    expect({ status, json }).toMatchObject({
      status: 403,
      json: { message: 'Unable to create comment because issue is locked.' },
    })
  })
})

describe('a token', () => {
  test.each(['Bearer', 'bearer', 'token'])('is taken as %s', async (scheme) => {
    const headers = { authorization: `${scheme} ${github.token}` }
    expect((await send(COMMENTS, { headers })).status).toBe(200)
  })

  test('is needed, and must be known', async () => {
    const bare = await fetch(github.apiUrl + COMMENTS, { headers: { 'user-agent': 'test' } })
    expect(bare.status).toBe(401)
    expect((await send(COMMENTS, { token: 'ghs_other' })).json).toMatchObject({
      message: 'Bad credentials',
    })
  })

  test('of a fork reads and does not write', async () => {
    const { id } = github.addComment({ issue: 7, body: 'x' })
    const token = github.readOnlyToken
    expect((await send(COMMENTS, { token })).status).toBe(200)
    const body = { body: 'y' }
    for (const [path, method] of [
      [COMMENTS, 'POST'],
      [comment(id), 'PATCH'],
    ] as const) {
      const { status, json } = await send(path, { method, token, body })
      expect({ status, json }).toMatchObject({
        status: 403,
        json: { message: 'Resource not accessible by integration' },
      })
    }
  })

  test('without any right to comments sees none', async () => {
    const token = github.tokenOf({ login: BOT, right: 'none' })
    expect((await send(COMMENTS, { token })).status).toBe(404)
  })

  test('of a job is no user, and a person is', async () => {
    expect((await send('/user')).json).toMatchObject({
      message: 'Resource not accessible by integration',
    })
    const token = github.tokenOf({ login: 'octocat', right: 'write' })
    expect((await send('/user', { token })).json).toMatchObject({ login: 'octocat' })
  })

  test('tells its login over GraphQL', async () => {
    const body = { query: '{ viewer { login } }' }
    expect((await send('/graphql', { method: 'POST', body })).json).toEqual({
      data: { viewer: { login: BOT } },
    })
  })
})

test('a request without a user agent is refused', async () => {
  const headers = { 'user-agent': '' }
  expect((await send(COMMENTS, { headers })).status).toBe(403)
})

test.each([403, 404, 422, 500, 502, 503])('a %d can be ordered', async (status) => {
  github.fault({ method: 'POST', effect: { kind: 'status', status } })
  const body = { body: 'x' }
  const { status: answered, json } = await send(COMMENTS, { method: 'POST', body })
  expect({ answered, json }).toMatchObject({ answered: status, json: { status: String(status) } })
  expect((await send(COMMENTS, { method: 'POST', body })).status).toBe(201)
  expect(github.requests.map((request) => request.status)).toEqual([status, 201])
})

function linkTo(headers: Headers, rel: string): string | undefined {
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec(headers.get('link') ?? '')?.[1]
}

function relsOf(headers: Headers): string[] {
  return [...(headers.get('link') ?? '').matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel ?? '')
}
