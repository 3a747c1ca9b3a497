import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readPullRequest, type PullRequest } from '../../../src/github/pull-request.ts'
import { makeWorkspace } from '../../support/workspace.ts'

const ENV = {
  GITHUB_REPOSITORY: 'octo-org/hello',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_SHA: 'merge0000',
  GITHUB_RUN_ID: '42',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_API_URL: 'https://github.example/api/v3',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_WORKFLOW_REF: 'octo-org/hello/.github/workflows/deploy.yml@refs/pull/7/merge',
  GITHUB_JOB: 'preview',
} as const
const PULL_REQUEST = { number: 7, head: { sha: 'head0000' } }

function read(event: unknown, env: object = {}): Promise<PullRequest | undefined> {
  const text = typeof event === 'string' ? event : JSON.stringify(event)
  const folder = makeWorkspace({ 'event.json': text })
  return readPullRequest({ ...ENV, GITHUB_EVENT_PATH: path.join(folder, 'event.json'), ...env })
}

describe('the pull request of a run', () => {
  test('is that of its event', async () => {
    expect(await read({ pull_request: PULL_REQUEST })).toEqual({
      number: 7,
      repository: 'octo-org/hello',
      apiUrl: 'https://github.example/api/v3',
      sha: 'head0000',
      runId: '42',
      runUrl: 'https://github.example/octo-org/hello/actions/runs/42',
      workflow: 'octo-org/hello/.github/workflows/deploy.yml',
      job: 'preview',
    })
  })

  test('has the commit that is checked out where that is not its head', async () => {
    const env = { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_SHA: 'base0000' }
    expect(await read({ pull_request: PULL_REQUEST }, env)).toMatchObject({ sha: 'base0000' })
  })

  test('is the one that a comment is on', async () => {
    const event = { issue: { number: 8, pull_request: { url: 'x' } }, comment: { id: 1 } }
    const env = { GITHUB_EVENT_NAME: 'issue_comment' }
    expect(await read(event, env)).toMatchObject({ number: 8, sha: 'merge0000' })
  })

  test.each<[string, unknown]>([
    ['a push', { ref: 'refs/heads/main', after: '0' }],
    ['a comment on an issue', { issue: { number: 8 } }],
    ['the end of another workflow', { workflow_run: { pull_requests: [{ number: 9 }] } }],
    ['a number that is none', { pull_request: { number: '7' } }],
    ['a negative number', { pull_request: { number: -7 } }],
    ['a fraction', { pull_request: { number: 7.5 } }],
    ['no pull request', { pull_request: null }],
    ['a list', []],
    ['nothing', null],
    ['no JSON', 'no JSON'],
  ])('is not guessed from %s', async (_, event) => {
    expect(await read(event)).toBeUndefined()
  })

  test.each([{ GITHUB_EVENT_PATH: '/nowhere/event.json' }, { GITHUB_EVENT_PATH: '' }])(
    'is unknown without the file of the event: %j',
    async (env) => {
      expect(await read({ pull_request: PULL_REQUEST }, env)).toBeUndefined()
    },
  )

  test('is on github.com unless the runner says otherwise', async () => {
    const env = { GITHUB_API_URL: undefined, GITHUB_SERVER_URL: undefined }
    expect(await read({ pull_request: PULL_REQUEST }, env)).toMatchObject({
      apiUrl: 'https://api.github.com',
      runUrl: 'https://github.com/octo-org/hello/actions/runs/42',
    })
  })
})
